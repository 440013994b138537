"""SuiteQL functions: how each is said in SQLite, and what type it gives.

Functions on dates and BUILTIN.DF run in Python (registered by the mirror under the `ns_` names).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.netsuite.suiteql.lexer import bad_sql

NOTHING = object()


@dataclass(frozen=True)
class Piece:
    """Compiled SQL text with the type of its value. `constant`: the value when known while compiling.
    `origin`: (table, column) when it is a plain column."""

    sql: str
    kind: str = "text"
    constant: object = NOTHING
    origin: tuple[str, str] | None = None

    @property
    def dated(self) -> bool:
        return self.kind in ("day", "stamp")


Maker = Callable[[list[Piece]], Piece]


def _same(name: str, kind: str) -> Maker:
    return lambda args: Piece(f"{name}({', '.join(a.sql for a in args)})", kind)


def _first_kind(name: str) -> Maker:
    def make(args: list[Piece]) -> Piece:
        known = [a.kind for a in args if a.kind != "null"]
        return Piece(f"{name}({', '.join(a.sql for a in args)})", known[0] if known else "null")

    return make


def _to_char(args: list[Piece]) -> Piece:
    value = args[0]
    if len(args) == 1:
        return Piece(f"ns_text({value.sql}, '{value.kind}')")
    if value.dated:
        return Piece(f"ns_to_char({value.sql}, {args[1].sql})")
    return Piece(f"ns_number_text({value.sql}, {args[1].sql})")


def _trunc(args: list[Piece]) -> Piece:
    if args[0].dated:
        return Piece(f"ns_trunc({', '.join(a.sql for a in args)})", "day")
    places = args[1].sql if len(args) > 1 else "0"
    return Piece(f"ns_cut({args[0].sql}, {places})", "num")


def _round(args: list[Piece]) -> Piece:
    places = args[1].sql if len(args) > 1 else "0"
    return Piece(f"ns_round({args[0].sql}, {places})", "num")


def _decode(args: list[Piece]) -> Piece:
    subject, rest = args[0].sql, args[1:]
    pairs = [rest[i : i + 2] for i in range(0, len(rest) - 1, 2)]
    whens = " ".join(f"WHEN {subject} IS {when.sql} THEN {then.sql}" for when, then in pairs)
    otherwise = f" ELSE {rest[-1].sql}" if len(rest) % 2 else ""
    return Piece(f"CASE {whens}{otherwise} END", pairs[0][1].kind if pairs else "text")


def _nvl2(args: list[Piece]) -> Piece:
    return Piece(f"CASE WHEN {args[0].sql} IS NOT NULL THEN {args[1].sql} ELSE {args[2].sql} END", args[1].kind)


def _add_months(args: list[Piece]) -> Piece:
    return Piece(f"ns_add_months({args[0].sql}, {args[1].sql})", args[0].kind)


_MAKERS: dict[str, tuple[int, int, Maker]] = {
    "TO_CHAR": (1, 2, _to_char),
    "NVL": (2, 2, _first_kind("COALESCE")),
    "COALESCE": (2, 99, _first_kind("COALESCE")),
    "NULLIF": (2, 2, _first_kind("NULLIF")),
    "GREATEST": (2, 99, _first_kind("MAX")),
    "LEAST": (2, 99, _first_kind("MIN")),
    "NVL2": (3, 3, _nvl2),
    "DECODE": (3, 99, _decode),
    "UPPER": (1, 1, _same("UPPER", "text")),
    "LOWER": (1, 1, _same("LOWER", "text")),
    "TRIM": (1, 1, _same("TRIM", "text")),
    "LTRIM": (1, 2, _same("LTRIM", "text")),
    "RTRIM": (1, 2, _same("RTRIM", "text")),
    "SUBSTR": (2, 3, _same("SUBSTR", "text")),
    "REPLACE": (2, 3, _same("REPLACE", "text")),
    "INSTR": (2, 2, _same("INSTR", "int")),
    "LENGTH": (1, 1, _same("LENGTH", "int")),
    "CONCAT": (2, 2, lambda args: Piece(f"({args[0].sql} || {args[1].sql})")),
    "ABS": (1, 1, _first_kind("ABS")),
    "SIGN": (1, 1, _same("SIGN", "int")),
    "FLOOR": (1, 1, _same("FLOOR", "int")),
    "CEIL": (1, 1, _same("CEIL", "int")),
    "ROUND": (1, 2, _round),
    "TRUNC": (1, 2, _trunc),
    "TO_NUMBER": (1, 1, lambda args: Piece(f"CAST({args[0].sql} AS NUMERIC)", "num")),
    "ADD_MONTHS": (2, 2, _add_months),
    "LAST_DAY": (1, 1, lambda args: Piece(f"ns_last_day({args[0].sql})", "day")),
    "SUM": (1, 1, _same("SUM", "num")),
    "AVG": (1, 1, _same("AVG", "num")),
    "MIN": (1, 1, _first_kind("MIN")),
    "MAX": (1, 1, _first_kind("MAX")),
}
AGGREGATES = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX"})


def make(name: str, args: list[Piece]) -> Piece:
    """Raises NetSuiteError 400 for an unknown function or a wrong number of arguments."""
    if name not in _MAKERS:
        raise bad_sql(f"Search error occurred: Unknown function '{name}'.")
    least, most, maker = _MAKERS[name]
    if not least <= len(args) <= most:
        raise bad_sql(f"Search error occurred: Invalid number of parameters of function {name}.")
    return maker(args)
