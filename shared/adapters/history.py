"""What every row became, kept beside the table: enough to make the table again, to the byte of its canonical form.

Objects history/<day>/<sequence of the first change, 40 digits>-<changes>.jsonl, one line per change as the table's stream told
it: {"sequence", "at", "pk", "sk", "row"}, the row as DynamoDB writes it, null where it was deleted. A key's changes lie in
one shard and so in rising order; the same batch told twice is the same object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.row_difference import canonical
from shared.adapters.rows import Row, as_row, number
from shared.adapters.writes import Write, put_new, put_where
from shared.domain.source import Applied
from shared.ports.flow import Documents, PutBack, Told

PREFIX = "history/"
PASSING = ("CNT#", "SLOT#", "ACCOUNT#")
"""Counts and slots: how busy it was, not what was decided."""

SKEW = timedelta(days=1)
"""Objects lie under the day of their first change; what is looked for may stand in the one before."""


@dataclass(frozen=True, slots=True)
class Change:
    sequence: int
    at: datetime
    key: tuple[str, str]
    row: Row | None


class StateHistory:
    def __init__(self, table: DynamoTable, documents: Documents) -> None:
        self._table, self._documents = table, documents

    def keep(self, records: Sequence[Mapping[str, Any]]) -> int:
        lines = [line for record in records if (line := line_of(record))]
        if lines:
            first, day = int(lines[0]["sequence"]), str(lines[0]["at"])[:10]
            body = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
            self._documents.put(f"{PREFIX}{day}/{first:040}-{len(lines)}.jsonl", body.encode(), "application/jsonl")
        return len(lines)

    def put_back(self, told: Told) -> PutBack:
        """The last that is known of each row, by `to`, where it is gone or stands older; a younger one is left as it is.

        A deletion is a change like any other: what was deleted by mistake comes back only by a `to` before it.
        """
        found = {Applied.NEW: 0, Applied.DUPLICATE: 0, Applied.STALE: 0}
        for change in last_of_each(self._changes(told)).values():
            if change.row is not None and wanted(change, told):
                found[self._put_back(change.row)] += 1
        return PutBack(found[Applied.NEW], found[Applied.DUPLICATE], found[Applied.STALE])

    def _changes(self, told: Told) -> Iterator[Change]:
        first = (told.start - SKEW).date().isoformat() if told.start else ""
        last = (told.to + SKEW).date().isoformat() if told.to else "~"
        for key in self._documents.keys(PREFIX):
            if first <= key.removeprefix(PREFIX) and key.removeprefix(PREFIX)[:10] <= last:
                found = map(read, self._documents.get(key).decode().splitlines())
                yield from (change for change in found if told.to is None or change.at <= told.to)

    def _put_back(self, row: Row) -> Applied:
        standing = self._table.get(str(row["pk"]), str(row["sk"]))
        if standing is not None and canonical(standing) == canonical(row):
            return Applied.DUPLICATE
        if standing is not None and not is_older(standing, row):
            return Applied.STALE
        try:
            self._table.write(over(standing, row))
        except Refused:
            return Applied.STALE  # somebody wrote it meanwhile
        return Applied.NEW


def line_of(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """One record of the stream (NEW_AND_OLD_IMAGES) -> one line; None for what is no state."""
    told = record["dynamodb"]
    pk, sk = told["Keys"]["pk"]["S"], told["Keys"]["sk"]["S"]
    if pk.startswith(PASSING):
        return None
    at = datetime.fromtimestamp(float(told["ApproximateCreationDateTime"]), UTC)
    image = None if record["eventName"] == "REMOVE" else told["NewImage"]
    return {"sequence": str(told["SequenceNumber"]), "at": at.isoformat(), "pk": pk, "sk": sk, "row": image}


def read(line: str) -> Change:
    told = json.loads(line)
    row = as_row(told["row"]) if told["row"] is not None else None
    return Change(int(told["sequence"]), datetime.fromisoformat(told["at"]), (told["pk"], told["sk"]), row)


def last_of_each(changes: Iterator[Change]) -> dict[tuple[str, str], Change]:
    found: dict[tuple[str, str], Change] = {}
    for change in changes:
        if change.key not in found or found[change.key].sequence < change.sequence:
            found[change.key] = change
    return dict(sorted(found.items()))


def wanted(change: Change, told: Told) -> bool:
    """By what its key or its type begins with, and by anything in it that is the thread's id."""
    assert change.row is not None
    if told.start and change.at < told.start:
        return False
    if told.type and not change.key[0].startswith(told.type):
        return False
    return not told.correlation or told.correlation in json.dumps(change.row)


def is_older(standing: Row, row: Row) -> bool:
    """Both say which version they are, and the one that stands is not past the other."""
    return all(
        name in standing and name in row and number(standing, name) <= number(row, name)
        for name in ({"revision", "sequence"} & {*standing, *row})
    ) and bool({"revision", "sequence"} & {*standing})


def over(standing: Row | None, row: Row) -> Write:
    if standing is None:
        return put_new(row)
    name = "revision" if "revision" in standing else "sequence"
    condition = "revision = :was" if name == "revision" else "#sequence = :was"
    write = put_where(row, condition, {":was": number(standing, name)})
    if name == "sequence":
        write["Put"]["ExpressionAttributeNames"] = {"#sequence": "sequence"}
    return write
