"""The words a schema is written in: fields with their Edm types and lengths, and entities with their parts.

Types are the notes'; lengths those of the tables behind the API pages (a Code is kept in capitals, without outer spaces).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from sandbox.kit.odata.literals import BOOLEAN, DATE, DECIMAL, ENUM, GUID, INSTANT, INTEGER, STRING

NO_ID = "00000000-0000-0000-0000-000000000000"
NO_DATE = "0001-01-01"
NO_INSTANT = "0001-01-01T00:00:00Z"
READ = frozenset({"GET"})
WRITE = frozenset({"GET", "POST", "PATCH", "DELETE"})
_EMPTY: Mapping[str, Any] = {
    STRING: "", GUID: NO_ID, DECIMAL: Decimal(0), INTEGER: 0, BOOLEAN: False, DATE: NO_DATE, INSTANT: NO_INSTANT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """`fixed`: read-only. `options`: of an enumeration, in the words of the client; the first is its empty value."""

    name: str
    edm: str
    length: int = 0
    code: bool = False
    options: tuple[str, ...] = ()
    fixed: bool = False

    @property
    def empty(self) -> Any:
        return self.options[0] if self.options else _EMPTY[self.edm]


def text(name: str, length: int, *, fixed: bool = False) -> Field:
    return Field(name, STRING, length, fixed=fixed)


def code(name: str, length: int = 20, *, fixed: bool = False) -> Field:
    return Field(name, STRING, length, code=True, fixed=fixed)


def ref(name: str, *, fixed: bool = False) -> Field:
    return Field(name, GUID, fixed=fixed)


def amount(name: str, *, fixed: bool = False) -> Field:
    return Field(name, DECIMAL, fixed=fixed)


def whole(name: str, *, fixed: bool = False) -> Field:
    return Field(name, INTEGER, fixed=fixed)


def flag(name: str, *, fixed: bool = False) -> Field:
    return Field(name, BOOLEAN, fixed=fixed)


def day(name: str, *, fixed: bool = False) -> Field:
    return Field(name, DATE, fixed=fixed)


def option(name: str, *options: str, fixed: bool = False) -> Field:
    return Field(name, ENUM, options=options, fixed=fixed)


ID = ref("id", fixed=True)
MODIFIED = Field("lastModifiedDateTime", INSTANT, fixed=True)


@dataclass(frozen=True)
class Link:
    """Other records of an entity: those whose `foreign` field holds our id, or the one whose id our `local` holds."""

    set_name: str
    foreign: str = ""
    local: str = ""


@dataclass(frozen=True)
class Entity:
    """`table`: its name in messages. `order`: of lists that ask for none. `parts`: navigation name -> link.

    `indexed`: fields that filters often pin. `methods`: what the page allows. `webhooks`: may be subscribed to.
    """

    set_name: str
    name: str
    table: str
    fields: tuple[Field, ...]
    order: tuple[str, ...]
    parts: Mapping[str, Link] = field(default_factory=dict)
    indexed: tuple[str, ...] = ()
    methods: frozenset[str] = WRITE
    webhooks: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {one.name: one for one in self.fields}

    @cached_property
    def types(self) -> dict[str, str]:
        return {one.name: one.edm for one in self.fields}

    @cached_property
    def decimals(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields if one.edm == DECIMAL)

    @cached_property
    def modified(self) -> str:
        """The field of the last change; one page of the real API misspells it."""
        return next((one.name for one in self.fields if one.edm == INSTANT), "")

    def blank(self) -> dict[str, Any]:
        return {one.name: one.empty for one in self.fields}
