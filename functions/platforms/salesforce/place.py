"""Where a walk over changed records stands: by (SystemModstamp, Id), page after page, read back with an overlap.

A page begins behind the last row of the one before, so that records changed while it goes on shift nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.platforms.salesforce.soql import instant, quoted

KEPT = 4000
"""Versions remembered, newest first. A record beyond them is read again and announces nothing new: slower, never wrong."""
_START = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """newest: the newest change seen. behind: the last row of the page before, None at the beginning of a pass.

    seen: by record the version handed on, for the overlap.
    """

    newest: datetime = _START
    behind: tuple[datetime, str] | None = None
    seen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: Mapping[str, Any], beginning: datetime = _START) -> Place:
        if not cursor:
            return cls(beginning)
        behind = cursor.get("behind")
        return cls(
            datetime.fromisoformat(cursor["newest"]),
            (datetime.fromisoformat(behind[0]), behind[1]) if behind else None,
            dict(cursor["seen"]),
        )

    def as_cursor(self) -> dict[str, Any]:
        behind = [self.behind[0].isoformat(), self.behind[1]] if self.behind else None
        return {"newest": self.newest.isoformat(), "behind": behind, "seen": dict(self.seen)}

    def condition(self, overlap: timedelta) -> str:
        """What the next page begins with, for WHERE."""
        return changed_since(self.newest - overlap, behind=self.behind)

    def is_new(self, record_id: str, changed_at: datetime) -> bool:
        return self.seen.get(record_id) != changed_at.isoformat()

    def after(self, rows: Sequence[tuple[datetime, str]], overlap: timedelta, *, more: bool) -> Place:
        """rows: (change, record) of the page, in order."""
        newest = max([self.newest, *(at for at, _ in rows)])
        versions = {**self.seen, **{record: at.isoformat() for at, record in rows}}
        kept = sorted(versions.items(), key=lambda version: datetime.fromisoformat(version[1]), reverse=True)[:KEPT]
        seen = {record: at for record, at in kept if datetime.fromisoformat(at) >= newest - overlap}
        return Place(newest, rows[-1] if more else None, seen)


def changed_since(at: datetime, *, behind: tuple[datetime, str] | None = None) -> str:
    """Changed at or after an instant; behind: past this (change, id), the last row of the page before."""
    if behind is None:
        return f"SystemModstamp >= {instant(at)}"
    last, record = instant(behind[0]), quoted(behind[1])
    return f"(SystemModstamp > {last} OR (SystemModstamp = {last} AND Id > {record}))"
