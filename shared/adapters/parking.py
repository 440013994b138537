"""Parked deliveries: pk PARK#<what it waits for>, sk <event id>; by_owner PARKED / <parked at>#<event id>."""

from __future__ import annotations

from collections.abc import Iterator

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import Codec, Row, moment, text
from shared.adapters.writes import delete, put
from shared.domain.source import Parked

_PARKED = Codec(Parked)


class DynamoParking:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def park(self, parked: Parked) -> None:
        parked_at = moment(self._table.clock.now())
        row: Row = {
            "pk": f"PARK#{parked.waiting_for}",
            "sk": parked.event_id,
            "gsi1pk": "PARKED",
            "gsi1sk": f"{parked_at}#{parked.event_id}",
            "parked_at": parked_at,
            "body": _PARKED.dump(parked),
        }
        self._table.write(put(row))

    def waiting_for(self, waiting_for: str) -> list[Parked]:
        """In the order they were parked."""
        rows = sorted(self._table.of(f"PARK#{waiting_for}"), key=lambda row: text(row, "parked_at"))
        return [_PARKED.load(row) for row in rows]

    def all(self) -> Iterator[Parked]:
        for row in self._table.by("by_owner", "PARKED"):
            yield _PARKED.load(row)

    def unpark(self, parked: Parked) -> None:
        self._table.write(delete(f"PARK#{parked.waiting_for}", parked.event_id))
