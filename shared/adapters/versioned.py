"""Aggregates of our own: one row with a revision, changed by reading, changing and writing if nobody else wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from events.envelope import AnyEnvelope
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.rows import HEAD, Codec, Row, number
from shared.adapters.writes import Write, put_over
from shared.faults import BusinessException, Transient

T = TypeVar("T")
_TRIES = 8


class DynamoVersioned(Generic[T]):
    """What repositories of such aggregates are made with; as_row gives the keys and listings of a record."""

    def __init__(self, table: DynamoTable, of: type[T], kind: str, prefix: str, as_row: Callable[[T], Row]) -> None:
        self.table, self._codec, self._kind, self._prefix, self._as_row = table, Codec(of), kind, prefix, as_row

    def key(self, aggregate_id: str) -> tuple[str, str]:
        return f"{self._prefix}#{aggregate_id}", HEAD

    def find(self, aggregate_id: str) -> T | None:
        row = self.table.get(*self.key(aggregate_id))
        return self.load(row) if row else None

    def get(self, aggregate_id: str) -> T:
        return self.read(aggregate_id)[0]

    def read(self, aggregate_id: str) -> tuple[T, int]:
        """With its revision. Raises BusinessException("<kind>_unknown")."""
        row = self.table.get(*self.key(aggregate_id))
        if row is None:
            raise BusinessException(f"{self._kind}_unknown", **{f"{self._kind}_id": aggregate_id})
        return self.load(row), number(row, "revision")

    def load(self, row: Row) -> T:
        return self._codec.load(row)

    def put(self, aggregate: T, revision: int) -> Write:
        """Refused unless `revision` still stands; 0 for a new one."""
        row = {**self._as_row(aggregate), "revision": revision + 1, "body": self._codec.dump(aggregate)}
        return put_over(row, revision)

    def update(
        self,
        aggregate_id: str,
        change: Callable[[T], T],
        events: Sequence[AnyEnvelope],
        *,
        also: Callable[[T, T], Sequence[Write]] = lambda before, after: (),
    ) -> T:
        """also: what else the change writes, in the same transaction. A change that changes nothing writes nothing."""
        for _ in range(_TRIES):
            before, revision = self.read(aggregate_id)
            after = change(before)
            if after == before:
                return before
            try:
                write_with_events(self.table, [self.put(after, revision), *also(before, after)], events)
                return after
            except Refused:
                continue
        raise Transient("write_conflict", **{f"{self._kind}_id": aggregate_id})
