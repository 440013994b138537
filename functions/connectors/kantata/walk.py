"""Walking a list that changes while it is read, one page per call, by a cursor on `updated_at`.

Within a scan the place is the last row's time (less a second), not a page number: a row that changes moves to the end and
would shift the pages behind it. Only rows of one and the same second go by page number. A finished scan begins again an
overlap before the newest row seen, because a row may become visible late; what was handled there is remembered by mark.

Kantata's times end at the second. A row of the very second in which it was read may change again within it, so it is
left for the next call. Source: docs/connectors/kantata.md, "Cursors".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.reading import instant

KEPT = 4000
"""Marks remembered. Beyond, a row read again is a duplicate that the outbox refuses: slower, never wrong."""


@dataclass(frozen=True)
class Place:
    """after: rows changed since are asked for. newest: the newest change handled; newest_seen_at: when, by our clock."""

    after: datetime
    page: int = 1
    newest: datetime | None = None
    newest_seen_at: datetime | None = None
    seen: tuple[str, ...] = ()

    @classmethod
    def read(cls, cursor: Mapping[str, Any], beginning: datetime) -> Place:
        if not cursor:
            return cls(beginning)
        return cls(
            after=instant(cursor["after"]),
            page=int(cursor["page"]),
            newest=instant(cursor["newest"]) if cursor.get("newest") else None,
            newest_seen_at=instant(cursor["newest_seen_at"]) if cursor.get("newest_seen_at") else None,
            seen=tuple(cursor.get("seen", ())),
        )

    def as_cursor(self) -> dict[str, Any]:
        return {
            "after": self.after.isoformat(),
            "page": self.page,
            "newest": self.newest.isoformat() if self.newest else None,
            "newest_seen_at": self.newest_seen_at.isoformat() if self.newest_seen_at else None,
            "seen": list(self.seen),
        }


def mark(id_: object, changed: object) -> str:
    return hashlib.blake2s(f"{id_}@{changed}".encode(), digest_size=5).hexdigest()


def settled(row: Row, page: Page, changed: str) -> bool:
    """False while the second of its last change is not over by the vendor's own clock."""
    return page.answered_at is None or instant(row[changed]).replace(microsecond=0) != page.answered_at


def fresh_rows(page: Page, place: Place, changed: str) -> list[Row]:
    """Rows of this page not handled before, each (id, change) once."""
    seen = set(place.seen)
    fresh = []
    for row in page.rows:
        key = mark(row["id"], row[changed])
        if key not in seen and settled(row, page, changed):
            seen.add(key)
            fresh.append(row)
    return fresh


def next_place(
    place: Place, page: Page, handled: Sequence[Row], changed: str, *, size: int, overlap: timedelta, now: datetime
) -> tuple[Place, int | None]:
    """Where the next call begins, and in how many seconds it is due: 0 for the next page, 1 while a row is not settled,
    None when the list is read to its end."""
    times = [instant(row[changed]) for row in handled]
    newest = max([*times, *([place.newest] if place.newest else [])], default=None)
    seen_at = now if newest != place.newest else place.newest_seen_at
    seen = tuple([*place.seen, *(mark(row["id"], row[changed]) for row in handled)][-KEPT:])
    waiting = any(not settled(row, page, changed) for row in page.rows)
    if len(page.rows) >= size and not waiting:
        last = instant(page.rows[-1][changed]) - timedelta(seconds=1)
        on = Place(last, 1, newest, seen_at, seen) if last > place.after else None
        return on or Place(place.after, place.page + 1, newest, seen_at, seen), 0
    quiet = seen_at is not None and now - seen_at > overlap
    floor = place.after if newest is None else newest - (timedelta(seconds=1) if quiet else overlap)
    return Place(floor, 1, newest, seen_at, seen), 1 if waiting else None
