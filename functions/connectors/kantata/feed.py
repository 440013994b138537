"""A feed: a list in Kantata that becomes events. One page per invocation; the cursor moves after the events stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.kantata.client import Page, Params, Row
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.settings import MAPPING, SYSTEM
from functions.connectors.kantata.walk import Place, fresh_rows, next_place
from functions.connectors.kantata.whole import whole_list
from shared.faults import Poison
from shared.runtime.heard import keep_heard

LANE = "poll"
SOURCE = f"billweave/connectors/{SYSTEM}"
ToEvent = Callable[[Row, Page, KantataPorts], AnyEnvelope | None]


@dataclass(frozen=True)
class Feed:
    """to_event: None for a row that says nothing to us; Poison for one that cannot be read.

    sorts: whether Kantata sorts this list by change time; one that it does not is read whole.
    """

    name: str
    path: str
    params: Params
    to_event: ToEvent
    sorts: bool = True


def pull(feed: Feed, ports: KantataPorts) -> int | None:
    """Reads one page. Returns in how many seconds there is more to read, None if there is none now."""
    key = f"{SYSTEM}:{feed.name}"
    cursor = dict(ports.cursors.read(key))
    now = ports.clock.now()
    place = Place.read(cursor, now - timedelta(days=ports.psa.look_back_days))
    page = _page(feed, place, ports)
    size = ports.kantata.page_size if feed.sorts else len(page.rows) + 1
    fresh, left = fresh_rows(page, place, "updated_at")
    events = readable(feed.name, fresh, lambda row: feed.to_event(row, page, ports), ports)
    keep_heard(ports, system=SYSTEM, feed=feed.name, mapping=MAPPING, rows=fresh, beside=beside(page), events=events)
    record(feed.name, events, ports)
    overlap = timedelta(minutes=ports.psa.overlap_minutes)
    following, due = next_place(place, page, fresh, left, "updated_at", size=size, overlap=overlap, now=now)
    return due if move(key, cursor, following, ports) else None


def _page(feed: Feed, place: Place, ports: KantataPorts) -> Page:
    params = {**feed.params, "updated_after": stamp(place)}
    if not feed.sorts:
        return whole_list(ports.kantata, feed.path, params, "updated_at", lane=LANE)
    return ports.kantata.page(feed.path, params | {"order": "updated_at:asc"}, lane=LANE, page=place.page)


def beside(page: Page) -> dict[str, Any]:
    """The side-loaded objects; the page's own rows are among them and are left out."""
    own = {id(row) for row in page.rows}
    sides = {kind: {key: row for key, row in rows.items() if id(row) not in own} for kind, rows in page.sides.items()}
    return {"sides": {kind: rows for kind, rows in sides.items() if rows}}


def stamp(place: Place) -> str:
    return place.after.strftime("%Y-%m-%dT%H:%M:%SZ")


def move(key: str, cursor: dict[str, Any], place: Place, ports: KantataPorts) -> bool:
    """False when another poll of this feed moved the cursor meanwhile: that one goes on."""
    following = place.as_cursor()
    return following == cursor or ports.cursors.write(key, following, expected=cursor)


def readable(
    feed: str, rows: Iterable[Row], to_event: Callable[[Row], AnyEnvelope | None], ports: KantataPorts
) -> list[AnyEnvelope]:
    """Events of the rows that can be read. One that cannot is kept raw and counted; it stops no other."""
    events = []
    for row in rows:
        try:
            event = to_event(row)
        except Poison as poison:
            ports.raw.keep(SYSTEM, f"{feed}-unreadable", json.dumps(row, default=str).encode())
            ports.counts.add("poison_received", feed=feed, code=poison.code)
            continue
        if event is not None:
            events.append(event)
    return events


def record(feed: str, events: Sequence[AnyEnvelope], ports: KantataPorts) -> None:
    if not events:
        return
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, feed=feed)
