"""Walking a list that changes while it is read, one page per call, by a cursor on `updated_at`.

Within a scan the place is the last row's time (less a second), not a page number: a row that changes moves to the end and
would shift the pages behind it. Only rows of one and the same second go by page number. The next scan begins where this
one ended. A row may become visible late, so once per overlap a scan begins two overlaps back instead; what was handled
is remembered by mark.

Kantata's times end at the second. A row of the very second in which it was read may change again within it, so it is
left for the next call. Source: docs/connectors/kantata.md, "Cursors".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.reading import instant

KEPT = 5000
"""Marks remembered. Beyond, a row read again is a duplicate that the outbox refuses: slower, never wrong."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Place:
    """after, page: what is asked for next. newest: the newest change handled. seen: marks of what was handled lately.

    By our own clock, of which only durations count: newest_seen_at, and looked_back_at, when a scan began two overlaps
    back last.
    """

    after: datetime
    page: int = 1
    newest: datetime | None = None
    newest_seen_at: datetime | None = None
    looked_back_at: datetime | None = None
    seen: tuple[str, ...] = ()

    @classmethod
    def read(cls, cursor: Mapping[str, Any], beginning: datetime) -> Place:
        if not cursor:
            return cls(beginning)
        times = {name: instant(cursor[name]) if cursor.get(name) else None for name in _TIMES}
        return cls(instant(cursor["after"]), int(cursor["page"]), **times, seen=tuple(cursor.get("seen", ())))

    def as_cursor(self) -> dict[str, Any]:
        times = {name: moment.isoformat() if (moment := getattr(self, name)) else None for name in _TIMES}
        return {"after": self.after.isoformat(), "page": self.page, **times, "seen": list(self.seen)}


_TIMES = ("newest", "newest_seen_at", "looked_back_at")


def mark(row: Row, changed: str) -> str:
    """The minute of its change, so that old marks can be let go, and a print of (id, change)."""
    print_ = hashlib.blake2s(f"{row['id']}@{row[changed]}".encode(), digest_size=5).hexdigest()
    return f"{_minute(instant(row[changed]))}.{print_}"


def _minute(moment: datetime) -> str:
    return format(int(moment.timestamp()) // 60, "08x")


def settled(row: Row, page: Page, changed: str) -> bool:
    """False while the second of its last change is not over by the vendor's own clock."""
    return page.answered_at is None or instant(row[changed]).replace(microsecond=0) != page.answered_at


def fresh_rows(page: Page, place: Place, changed: str) -> list[Row]:
    """Rows of this page not handled before, each (id, change) once."""
    seen = set(place.seen)
    fresh = []
    for row in page.rows:
        key = mark(row, changed)
        if key not in seen and settled(row, page, changed):
            seen.add(key)
            fresh.append(row)
    return fresh


def next_place(
    place: Place, page: Page, handled: Sequence[Row], changed: str, *, size: int, overlap: timedelta, now: datetime
) -> tuple[Place, int | None]:
    """Where the next call begins, and in how many seconds it is due: 0 for the next page, 1 while a row is not settled,
    None when the list is read to its end."""
    place = _noted(place, handled, changed, overlap, now)
    waiting = [instant(row[changed]) for row in page.rows if not settled(row, page, changed)]
    if len(page.rows) >= size and not waiting:
        last = instant(page.rows[-1][changed]) - SECOND
        onward = replace(place, after=last, page=1) if last > place.after else replace(place, page=place.page + 1)
        return onward, 0
    return _next_scan(place, waiting, overlap, now), 1 if waiting else None


def _noted(place: Place, handled: Sequence[Row], changed: str, overlap: timedelta, now: datetime) -> Place:
    times = [instant(row[changed]) for row in handled]
    newest = max([*times, *([place.newest] if place.newest else [])], default=None)
    if newest is None:
        return place
    kept = _minute(newest - 3 * overlap - timedelta(minutes=1))
    seen = [key for key in (*place.seen, *(mark(row, changed) for row in handled)) if key >= kept]
    seen_at = now if newest != place.newest else place.newest_seen_at
    return replace(place, newest=newest, newest_seen_at=seen_at, seen=tuple(seen[-KEPT:]))


def _next_scan(place: Place, waiting: Sequence[datetime], overlap: timedelta, now: datetime) -> Place:
    """Looking back goes on until a whole overlap after the newest change was seen; then nothing can be late any more."""
    if place.newest is None or place.newest_seen_at is None:
        return replace(place, page=1)
    back = place.looked_back_at or place.newest_seen_at
    if now - back >= overlap and back < place.newest_seen_at + overlap:
        return replace(place, after=place.newest - 2 * overlap, page=1, looked_back_at=now)
    return replace(place, after=min([place.newest, *waiting]) - SECOND, page=1, looked_back_at=back)
