"""The safety net: won deals changed since the cursor, read back with an overlap. Each goes the way of a webhook.

One page a message; while there is more, the poll asks itself for it. A page begins behind the last row of the one before,
by (SystemModstamp, Id), so that deals changed while it goes on shift nothing.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from functions.connectors.salesforce.mapping import Row
from functions.connectors.salesforce.query import won_since
from functions.connectors.salesforce.webhook import QUEUE
from functions.connectors.salesforce.wiring import SalesforcePorts
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.place import Place
from functions.platforms.salesforce.soql import moment
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input

FEED = "salesforce:opportunities"
POLL_QUEUE = "salesforce-poll"


class Poll(Input):
    feed: str


@queue_worker(Poll, wire=SalesforcePorts.from_env, repeats=True)
def handler(_: Poll, ports: SalesforcePorts) -> dict[str, Any]:
    """Only versions that were not handed on before are; the cursor moves once they are on the queue."""
    cursor, own = ports.cursors.read(FEED), ports.own
    place, overlap = Place.read(cursor), timedelta(minutes=own.overlap_minutes)
    soql = won_since(place.newest - overlap, own, behind=place.behind)
    rows = [version(row) for row in ports.client.query(soql, lane="status")]
    fresh = [deal for at, deal in rows if place.seen.get(deal) != at.isoformat()]
    ports.queues.send(QUEUE, [json.dumps({"opportunity_id": deal, "via": "poll"}) for deal in fresh])
    more = len(rows) >= own.poll_rows
    moved = place.after(rows, overlap, more=more).as_cursor()
    ours = moved == dict(cursor) or ports.cursors.write(FEED, moved, expected=cursor)
    if more and ours:
        ports.queues.send(POLL_QUEUE, [json.dumps({"feed": "opportunities"})])
    return {"found": len(rows), "fresh": len(fresh), "more": more and ours}


def version(row: Row) -> tuple[datetime, str]:
    return moment(row["SystemModstamp"]), record_id(row["Id"])
