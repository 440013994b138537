"""Event rows: the outbox and the event log in one. They are never deleted.

pk EVT#<event id>, sk EVT; by_owner SUBJ#<subject> / <time>#<id>; by_correlation <correlation id> / <time>#<id>;
by_unpublished "0".."3" / <time>#<id> until the publisher takes the mark away. `body` is the envelope as JSON text, just
as it goes on the bus.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import datetime

from events.envelope import AnyEnvelope
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import Row, moment
from shared.adapters.writes import Write, put_new
from shared.faults import Poison

EVENT = "EVT"
SHARDS = 4
"""Of the unpublished mark: one key of an index takes 1,000 writes a second."""

LIMIT_BYTES = 380_000
"""DynamoDB's item limit is 400 KB, names and keys included."""


def key_of(event_id: str) -> tuple[str, str]:
    return f"{EVENT}#{event_id}", EVENT


def event_row(event: AnyEnvelope, written_at: datetime) -> Row:
    """Raises Poison("event_too_large")."""
    body = json.dumps(event.as_json(), ensure_ascii=False, separators=(",", ":"))
    if len(body.encode()) > LIMIT_BYTES:
        raise Poison("event_too_large", event_id=event.id, type=event.type)
    pk, sk = key_of(event.id)
    return {
        "pk": pk,
        "sk": sk,
        "gsi1pk": f"SUBJ#{event.subject}",
        "gsi1sk": f"{moment(event.time)}#{event.id}",
        "correlation": event.correlationid,
        "unpublished": str(zlib.crc32(event.id.encode()) % SHARDS),
        "written_at": moment(written_at),
        "type": event.type,
        "body": body,
    }


def new_events(table: DynamoTable, events: Sequence[AnyEnvelope]) -> list[Write]:
    """Their writes, for a transaction whose state is new whenever they are."""
    return [put_new(event_row(event, table.clock.now())) for event in events]


def write_with_events(table: DynamoTable, state: Sequence[Write], events: Sequence[AnyEnvelope]) -> None:
    """State and its events commit together. Raises Refused when a condition of `state` did not hold.

    An event that stands already was announced before and holds nothing up: the rest is written without it.
    """
    now = table.clock.now()
    rows = [put_new(event_row(event, now)) for event in events]
    while True:
        try:
            table.write(*state, *rows)
            return
        except Refused as refused:
            if any(place < len(state) for place in refused.rows):
                raise
            rows = [row for place, row in enumerate(rows, start=len(state)) if place not in refused.rows]
