"""From the outbox to EventBridge: every entry's answer is read, every event that cannot go is parked by itself.

The sandbox's emulator runs a failing stream batch again every second for ever, and AWS for a day: so only a bus that
takes nothing at all is an error here. An event left behind keeps its mark, and the sweep takes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from events.envelope import BUS_SOURCE
from shared.adapters.aws_faults import aws_faults
from shared.adapters.bus_entry import OutboxRow, Unpublishable, as_entry, size_of, stream_row
from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.event_rows import SHARDS
from shared.adapters.rows import moment, text
from shared.faults import Fault, Poison, Throttled, Transient
from shared.ports.flow import Documents, Queues, Relayed

PARKED_QUEUE = "outbox-parked"
_ENTRIES, _BYTES, _TRIES = 10, 250_000, 3
_SWEPT_AT_ONCE = 500
_MALFORMED = frozenset({"InvalidArgument", "InvalidDetail", "MalformedDetail"})


Batch = list[tuple[OutboxRow, dict[str, Any]]]


@dataclass(slots=True)
class _Tally:
    published: int = 0
    parked: int = 0
    left: int = 0

    def frozen(self) -> Relayed:
        return Relayed(self.published, self.parked, self.left)


class EventBridgePublisher:
    """bus: its name. documents: where a body past the bus's size waits to be fetched."""

    def __init__(self, client: Any, bus: str, table: DynamoTable, documents: Documents, queues: Queues) -> None:
        self._client, self._bus, self._table, self._documents, self._queues = client, bus, table, documents, queues

    def relay(self, records: Sequence[Mapping[str, Any]]) -> Relayed:
        tally, rows = _Tally(), []
        for record in records:
            try:
                if row := stream_row(record):
                    rows.append(row)
            except Unpublishable as bad:
                self._park(None, bad.code, json.dumps(record, default=str), tally)
        self._publish(rows, tally)
        return tally.frozen()

    def sweep(self, older_than: timedelta) -> Relayed:
        before, tally = moment(self._table.clock.now() - older_than), _Tally()
        stale: list[OutboxRow] = []
        for shard in range(SHARDS):
            for row in self._table.by("by_unpublished", str(shard)):
                if text(row, "written_at") <= before:
                    stale.append(OutboxRow(row))
                if len(stale) >= _SWEPT_AT_ONCE * (shard + 1) // SHARDS:
                    break
        self._publish(stale, tally)
        return tally.frozen()

    def send_again(self, envelope: str) -> None:
        """The row keeps the marks it has: whether this event stands in the table makes no difference here."""
        try:
            event_id = json.loads(envelope)["id"]
            entry = as_entry(OutboxRow({"pk": f"EVT#{event_id}", "body": envelope}), self._bus, self._documents)
        except (ValueError, TypeError, KeyError):
            raise Poison("event_unpublishable", why="event_no_envelope") from None
        except Unpublishable as bad:
            raise Poison("event_unpublishable", why=bad.code) from None
        with aws_faults(bus=self._bus):
            answer = self._client.put_events(Entries=[entry])
        if answer.get("FailedEntryCount"):
            code = str(answer["Entries"][0].get("ErrorCode"))
            if code in _MALFORMED:
                raise Poison("event_unpublishable", why=code)
            raise Transient("bus_takes_nothing", bus=self._bus)

    def _publish(self, rows: Iterable[OutboxRow], tally: _Tally) -> None:
        """Raises Transient or Throttled when the first batch of all is refused as a whole."""
        good: Batch = []
        for row in rows:
            try:
                good.append((row, as_entry(row, self._bus, self._documents)))
            except Unpublishable as bad:
                self._park(row, bad.code, row.body, tally)
        for batch in _batches(good):
            self._put(batch, tally)

    def _put(self, left: Batch, tally: _Tally) -> None:
        refusal: Fault = Transient("bus_takes_nothing", bus=self._bus)
        for _ in range(_TRIES):
            try:
                left = self._put_once(left, tally)
            except (Transient, Throttled) as fault:
                refusal = fault
                break
            if not left:
                return
        tally.left += len(left)
        if not tally.published and not tally.parked:
            raise refusal

    def _put_once(self, batch: Batch, tally: _Tally) -> Batch:
        """What must be tried again."""
        with aws_faults(bus=self._bus):
            answer = self._client.put_events(Entries=[entry for _, entry in batch])
        again, gone = [], []
        for (row, entry), result in zip(batch, answer["Entries"], strict=True):
            code = result.get("ErrorCode") if answer.get("FailedEntryCount") else None
            if code is None:
                tally.published += 1
                gone.append(row)
            elif code in _MALFORMED:
                self._park(row, f"bus_refused_{code.lower()}", row.body, tally)
            else:
                again.append((row, entry))
        self._mark(gone, "published_at")
        return again

    def _park(self, row: OutboxRow | None, code: str, body: str, tally: _Tally) -> None:
        """Where a person looks at it; unmarked only after it is safe there."""
        event_id = row.event_id if row else None
        told = json.dumps({"event_id": event_id, "code": code, "source": BUS_SOURCE, "body": body[:_BYTES]})
        self._queues.send(PARKED_QUEUE, [told])
        if row:
            self._mark([row], "parked_at")
        tally.parked += 1

    def _mark(self, rows: Sequence[OutboxRow], what: str) -> None:
        """A mark that fails is left to the sweep, which publishes once more: consumers know the id.

        The row is written again as it came, without `unpublished`: many in one call, where an update is one each.
        """
        now = moment(self._table.clock.now())
        marked = [{name: value for name, value in each.row.items() if name != "unpublished"} for each in rows]
        with suppress(Fault):
            self._table.put_all([row | {what: now} for row in marked])


def _batches(entries: Batch) -> Iterator[Batch]:
    batch: Batch = []
    size = 0
    for row, entry in entries:
        bytes_ = size_of(entry)
        if batch and (len(batch) == _ENTRIES or size + bytes_ > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append((row, entry))
        size += bytes_
    if batch:
        yield batch
