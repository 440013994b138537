"""Records that are committed and not yet to be seen: the late half of a request that timed out.

Source: notes, section 4: after a timed-out POST the look-up can be 404 now and 200 a minute later.
"""

from __future__ import annotations

from contextvars import ContextVar

from sandbox.kit.clock import MovedClock
from sandbox.netsuite.book import Change

hide_for_s: ContextVar[float] = ContextVar("hide_for_s", default=0.0)
"""Set by the fault layer around one request: its new records stay unseen that long."""


class Visibility:
    def __init__(self, clock: MovedClock) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}

    def note(self, changes: list[Change]) -> None:
        seconds = hide_for_s.get()
        if seconds > 0:
            until = self._clock.now().timestamp() + seconds
            self._until.update({(c.kind, c.record_id): until for c in changes if c.is_new})

    def hidden(self, kind: str, record_id: str) -> bool:
        until = self._until.get((kind, record_id)) if self._until else None
        if until is None:
            return False
        if until > self._clock.now().timestamp():
            return True
        del self._until[kind, record_id]
        return False
