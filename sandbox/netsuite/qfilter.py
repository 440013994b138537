"""The `q` parameter of record collections. Source: notes, section 3.

Grammar: condition (AND|OR condition)*, parentheses, operators per kind of field, each with `_NOT`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.netsuite.book import Record
from sandbox.netsuite.errors import Detail, NetSuiteError
from sandbox.netsuite.fields import Field, RecordType

Test = Callable[[Record], bool]
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')|(?P<mark>[(),\[\]])|(?P<word>[^\s(),\[\]"\']+))'
)
_ACCOUNT_DAY = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_TEXT_OPS: dict[str, Callable[[str, str], bool]] = {
    "IS": lambda have, want: have == want,
    "CONTAIN": lambda have, want: want in have,
    "START_WITH": lambda have, want: have.startswith(want),
    "END_WITH": lambda have, want: have.endswith(want),
}
_ORDER_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "EQUAL": lambda have, want: have == want,
    "GREATER": lambda have, want: have > want,
    "GREATER_OR_EQUAL": lambda have, want: have >= want,
    "LESS": lambda have, want: have < want,
    "LESS_OR_EQUAL": lambda have, want: have <= want,
}
_DATE_OPS = {
    "ON": "EQUAL",
    "AFTER": "GREATER",
    "ON_OR_AFTER": "GREATER_OR_EQUAL",
    "BEFORE": "LESS",
    "ON_OR_BEFORE": "LESS_OR_EQUAL",
}
_RANGES = ("BETWEEN", "WITHIN")


def bad_query(text: str) -> NetSuiteError:
    return NetSuiteError(400, Detail(text, "INVALID_PARAMETER", {"o:errorQueryParam": "q"}))


def compile_filter(record_type: RecordType, query: str) -> Test:
    """A predicate over stored records. Raises NetSuiteError 400 for anything it cannot read."""
    tokens = _tokens(query)
    test, at = _any(record_type, tokens, 0)
    if at != len(tokens):
        raise bad_query(f"Invalid query near '{tokens[at]}'.")
    return test


def _tokens(query: str) -> list[str]:
    tokens, at = [], 0
    while query[at:].strip():
        match = _TOKEN.match(query, at)
        if match is None:
            raise bad_query(f"Invalid query near '{query[at : at + 20]}'.")
        tokens.append(match.group().strip())
        at = match.end()
    return tokens


def _any(record_type: RecordType, tokens: list[str], at: int) -> tuple[Test, int]:
    tests, at = _series(record_type, tokens, at, "OR", _all)
    return (lambda row: any(test(row) for test in tests)), at


def _all(record_type: RecordType, tokens: list[str], at: int) -> tuple[Test, int]:
    tests, at = _series(record_type, tokens, at, "AND", _one)
    return (lambda row: all(test(row) for test in tests)), at


_Part = Callable[[RecordType, list[str], int], tuple[Test, int]]


def _series(record_type: RecordType, tokens: list[str], at: int, word: str, part: _Part) -> tuple[list[Test], int]:
    test, at = part(record_type, tokens, at)
    tests = [test]
    while at < len(tokens) and tokens[at].upper() == word:
        test, at = part(record_type, tokens, at + 1)
        tests.append(test)
    return tests, at


def _one(record_type: RecordType, tokens: list[str], at: int) -> tuple[Test, int]:
    if at >= len(tokens):
        raise bad_query("Invalid query: a condition is missing.")
    if tokens[at] == "(":
        test, at = _any(record_type, tokens, at + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise bad_query("Invalid query: a closing parenthesis is missing.")
        return test, at + 1
    name, operator = tokens[at], tokens[at + 1].upper() if at + 1 < len(tokens) else ""
    values, at = _values(operator, tokens, at + 2)
    return _condition(name, _field(record_type, name), operator, values), at


def _values(operator: str, tokens: list[str], at: int) -> tuple[list[str], int]:
    base = operator.removesuffix("_NOT")
    if base == "EMPTY":
        return [], at
    if base == "ANY_OF" or base in _RANGES:
        return _listed(tokens, at)
    if at >= len(tokens):
        raise bad_query(f"Invalid query: operator {operator} needs a value.")
    return [_bare(tokens[at])], at + 1


def _listed(tokens: list[str], at: int) -> tuple[list[str], int]:
    if at >= len(tokens) or tokens[at] not in ("[", "("):
        raise bad_query("Invalid query: a list in brackets is expected.")
    values, at = [], at + 1
    while at < len(tokens) and tokens[at] not in ("]", ")"):
        if tokens[at] != ",":
            values.append(_bare(tokens[at]))
        at += 1
    return values, at + 1


def _bare(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] in "\"'" else token


def _field(record_type: RecordType, name: str) -> Field:
    spec = Field("text") if name == "id" else record_type.fields.get(name)
    if spec is None or spec.kind in ("sublist", "block"):
        raise bad_query(f"Invalid search query. Unknown field '{name}' of record '{record_type.name}'.")
    return spec


def _condition(name: str, spec: Field, operator: str, values: list[str]) -> Test:
    base = operator.removesuffix("_NOT")
    test = _positive(name, spec, base, values)
    if base == operator:
        return test
    return lambda row: not test(row)


def _positive(name: str, spec: Field, operator: str, values: list[str]) -> Test:
    if operator == "EMPTY":
        return lambda row: row.get(name) in (None, "")
    if operator == "ANY_OF" and (spec.kind in ("ref", "choice") or name == "id"):
        return lambda row: _plain(row.get(name)) in values
    if spec.kind in ("day", "instant") and (operator in _DATE_OPS or operator in _RANGES):
        return _compared(name, _DATE_OPS.get(operator, operator), values, _day)
    if (spec.kind in ("number", "whole") or name == "id") and (operator in _ORDER_OPS or operator in _RANGES):
        return _compared(name, operator, values, _decimal)
    if operator in _TEXT_OPS and spec.kind in ("text", "choice", "ref", "flag"):
        compare, wanted = _TEXT_OPS[operator], values[0].lower()
        return lambda row: row.get(name) is not None and compare(_plain(row[name]).lower(), wanted)
    raise bad_query(f"Invalid search query. Operator '{operator}' cannot be used with field '{name}'.")


def _compared(name: str, operator: str, values: list[str], read: Callable[[Any], Any]) -> Test:
    wanted = [read(value) for value in values]
    if operator in _RANGES:
        if len(wanted) != 2:
            raise bad_query(f"Operator {operator} needs two values.")
        return lambda row: row.get(name) is not None and wanted[0] <= read(row[name]) <= wanted[1]
    compare = _ORDER_OPS[operator]
    return lambda row: row.get(name) is not None and compare(read(row[name]), wanted[0])


def _day(value: Any) -> str:
    """`2026-01-31...` or the account's `1/31/2026` -> ISO date."""
    match = _ACCOUNT_DAY.match(str(value))
    return f"{match[3]}-{int(match[1]):02d}-{int(match[2]):02d}" if match else str(value)[:10]


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value["id"]) if isinstance(value, dict) else str(value)


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as exc:
        raise bad_query(f"Invalid number '{value}'.") from exc
