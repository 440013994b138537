"""Rows that are committed and not yet to be seen by those who ask. Source: vendor notes, sections 8 and 12."""

from __future__ import annotations

from contextvars import ContextVar

from sandbox.sap_s4hana.book import Change, Key
from sandbox.sap_s4hana.clock import Clock

hide_for_s: ContextVar[float] = ContextVar("hide_for_s", default=0.0)
"""Set by the fault layer around one request: its new rows stay unseen that long."""


class Visibility:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.hides: dict[tuple[str, Key], float] = {}

    def note(self, changes: list[Change], keys: dict[str, Key]) -> None:
        """keys: table -> names of its key."""
        seconds = hide_for_s.get()
        if seconds > 0:
            until = self._clock.now().timestamp() + seconds
            for change in changes:
                if change.before is None and change.after is not None:
                    key = tuple(str(change.after[name]) for name in keys[change.table])
                    self.hides[change.table, key] = until

    def hidden(self, table: str, key: Key) -> bool:
        until = self.hides.get((table, key)) if self.hides else None
        if until is None:
            return False
        if until > self._clock.now().timestamp():
            return True
        del self.hides[table, key]
        return False
