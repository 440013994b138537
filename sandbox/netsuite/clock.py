"""The simulator's clock: the machine's, moved forward on demand so that expiry needs no waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


def instant_text(moment: datetime) -> str:
    """Aware UTC -> `2026-01-31T16:21:00Z`; the vendor keeps whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
