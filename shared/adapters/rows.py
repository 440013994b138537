"""Rows of the one table, and how a record of the domain becomes the text in one.

A row is {"pk", "sk", ...} of texts and whole numbers. `body` is the record as JSON text: amounts and dates as strings,
None kept. Only adapters know this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")
Row = dict[str, str | int]
Item = dict[str, dict[str, str]]
"""A row as DynamoDB wants it: {"pk": {"S": "CUS#..."}, "revision": {"N": "3"}}."""

HEAD = "HEAD"


def as_item(row: Mapping[str, str | int]) -> Item:
    return {name: as_value(value) for name, value in row.items()}


def as_value(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def as_row(item: Mapping[str, Mapping[str, str]]) -> Row:
    """Raises KeyError for an attribute that is neither text nor number: no adapter of ours wrote it."""
    return {name: int(value["N"]) if "N" in value else value["S"] for name, value in item.items()}


def text(row: Row, name: str) -> str:
    return str(row[name])


def number(row: Row, name: str) -> int:
    return int(row.get(name, 0))


class Codec(Generic[T]):
    """The body of one dataclass. The schema is built when first needed, not at import."""

    def __init__(self, of: type[T]) -> None:
        self._of = of

    @cached_property
    def _schema(self) -> TypeAdapter[T]:
        return TypeAdapter(self._of)

    def dump(self, record: T) -> str:
        return self._schema.dump_json(record).decode()

    def load(self, row: Row) -> T:
        return self._schema.validate_json(text(row, "body"))


def moment(at: datetime) -> str:
    """UTC to the microsecond: such texts sort as the moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
