"""The kinds of field a record has, and the words to declare them.

Stored form of a value: text `str`; number a decimal `str`; whole `int`; flag `bool`; day `YYYY-MM-DD`; instant
`...T..:..:..Z`; choice the option's id; ref `{"id", "recordType"}`; sublist a list of objects; block one object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

Kind = Literal["text", "number", "whole", "flag", "day", "instant", "choice", "ref", "sublist", "block"]


@dataclass(frozen=True)
class Field:
    """`targets`: record types a ref may name. `options`: id -> label, empty for any id. `inner`: fields of a sublist's
    line or of a block. `key`: what finds an existing line; `twin`: a second key, tried when the first is not given."""

    kind: Kind
    read_only: bool = False
    targets: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    inner: Mapping[str, Field] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    twin: str | None = None


Fields = dict[str, Field]


def plain(text: str) -> Fields:
    """`name` is text, `name:number` (whole, flag, day, instant, choice) another kind, `name@customer|job` a reference;
    a `!` at the end makes it read-only."""
    return dict(_plain(word) for word in text.split())


def _plain(word: str) -> tuple[str, Field]:
    read_only, word = word.endswith("!"), word.removesuffix("!")
    if "@" in word:
        name, _, targets = word.partition("@")
        return name, Field("ref", read_only, tuple(targets.split("|")))
    name, _, kind = word.partition(":")
    return name, Field(cast(Kind, kind or "text"), read_only)


def choice(options: Mapping[str, str], *, read_only: bool = False) -> Field:
    return Field("choice", read_only, options=options)


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
