"""The simulator's clock: the machine's, moved forward on demand so that expiry needs no waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self._ahead = timedelta()
        self._last = EPOCH

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def stamp(self) -> str:
        """Time of a change; strictly later than any before, so stamps order changes."""
        self._last = max(self.now(), self._last + timedelta(microseconds=1))
        return self._last.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def today(self) -> date:
        return self.now().date()

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)

    def reset(self) -> None:
        self._ahead = timedelta()
