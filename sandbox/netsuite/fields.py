"""The kinds of field a record has, and the words to declare them.

Stored form of a value: text `str`; number a decimal `str`; whole `int`; flag `bool`; day `YYYY-MM-DD`; instant
`...T..:..:..Z`; choice the option's id; ref `{"id", "recordType"}`; sublist a list of objects; block one object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "number", "whole", "flag", "day", "instant", "choice", "ref", "sublist", "block"]


@dataclass(frozen=True)
class Field:
    """`targets`: record types a ref may name. `options`: id -> label. `inner`: fields of a sublist line or block.
    `key`: what finds an existing sublist line; `twin`: a second key tried when the first is not given."""

    kind: Kind
    read_only: bool = False
    targets: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    inner: Mapping[str, Field] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    twin: str | None = None


TEXT, NUMBER, WHOLE, FLAG, DAY, INSTANT = (
    Field("text"),
    Field("number"),
    Field("whole"),
    Field("flag"),
    Field("day"),
    Field("instant"),
)
READ_TEXT, READ_NUMBER, READ_INSTANT = (
    Field("text", read_only=True),
    Field("number", read_only=True),
    Field("instant", read_only=True),
)
READ_WHOLE, READ_FLAG = Field("whole", read_only=True), Field("flag", read_only=True)


def ref(*targets: str) -> Field:
    return Field("ref", targets=targets)


def read_ref(*targets: str) -> Field:
    return Field("ref", read_only=True, targets=targets)


def choice(options: Mapping[str, str], *, read_only: bool = False) -> Field:
    return Field("choice", read_only=read_only, options=options)


def sublist(inner: Mapping[str, Field], *, key: tuple[str, ...], twin: str | None = None) -> Field:
    return Field("sublist", inner=inner, key=key, twin=twin)


def block(inner: Mapping[str, Field]) -> Field:
    return Field("block", inner=inner)


@dataclass(frozen=True)
class RecordType:
    """`ids`: the id space shared by related types (all entities, all transactions ...). `label`: which field names it.
    `prefix` and `sql_type` belong to transactions: `INV`, `CustInvc`."""

    name: str
    ids: str
    label: str
    fields: Mapping[str, Field]
    required: tuple[str, ...] = ()
    prefix: str = ""
    sql_type: str = ""
    writable: bool = True
