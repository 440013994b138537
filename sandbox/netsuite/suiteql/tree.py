"""The parsed form of a SuiteQL query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
    source: str | None
    name: str


@dataclass(frozen=True)
class Literal:
    value: Any


@dataclass(frozen=True)
class Param:
    index: int


@dataclass(frozen=True)
class Star:
    source: str | None = None


@dataclass(frozen=True)
class Call:
    name: str
    args: tuple[Expr, ...]
    distinct: bool = False


@dataclass(frozen=True)
class Binary:
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Unary:
    op: str
    operand: Expr


@dataclass(frozen=True)
class In:
    operand: Expr
    options: tuple[Expr, ...]
    negated: bool


@dataclass(frozen=True)
class Between:
    operand: Expr
    low: Expr
    high: Expr
    negated: bool


@dataclass(frozen=True)
class Like:
    operand: Expr
    pattern: Expr
    negated: bool


@dataclass(frozen=True)
class IsNull:
    operand: Expr
    negated: bool


@dataclass(frozen=True)
class Case:
    operand: Expr | None
    branches: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr | None


@dataclass(frozen=True)
class Exists:
    query: Select


@dataclass(frozen=True)
class Sub:
    """A query in parentheses used as a value or a list."""

    query: Select


Expr = Column | Literal | Param | Star | Call | Binary | Unary | In | Between | Like | IsNull | Case | Exists | Sub


@dataclass(frozen=True)
class Source:
    """`join`: "" for the first, else `JOIN`, `LEFT JOIN`, `CROSS JOIN`."""

    table: str | Select
    alias: str
    join: str = ""
    on: Expr | None = None


@dataclass(frozen=True)
class Order:
    expr: Expr
    descending: bool
    nulls: str | None


@dataclass(frozen=True)
class Select:
    items: tuple[tuple[Expr, str | None], ...]
    sources: tuple[Source, ...]
    where: Expr | None = None
    groups: tuple[Expr, ...] = ()
    having: Expr | None = None
    orders: tuple[Order, ...] = ()
    distinct: bool = False
    limit: int | None = None
    skip: int = 0
    union: tuple[tuple[str, Select], ...] = field(default=())
