"""Walking a list that changes while it is read, one page per call, by a cursor on `updated_at`.

Within a scan the place is the last row's time (less a second), not a page number: a row that changes moves to the end and
would shift the pages behind it. Only rows of one and the same second go by page number, and a row that leaves the list
meanwhile moves the others forward, past the page just asked for: such a second is walked again until nothing new is
found in it. The next scan begins where this one ended, less a margin. A row may become visible late, so once per overlap
a scan begins two overlaps back instead; what was handled is remembered by mark.

Kantata's times end at the second. A row of the very second in which it was read may change again within it, so it is
left for the next call. Source: docs/connectors/kantata.md, "Cursors".
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.reading import instant

KEPT = 6000
"""Marks remembered. Beyond, a row read again is a duplicate that the outbox refuses: slower, never wrong."""
MARK = 11
"""Characters of a mark: 64 bits, so that no row is ever taken for another."""
Seen = Mapping[str, str]
"""By minute of change: the marks of what was handled, one behind the other."""
SECOND = timedelta(seconds=1)
MARGIN = timedelta(seconds=10)
"""How far change times may run out of order among rows that are visible at once: servers' clocks differ, and several
changes within a second may be told as several seconds."""


@dataclass(frozen=True)
class Place:
    """after, page: what is asked for next. newest: the newest change handled. seen: marks of what was handled lately.

    unsure: something new was found in this second since its first page was asked for.
    By our own clock, of which only durations count: newest_seen_at, and looked_back_at, when a scan began two overlaps
    back last.
    """

    after: datetime
    page: int = 1
    newest: datetime | None = None
    newest_seen_at: datetime | None = None
    looked_back_at: datetime | None = None
    seen: Seen = field(default_factory=dict)
    unsure: bool = False

    @classmethod
    def read(cls, cursor: Mapping[str, Any], beginning: datetime) -> Place:
        if not cursor:
            return cls(beginning)
        times = {name: instant(cursor[name]) if cursor.get(name) else None for name in _TIMES}
        unsure, seen = bool(cursor.get("unsure", False)), dict(cursor.get("seen", {}))
        return cls(instant(cursor["after"]), int(cursor["page"]), **times, seen=seen, unsure=unsure)

    def as_cursor(self) -> dict[str, Any]:
        times = {name: moment.isoformat() if (moment := getattr(self, name)) else None for name in _TIMES}
        place = {"after": self.after.isoformat(), "page": self.page, "unsure": self.unsure}
        return {**place, **times, "seen": dict(self.seen)}


_TIMES = ("newest", "newest_seen_at", "looked_back_at")


def mark(row: Row, changed: str) -> str:
    """A print of (id, change)."""
    digest = hashlib.blake2s(f"{row['id']}@{row[changed]}".encode(), digest_size=8).digest()
    return urlsafe_b64encode(digest).decode()[:MARK]


def _marks(seen: Seen) -> set[str]:
    return {text[place : place + MARK] for text in seen.values() for place in range(0, len(text), MARK)}


def _with_marks(seen: Seen, rows: Iterable[Row], changed: str, oldest: str) -> Seen:
    """Minutes before `oldest` are let go, and the oldest beyond KEPT. What is being walked must be known again: else its
    rows were new on every round, and the walk would never end."""
    kept = {minute: text for minute, text in seen.items() if minute >= oldest}
    for row in rows:
        minute = _minute(instant(row[changed]))
        if minute >= oldest:
            kept[minute] = kept.get(minute, "") + mark(row, changed)
    while sum(map(len, kept.values())) > KEPT * MARK and len(kept) > 1:
        del kept[min(kept)]
    return kept


def _minute(moment: datetime) -> str:
    return format(int(moment.timestamp()) // 60, "08x")


def settled(row: Row, page: Page, changed: str) -> bool:
    """False while the second of its last change is not over by the vendor's own clock."""
    return page.answered_at is None or instant(row[changed]).replace(microsecond=0) != page.answered_at


def fresh_rows(page: Page, place: Place, changed: str) -> tuple[list[Row], list[Row]]:
    """Rows of this page not handled before, each (id, change) once: those that are ready, those left for later."""
    seen = _marks(place.seen)
    ready: list[Row] = []
    left: list[Row] = []
    for row in page.rows:
        key = mark(row, changed)
        if key in seen:
            continue
        seen.add(key)
        (ready if settled(row, page, changed) else left).append(row)
    return ready, left


def next_place(
    place: Place,
    page: Page,
    handled: Sequence[Row],
    left: Sequence[Row],
    changed: str,
    *,
    size: int,
    overlap: timedelta,
    now: datetime,
) -> tuple[Place, int | None]:
    """Where the next call begins, and in how many seconds it is due: 0 for the next page, 1 while rows were left for
    later, None when the list is read to its end."""
    place = _noted(place, handled, changed, overlap, now)
    if left and place.page > 1:  # rows of the second it walks by page may have moved to pages it has read
        return replace(place, page=1, unsure=False), 1
    if left:
        earliest = min(instant(row[changed]) for row in left) - SECOND
        return replace(place, after=max(place.after, earliest), page=1, unsure=False), 1
    unsure = place.unsure or bool(handled)
    last = instant(page.rows[-1][changed]) - SECOND if len(page.rows) >= size else None
    if last is not None and last <= place.after:
        return replace(place, page=place.page + 1, unsure=unsure), 0
    if place.page > 1 and unsure:
        return replace(place, page=1, unsure=False), 0
    place = replace(place, unsure=False)
    return (_next_scan(place, overlap, now), None) if last is None else (replace(place, after=last, page=1), 0)


def _noted(place: Place, handled: Sequence[Row], changed: str, overlap: timedelta, now: datetime) -> Place:
    times = [instant(row[changed]) for row in handled]
    newest = max([*times, *([place.newest] if place.newest else [])], default=None)
    if newest is None:
        return place
    oldest = _minute(min(newest - 3 * overlap - timedelta(minutes=1), place.after))
    seen = _with_marks(place.seen, handled, changed, oldest)
    seen_at = now if newest != place.newest else place.newest_seen_at
    return replace(place, newest=newest, newest_seen_at=seen_at, seen=seen)


def _next_scan(place: Place, overlap: timedelta, now: datetime) -> Place:
    """Looking back goes on until a whole overlap after the newest change was seen; then nothing can be late any more.

    Else the next scan begins a margin before the newest change, and once that is some time ago at the change itself.
    """
    if place.newest is None or place.newest_seen_at is None:
        return replace(place, page=1)
    back = place.looked_back_at or place.newest_seen_at
    if now - back >= overlap and back < place.newest_seen_at + overlap:
        return replace(place, after=place.newest - 2 * overlap, page=1, looked_back_at=now)
    recent = now - place.newest_seen_at <= 3 * MARGIN
    return replace(place, after=place.newest - (MARGIN if recent else timedelta(0)), page=1, looked_back_at=back)
