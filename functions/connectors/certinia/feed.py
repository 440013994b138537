"""A feed: records of one object that changed, one page per invocation; the cursor moves after the events stand.

The recycle bin is read with them: what was deleted is told as taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from events.envelope import AnyEnvelope
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.reading import Row
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.place import Place
from functions.platforms.salesforce.soql import moment
from shared.faults import Poison

LANE = "poll"
SOON_S = 1
TOLD_S = 5
"""A record told of this lately is left for later if it changed: the event log's index shows what was written a moment
after, and what takes an approval back must find it there."""


@dataclass(frozen=True)
class Feed:
    """soql: of the records that a condition holds for. tell: what these records, as they are now, say to us."""

    name: str
    soql: Callable[[str, CertiniaSettings], str]
    tell: Callable[[Sequence[Row], CertiniaPorts], list[AnyEnvelope]]


def pull(feed: Feed, ports: CertiniaPorts) -> int | None:
    """Reads one page. Returns in how many seconds there is more to read, None if there is none now."""
    key, own = f"{SYSTEM}:{feed.name}", ports.psa
    cursor, overlap = dict(ports.cursors.read(key)), timedelta(minutes=own.overlap_minutes)
    place = Place.read(cursor, ports.clock.now() - timedelta(days=own.look_back_days))
    page = ports.org.read(feed.soql(place.condition(overlap), own), lane=LANE, deleted=True)
    ready = settled(page.rows, page.answered_at, place, own)
    fresh = [row for row in ready if place.is_new(record_id(row["Id"]), moment(row["SystemModstamp"]))]
    record(feed.name, feed.tell(fresh, ports) if fresh else [], ports)
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


def readable(
    feed: str, rows: Iterable[Row], to_event: Callable[[Row], AnyEnvelope | None], ports: CertiniaPorts
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


def record(feed: str, events: Sequence[AnyEnvelope], ports: CertiniaPorts) -> None:
    if not events:
        return
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, feed=feed)
