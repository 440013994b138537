"""The simulator's clock: the machine's, moved forward on demand so that expiry needs no waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sandbox.kit.clock import MovedClock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(MovedClock):
    def __init__(self) -> None:
        super().__init__()
        self._last = EPOCH

    def stamp(self) -> str:
        """Time of a change; strictly later than any before, so stamps order changes."""
        self._last = max(self.now(), self._last + timedelta(microseconds=1))
        return self._last.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def today(self) -> date:
        return self.now().date()
