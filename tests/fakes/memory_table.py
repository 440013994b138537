"""The table in memory under the real adapters: conditions, transactions and indexes as DynamoDB has them, and its stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.adapters.dry_table import DryTable
from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import Row, as_item
from shared.adapters.writes import Write
from shared.ports.flow import Clock

Key = tuple[str, str]


class NoTable(DynamoTable):
    """Nothing stands in it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def get(self, pk: str, sk: str) -> Row | None:
        return None

    def get_all(self, keys: Sequence[Key]) -> dict[Key, Row]:
        return {}

    def of(self, pk: str, sk_prefix: str = "") -> Iterator[Row]:
        yield from ()

    def by(self, index: str, owner: str, *, after: str | None = None, prefix: str | None = None) -> Iterator[Row]:
        yield from ()

    def events_between(self, start: str, to: str) -> Iterator[Row]:
        yield from ()


class MemoryTable(DryTable):
    """stream: every change of every row, as Lambda gets it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(NoTable(clock))
        self.stream: list[Mapping[str, Any]] = []
        self.events: list[Key] = []
        """Of event rows, in the order they were written."""

    def rows(self) -> dict[Key, Row]:
        return {key: row for key, row in sorted(self._own.items()) if row is not None}

    def write(self, *writes: Write) -> None:
        before = dict(self._own)
        super().write(*writes)
        for key in (key for write in writes if (key := self._key_of(write)) in self._own):
            row, was = self._own[key], before.get(key)
            if row is not was:
                self.stream.append(self._record(key, row))
                if was is None and key[0].startswith("EVT#"):
                    self.events.append(key)

    def change(self, update: Write) -> Row:
        self.write(update)
        named = update["Update"]["Key"]
        standing = self.get(named["pk"]["S"], named["sk"]["S"])
        assert standing is not None
        return standing

    def events_between(self, start: str, to: str) -> Iterator[Row]:
        for (pk, _), row in self.rows().items():
            if pk.startswith("EVT#") and start <= str(row.get("gsi1sk")) <= f"{to}~":
                yield row

    @staticmethod
    def _key_of(write: Write) -> Key:
        ((kind, body),) = write.items()
        named = body["Item"] if kind == "Put" else body["Key"]
        return named["pk"]["S"], named["sk"]["S"]

    def _record(self, key: Key, row: Row | None) -> Mapping[str, Any]:
        told: dict[str, Any] = {
            "Keys": as_item({"pk": key[0], "sk": key[1]}),
            "SequenceNumber": f"{len(self.stream):030}",
            "ApproximateCreationDateTime": self.clock.now().timestamp(),
        }
        if row is not None:
            told["NewImage"] = as_item(row)
        return {"eventName": "REMOVE" if row is None else "MODIFY", "dynamodb": told}
