"""The safety net: won deals changed since the cursor, read back with an overlap. Each goes the way of a webhook.

One page a message; while there is more, the poll asks itself for it. A page begins behind the last row of the one before,
by (SystemModstamp, Id), so that deals changed while it goes on shift nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from functions.connectors.salesforce.ids import record_id
from functions.connectors.salesforce.mapping import Row, modstamp
from functions.connectors.salesforce.query import won_since
from functions.connectors.salesforce.webhook import QUEUE
from functions.connectors.salesforce.wiring import SalesforcePorts
from shared.runtime.queue_worker import queue_worker

FEED = "salesforce:opportunities"
POLL_QUEUE = "salesforce-poll"
KEPT = 4000
"""Versions remembered, newest first. A deal beyond them is read again and announces nothing new: slower, never wrong."""
_START = datetime(2000, 1, 1, tzinfo=UTC)


class Poll(BaseModel):
    feed: str


@dataclass(frozen=True)
class Place:
    """newest: the newest change seen. behind: the last row of the page before, None at the beginning of a pass.

    seen: by deal the version handed on, for the overlap.
    """

    newest: datetime = _START
    behind: tuple[datetime, str] | None = None
    seen: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: Mapping[str, Any]) -> Place:
        if not cursor:
            return cls()
        behind = cursor.get("behind")
        return cls(
            datetime.fromisoformat(cursor["newest"]),
            (datetime.fromisoformat(behind[0]), behind[1]) if behind else None,
            dict(cursor["seen"]),
        )

    def as_cursor(self) -> dict[str, Any]:
        behind = [self.behind[0].isoformat(), self.behind[1]] if self.behind else None
        return {"newest": self.newest.isoformat(), "behind": behind, "seen": dict(self.seen)}

    def after(self, rows: list[tuple[datetime, str]], overlap: timedelta, *, more: bool) -> Place:
        """rows: (change, deal) of the page, in order."""
        newest = max([self.newest, *(at for at, _ in rows)])
        versions = {**self.seen, **{deal: at.isoformat() for at, deal in rows}}
        kept = sorted(versions.items(), key=lambda version: datetime.fromisoformat(version[1]), reverse=True)[:KEPT]
        seen = {deal: at for deal, at in kept if datetime.fromisoformat(at) >= newest - overlap}
        return Place(newest, rows[-1] if more else None, seen)


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
    return modstamp(row["SystemModstamp"]), record_id(row["Id"])
