"""The simulator's clock: the machine's, moved forward on demand so that expiry needs no waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.kit.clock import MovedClock


class Clock(MovedClock):
    def today(self) -> str:
        return self.now().date().isoformat()

    def stamp(self, after: str = "") -> str:
        """Now, as the API writes it; later than `after` by a millisecond at least."""
        text = instant_text(self.now())
        if text > after:
            return text
        return instant_text(datetime.fromisoformat(after) + timedelta(milliseconds=1))


def instant_text(moment: datetime) -> str:
    """Aware UTC -> `2026-01-31T20:05:51.603Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
