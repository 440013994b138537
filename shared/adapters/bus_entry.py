"""One outbox row as an EventBridge entry, checked here because the emulator checks nothing and AWS only late.

An envelope past 200 KB goes on the bus without its data; `dataref` names the document that has it, and the consumer's
wrapper puts it back (shared/runtime/event_consumer.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.envelope import BUS_SOURCE
from shared.adapters.rows import Row, as_row, text
from shared.ports.flow import Documents

LIMIT_BYTES = 200_000
"""Room for what EventBridge adds, under the 256 KB that its targets take."""

_NEEDED = ("id", "type", "subject", "source", "correlationid")


class Unpublishable(Exception):
    """This event can never go on the bus as it is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One event row as the table has it: nothing of it ever changes but its marks."""

    row: Row

    @property
    def event_id(self) -> str:
        return text(self.row, "pk").partition("#")[2]

    @property
    def body(self) -> str:
        return text(self.row, "body")


def stream_row(record: Mapping[str, Any]) -> OutboxRow | None:
    """The new event row of a stream record; None for any other change. Raises Unpublishable for what is no record."""
    try:
        pk = record["dynamodb"]["Keys"]["pk"]["S"]
        if record["eventName"] != "INSERT" or not pk.startswith("EVT#"):
            return None
        row = as_row(record["dynamodb"]["NewImage"])
        row["body"]  # without it there is nothing to publish, which must not pass for a row of another kind
        return OutboxRow(row) if "unpublished" in row else None
    except (KeyError, TypeError, AttributeError, ValueError):
        raise Unpublishable("stream_record_unreadable") from None


def as_entry(row: OutboxRow, bus: str, documents: Documents) -> dict[str, Any]:
    envelope = _envelope(row)
    detail = row.body
    if len(detail.encode()) > LIMIT_BYTES:
        detail = _claim_check(row.event_id, envelope, documents)
    return {"EventBusName": bus, "Source": BUS_SOURCE, "DetailType": envelope["type"], "Detail": detail}


def size_of(entry: Mapping[str, str]) -> int:
    """As EventBridge counts: the texts' bytes, and 14 for the time."""
    return 14 + sum(len(entry[name].encode()) for name in ("Source", "DetailType", "Detail"))


def _envelope(row: OutboxRow) -> dict[str, Any]:
    try:
        envelope = json.loads(row.body)
    except (ValueError, RecursionError):
        raise Unpublishable("event_no_json") from None
    if not isinstance(envelope, dict) or not all(isinstance(envelope.get(name), str) for name in _NEEDED):
        raise Unpublishable("event_no_envelope")
    if envelope["id"] != row.event_id:
        raise Unpublishable("event_id_mismatch")
    return envelope


def _claim_check(event_id: str, envelope: dict[str, Any], documents: Documents) -> str:
    key = f"events/{event_id}.json"
    documents.put(key, json.dumps(envelope["data"], ensure_ascii=False).encode())
    return json.dumps({**envelope, "data": {}, "dataref": key}, ensure_ascii=False, separators=(",", ":"))
