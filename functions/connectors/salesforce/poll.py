"""The safety net: won deals changed since the cursor, read back with an overlap. Each goes the way of a webhook."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from functions.connectors.salesforce.ids import record_id
from functions.connectors.salesforce.mapping import modstamp
from functions.connectors.salesforce.query import won_since
from functions.connectors.salesforce.webhook import QUEUE
from functions.connectors.salesforce.wiring import SalesforcePorts
from shared.runtime.queue_worker import queue_worker

FEED = "salesforce:opportunities"
_START = datetime(2000, 1, 1, tzinfo=UTC)


class Poll(BaseModel):
    feed: str


@queue_worker(Poll, wire=SalesforcePorts.from_env)
def handler(_: Poll, ports: SalesforcePorts) -> dict[str, Any]:
    """Only what is new since the last poll is sent on: within the overlap the versions seen are remembered."""
    cursor = ports.cursors.read(FEED)
    since = datetime.fromisoformat(cursor["since"]) if cursor else _START
    seen = dict(cursor.get("seen", {}))
    rows = ports.client.query(won_since(since - timedelta(minutes=ports.own.overlap_minutes)), lane="status")
    found = {record_id(row["Id"]): modstamp(row["SystemModstamp"]).isoformat() for row in rows}
    fresh = [deal for deal, stamp in found.items() if seen.get(deal) != stamp]
    ports.queues.send(QUEUE, [json.dumps({"opportunity_id": deal, "via": "poll"}) for deal in fresh])
    newest = max((datetime.fromisoformat(stamp) for stamp in found.values()), default=since)
    moved = {"since": max(newest, since).isoformat(), "seen": found}
    if moved != dict(cursor):
        ports.cursors.write(FEED, moved, expected=cursor)
    return {"found": len(found), "fresh": len(fresh)}
