"""SOQL text -> tokens, and the nodes a parsed query is made of.

Source: SOQL and SOSL Reference (reserved characters, quoted string escape sequences, date formats).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.salesforce_platform.errors import ApiError

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<datetime>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d))
    | (?P<date>\d{4}-\d\d-\d\d(?![\w-]))
    | (?P<number>[+-]?\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_][\w.]*(?::\d+)?)
    | (?P<op><=|>=|!=|<>|=|<|>)
    | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Literal:
    """kind: string, number, date, datetime, boolean, null, or name (TODAY, LAST_N_DAYS:3)."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Compare:
    path: str
    op: str
    value: Any  # Literal, tuple of Literal, or Select


@dataclass(frozen=True)
class Not:
    inner: Any


@dataclass(frozen=True)
class Junction:
    word: str  # AND or OR
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Aggregate:
    function: str
    path: str
    alias: str


@dataclass
class Select:
    items: list[Any] = field(default_factory=list)  # str path, Aggregate or Select
    source: str = ""
    where: Any = None
    group: list[str] = field(default_factory=list)
    order: list[tuple[str, bool, bool]] = field(default_factory=list)  # path, descending, nulls last
    limit: int | None = None
    offset: int = 0
    count_only: bool = False


def malformed(text: str) -> ApiError:
    return ApiError(400, "MALFORMED_QUERY", text)


def tokens(soql: str) -> list[Token]:
    found, at = [], 0
    end = len(soql.rstrip())
    while at < end:
        match = _TOKEN.match(soql, at)
        if match is None:
            raise malformed(f"unexpected token: '{soql[at:].strip()[:1]}'")
        kind = str(match.lastgroup)
        found.append(Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    return found


def unescape(text: str) -> str:
    """Raises MALFORMED_QUERY for a backslash before anything but n r t b f quote, double quote, backslash, _ and %."""

    def one(match: re.Match[str]) -> str:
        char = match.group(1)
        if char in "_%":
            return f"\\{char}"  # kept for LIKE, where it means the character itself
        if char.lower() in _ESCAPES:
            return _ESCAPES[char.lower()]
        if char in "'\"\\":
            return char
        raise malformed(f"Illegal character sequence '\\{char}' in string literal")

    return re.sub(r"\\(.)", one, text)
