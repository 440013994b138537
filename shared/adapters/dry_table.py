"""The table for a dry run: it reads what stands, keeps what is written to itself, and nobody else ever sees that.

The very steps that would write run on it, conditions and all, so that what they would do is what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.adapters.dynamo_table import _INDEX_KEYS, DynamoTable, Refused
from shared.adapters.expressions import Expression
from shared.adapters.rows import Row, as_row
from shared.adapters.writes import Write, put

Key = tuple[str, str]


class DryTable(DynamoTable):
    """under: the table that is read. It holds no client: there is no way to write through it."""

    def __init__(self, under: DynamoTable) -> None:
        self._under, self.clock = under, under.clock
        self._own: dict[Key, Row | None] = {}
        """What was written here; None: deleted here."""

    def changes(self) -> dict[Key, tuple[Row | None, Row | None]]:
        """Every row written here: as it stands underneath, as it would be; None: there is none."""
        return {key: (self._under.get(*key), row) for key, row in self._own.items()}

    def events_between(self, start: str, to: str) -> Iterator[Row]:
        yield from self._under.events_between(start, to)

    def get(self, pk: str, sk: str) -> Row | None:
        return self._mine(pk, sk) if (pk, sk) in self._own else self._under.get(pk, sk)

    def get_all(self, keys: Sequence[Key]) -> dict[Key, Row]:
        found = self._under.get_all([key for key in keys if key not in self._own])
        mine = {key: self._own[key] for key in keys if key in self._own}
        return found | {key: dict(row) for key, row in mine.items() if row is not None}

    def of(self, pk: str, sk_prefix: str = "") -> Iterator[Row]:
        rows = [row for row in self._under.of(pk, sk_prefix) if (pk, str(row["sk"])) not in self._own]
        rows += [dict(row) for (own, sk), row in self._own.items() if row and own == pk and sk.startswith(sk_prefix)]
        yield from sorted(rows, key=lambda row: str(row["sk"]))

    def count_of(self, pk: str, sk_prefix: str) -> int:
        return sum(1 for _ in self.of(pk, sk_prefix))

    def by(self, index: str, owner: str, *, after: str | None = None, prefix: str | None = None) -> Iterator[Row]:
        partition, sort = _INDEX_KEYS[index]
        rows = [row for row in self._under.by(index, owner, after=after, prefix=prefix) if not self._is_own(row)]
        for row in self._own.values():
            if row is None or row.get(partition) != owner or sort not in row:
                continue
            at = str(row[sort])
            if at > after if after is not None else at.startswith(prefix or ""):
                rows.append(dict(row))
        yield from sorted(rows, key=lambda row: (str(row[sort]), str(row["pk"]), str(row["sk"])))

    def count(self, index: str, owner: str) -> int:
        return sum(1 for _ in self.by(index, owner))

    def put_all(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self.write(put(row))

    def write(self, *writes: Write) -> None:
        refused: dict[int, Row | None] = {}
        changed: dict[Key, Row | None] = {}
        for place, write in enumerate(writes):
            ((kind, body),) = write.items()
            key, standing = self._standing(kind, body)
            if not _held(body, standing):
                refused[place] = standing if "ReturnValuesOnConditionCheckFailure" in body else None
            elif kind != "ConditionCheck":
                changed[key] = _after(kind, body, key, standing)
        if refused:
            raise Refused(refused)
        self._own |= changed

    def _standing(self, kind: str, body: Mapping[str, Any]) -> tuple[Key, Row | None]:
        named = as_row(body["Item"] if kind == "Put" else body["Key"])
        key = str(named["pk"]), str(named["sk"])
        return key, self.get(*key)

    def _mine(self, pk: str, sk: str) -> Row | None:
        row = self._own[pk, sk]
        return dict(row) if row is not None else None

    def _is_own(self, row: Row) -> bool:
        return (str(row["pk"]), str(row["sk"])) in self._own


def _held(body: Mapping[str, Any], standing: Row | None) -> bool:
    text = body.get("ConditionExpression")
    return text is None or _expression(text, body).holds(standing)


def _after(kind: str, body: Mapping[str, Any], key: Key, standing: Row | None) -> Row | None:
    if kind == "Delete":
        return None
    if kind == "Put":
        return as_row(body["Item"])
    start: Row = standing if standing is not None else {"pk": key[0], "sk": key[1]}
    return _expression(body["UpdateExpression"], body).applied(start)


def _expression(text: str, body: Mapping[str, Any]) -> Expression:
    names = body.get("ExpressionAttributeNames", {})
    return Expression(text, names, body.get("ExpressionAttributeValues", {}))
