"""Aggregates owned by another system: one row each, the newest version of the source wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from events.envelope import AnyEnvelope
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.rows import HEAD, Codec, Row, number
from shared.adapters.writes import Write, put_newer
from shared.domain.identity import ExternalRef
from shared.domain.source import Applied
from shared.faults import BusinessException

T = TypeVar("T")


class DynamoSourced(Generic[T]):
    """pk <PREFIX>#<id>, sk HEAD; ext, system, kind, canonical: the source's own id, for the look-up by any id."""

    kind: ClassVar[str]
    prefix: ClassVar[str]

    def __init__(self, table: DynamoTable, of: type[T]) -> None:
        self._table, self._codec = table, Codec(of)

    def find(self, aggregate_id: str) -> T | None:
        row = self._table.get(f"{self.prefix}#{aggregate_id}", HEAD)
        return self._codec.load(row) if row else None

    def get(self, aggregate_id: str) -> T:
        found = self.find(aggregate_id)
        if found is None:
            raise BusinessException(f"{self.kind}_unknown", **{f"{self.kind}_id": aggregate_id})
        return found

    def save(self, aggregate: T, *, sequence: int, events: Sequence[AnyEnvelope] = ()) -> Applied:
        aggregate_id = str(getattr(aggregate, f"{self.kind}_id"))
        ref: ExternalRef = aggregate.ref  # type: ignore[attr-defined]
        row: Row = {
            "pk": f"{self.prefix}#{aggregate_id}",
            "sk": HEAD,
            "sequence": sequence,
            "body": self._codec.dump(aggregate),
            **found_by(ref, aggregate_id),
            **self.listed(aggregate),
        }
        try:
            write_with_events(self._table, [put_newer(row), *self.beside(row)], events)
        except Refused as refused:
            return repeated(refused.rows[0], sequence)
        return Applied.NEW

    def beside(self, row: Row) -> Sequence[Write]:
        """What else stands in the table with a version, written in the same transaction."""
        return []

    def listed(self, aggregate: T) -> Mapping[str, str]:
        """gsi1pk and gsi1sk, where it is listed by an owner."""
        return {}


def found_by(ref: ExternalRef, canonical_id: str) -> Row:
    """What by_external_id finds: everything in any system with this id."""
    return {"ext": ref.id, "system": ref.system, "kind": ref.kind, "canonical": canonical_id}


def repeated(standing: Row | None, sequence: int) -> Applied:
    """What a refused version was: the one that stands, or one before it."""
    return Applied.DUPLICATE if standing and number(standing, "sequence") == sequence else Applied.STALE
