"""Parked deliveries: pk PARK#<what it waits for>, sk <event id>; by_owner PARKED / <parked at>#<event id>."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import Codec, Row, moment, text
from shared.adapters.writes import delete, delete_where, put
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
        return [_parked(row) for row in rows]

    def all(self) -> Iterator[Parked]:
        for row in self._table.by("by_owner", "PARKED"):
            yield _parked(row)

    def unpark(self, parked: Parked) -> None:
        key = f"PARK#{parked.waiting_for}", parked.event_id
        if parked.parked_at is None:
            self._table.write(delete(*key))
            return
        with suppress(Refused):  # parked again meanwhile: that one waits on
            self._table.write(delete_where(*key, "parked_at = :at", {":at": moment(parked.parked_at)}))


def _parked(row: Row) -> Parked:
    return replace(_PARKED.load(row), parked_at=datetime.fromisoformat(text(row, "parked_at")))
