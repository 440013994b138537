"""A simulator's clock: the machine's, moved forward on demand so that expiry needs no waiting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class MovedClock:
    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)

    def reset(self) -> None:
        self._ahead = timedelta()
