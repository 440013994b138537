"""A feed: records of one object that changed, one page per invocation; the cursor moves after the events stand.

The recycle bin is read with them: what was deleted is told as taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.envelope import AnyEnvelope
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.reading import Row
from functions.connectors.certinia.settings import MAPPING, SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.place import Place
from functions.platforms.salesforce.soql import moment
from shared.faults import Poison
from shared.runtime.heard import keep_heard

LANE = "poll"
SOON_S = 1
TOLD_S = 5
"""A record told of this lately is left for later if it changed: the event log's index shows what was written a moment
after, and what takes an approval back must find it there."""


def as_they_are(rows: Sequence[Row], ports: CertiniaPorts) -> Sequence[Row]:
    return rows


def nothing(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    return None


@dataclass(frozen=True)
class Feed:
    """soql: of the records that a condition holds for. things: what these are made of, whole, so that each can be mapped by
    itself, now or again. to_event: what a thing says, by itself; otherwise: what it says after all that was told before.
    """

    name: str
    soql: Callable[[str, CertiniaSettings], str]
    to_event: Callable[[Row, CertiniaPorts], AnyEnvelope | None]
    otherwise: Callable[[Row, CertiniaPorts], AnyEnvelope | None] = nothing
    things: Callable[[Sequence[Row], CertiniaPorts], Sequence[Row]] = as_they_are


def pull(feed: Feed, ports: CertiniaPorts) -> int | None:
    """Reads one page. Returns in how many seconds there is more to read, None if there is none now."""
    key, own = f"{SYSTEM}:{feed.name}", ports.psa
    cursor, overlap = dict(ports.cursors.read(key)), timedelta(minutes=own.overlap_minutes)
    place = Place.read(cursor, ports.clock.now() - timedelta(days=own.look_back_days))
    page = ports.org.read(feed.soql(place.condition(overlap), own), lane=LANE, deleted=True)
    ready = settled(page.rows, page.answered_at, place, own)
    fresh = [row for row in ready if place.is_new(record_id(row["Id"]), moment(row["SystemModstamp"]))]
    if fresh:
        tell(feed, feed.things(fresh, ports), ports)
    more = len(page.rows) >= own.page_rows and len(ready) == len(page.rows)
    versions = [(moment(row["SystemModstamp"]), record_id(row["Id"])) for row in ready]
    moved = place.after(versions, overlap, more=more).as_cursor()
    if moved != cursor and not ports.cursors.write(key, moved, expected=cursor):
        return None  # another poll of this feed goes on
    return 0 if more else SOON_S if len(ready) < len(page.rows) else None


def settled(rows: Sequence[Row], now: datetime | None, place: Place, own: CertiniaSettings) -> Sequence[Row]:
    """The rows up to the first that may still change without showing it, by the org's clock."""
    for at, row in enumerate(rows):
        changed, known = moment(row["SystemModstamp"]), record_id(row["Id"])
        if now is None or not place.is_new(known, changed):
            continue
        rest_s = max(own.settle_s, TOLD_S if known in place.seen else 0)
        if rest_s and now - changed < timedelta(seconds=rest_s):
            return rows[:at]
    return rows


def tell(feed: Feed, things: Sequence[Row], ports: CertiniaPorts) -> None:
    """Records what they say; what was mapped, with what it was made of. One that cannot be read is kept raw and counted; it
    stops no other."""
    mapped: list[AnyEnvelope] = []
    others: list[AnyEnvelope] = []
    for thing in things:
        try:
            if (event := feed.to_event(thing, ports)) is not None:
                mapped.append(event)
            elif (other := feed.otherwise(thing, ports)) is not None:
                others.append(other)
        except Poison as poison:
            ports.raw.keep(SYSTEM, f"{feed.name}-unreadable", json.dumps(thing, default=str).encode())
            ports.counts.add("poison_received", feed=feed.name, code=poison.code)
    keep_heard(ports, system=SYSTEM, feed=feed.name, mapping=MAPPING, rows=things, beside={}, events=mapped)
    record(feed.name, [*mapped, *others], ports)


def record(feed: str, events: Sequence[AnyEnvelope], ports: CertiniaPorts) -> None:
    if not events:
        return
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, feed=feed)
