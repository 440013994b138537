"""Events of connectors, which have no state of ours to commit with: written once per id, published by the stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from events.envelope import AnyEnvelope
from shared.adapters.dynamo_table import TRANSACTION_WRITES, DynamoTable, Refused
from shared.adapters.event_rows import SHARDS, event_row, key_of
from shared.adapters.rows import Row, moment, text
from shared.adapters.writes import put_new
from shared.ports.flow import Recorded

_TRANSACTION_BYTES = 3_000_000
"""DynamoDB takes 4 MB."""


class DynamoOutbox:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def record(self, events: Sequence[AnyEnvelope]) -> Recorded:
        """Polls read their overlap again and again, so what stands is read first, which costs a tenth of a refusal."""
        first = {event.id: event for event in events}
        standing = self._table.get_all([key_of(event_id) for event_id in first])
        now = self._table.clock.now()
        rows = [event_row(event, now) for event in first.values() if key_of(event.id) not in standing]
        new = sum(self._write_new(batch) for batch in _batches(rows))
        return Recorded(new, len(events) - new)

    def _write_new(self, rows: list[Row]) -> int:
        """How many were new: another poll may have written some in between."""
        while rows:
            try:
                self._table.write(*(put_new(row) for row in rows))
                return len(rows)
            except Refused as refused:
                rows = [row for place, row in enumerate(rows) if place not in refused.rows]
        return 0

    def unpublished(self, older_than: timedelta) -> Iterator[dict[str, Any]]:
        """Envelopes as JSON objects, oldest happening first within each shard."""
        before = moment(self._table.clock.now() - older_than)
        for shard in range(SHARDS):
            for row in self._table.by("by_unpublished", str(shard)):
                if text(row, "written_at") <= before:
                    yield json.loads(text(row, "body"))


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        bytes_ = len(text(row, "body").encode())
        if batch and (len(batch) == TRANSACTION_WRITES or size + bytes_ > _TRANSACTION_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += bytes_
    if batch:
        yield batch
