"""WHERE -> a test of one row, and the rows an index can narrow it to.

Text compares without case; `!=` and NOT IN also find null; `<` and its kin never do.
Source: SOQL and SOSL Reference, "Comparison Operators".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.ids import to18
from sandbox.salesforce_platform.org import Row
from sandbox.salesforce_platform.schema import NUMBERS, Field, SObject
from sandbox.salesforce_platform.soql_dates import period
from sandbox.salesforce_platform.soql_names import Column, Getter, Names
from sandbox.salesforce_platform.soql_tree import Compare, Junction, Literal, Not, Select, malformed
from sandbox.salesforce_platform.values import read_date, read_datetime

Test = Callable[[Row], bool]
RunInner = Callable[[Select], set[Any]]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Filter:
    """`inner` runs a semi-join: the set of values its one column has."""

    def __init__(self, names: Names, sobject: SObject, inner: RunInner) -> None:
        self._names, self._sobject, self._inner = names, sobject, inner

    def test(self, node: Any) -> Test:
        if isinstance(node, Not):
            inside = self.test(node.inner)
            return lambda row: not inside(row)
        if isinstance(node, Junction):
            parts = [self.test(part) for part in node.parts]
            if node.word == "AND":
                return lambda row: all(part(row) for part in parts)
            return lambda row: any(part(row) for part in parts)
        return self._compare(node)

    def narrowed(self, node: Any) -> Iterable[str] | None:
        """Ids among which all matches are, from an index; None when no index helps."""
        if isinstance(node, Junction) and node.word == "AND":
            return next((ids for ids in map(self.narrowed, node.parts) if ids is not None), None)
        if not isinstance(node, Compare) or "." in node.path or node.op not in ("=", "IN"):
            return None
        one = self._sobject.by_lower.get(node.path.lower())
        literals = (node.value,) if isinstance(node.value, Literal) else node.value
        if one is None or isinstance(literals, Select) or any(x.kind != "string" for x in literals):
            return None
        table = self._names.org.tables[self._sobject.name]
        if one.type == "id":
            return [each for each in (to18(x.value) for x in literals) if each]
        if one.name not in table.index:
            return None
        wanted = [to18(x.value) if one.type == "reference" else x.value for x in literals]
        return dict.fromkeys(found for value in wanted for found in table.having(one.name, value))

    def _compare(self, node: Compare) -> Test:
        column = self._names.column(self._sobject, node.path)
        if isinstance(node.value, Select):
            found, get = self._inner(node.value), column.get
            return (lambda row: get(row) in found) if node.op == "IN" else (lambda row: get(row) not in found)
        if isinstance(node.value, tuple):
            return self._among(column, node)
        if node.op == "LIKE":
            return _like(column, node.value)
        if node.value.kind == "name":
            return _within(column, node)
        return _against(column.get, node.op, _wanted(column.field, node.value))

    def _among(self, column: Column, node: Compare) -> Test:
        values = {_wanted(column.field, literal) for literal in node.value}
        get = column.get
        if node.op in ("INCLUDES", "EXCLUDES"):

            def chosen(row: Row) -> bool:
                mine = set(str(get(row) or "").lower().split(";"))
                return any(set(str(value).split(";")) <= mine for value in values)

            return chosen if node.op == "INCLUDES" else (lambda row: not chosen(row))
        if node.op == "IN":
            return lambda row: _folded(get(row)) in values
        return lambda row: _folded(get(row)) not in values


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _against(get: Getter, op: str, wanted: Any) -> Test:
    if op == "=":
        return lambda row: bool(_folded(get(row)) == wanted)
    if op == "!=":
        return lambda row: bool(_folded(get(row)) != wanted)
    if wanted is None:
        raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", f"null cannot be compared with {op}")
    compare = _ORDER[op]

    def ordered(row: Row) -> bool:
        value = _folded(get(row))
        return value is not None and compare(value, wanted)

    return ordered


def _like(column: Column, literal: Literal) -> Test:
    if literal.kind != "string" or column.field.type in NUMBERS | {"boolean", "date", "datetime"}:
        raise ApiError(
            400, "INVALID_QUERY_FILTER_OPERATOR", f"'{column.field.name}' does not support the LIKE operator"
        )
    parts = re.split(r"(\\[_%]|[_%])", literal.value)
    meaning = {"%": ".*", "_": ".", r"\%": "%", r"\_": "_"}
    shape = re.compile("".join(meaning.get(part, re.escape(part)) for part in parts), re.IGNORECASE | re.DOTALL)
    get = column.get
    return lambda row: (value := get(row)) is not None and shape.fullmatch(str(value)) is not None


def _within(column: Column, node: Compare) -> Test:
    """A comparison with a period: `=` inside it, `<` before its start, `>` after its end."""
    span = period(node.value.value, datetime.now(UTC).date())
    if span is None or column.field.type not in ("date", "datetime"):
        raise malformed(f"unexpected token: '{node.value.value}'")
    tail = "T00:00:00.000" if column.field.type == "datetime" else ""
    start, end = (day.isoformat() + tail for day in span)
    get = column.get
    tests: dict[str, Callable[[str], bool]] = {
        "=": lambda value: start <= value < end,
        "!=": lambda value: not start <= value < end,
        "<": lambda value: value < start,
        "<=": lambda value: value < end,
        ">": lambda value: value >= end,
        ">=": lambda value: value >= start,
    }
    test = tests[node.op]
    return lambda row: (value := get(row)) is not None and test(value)


def _wanted(one: Field, literal: Literal) -> Any:
    """The literal as values of this field compare: folded text, 18-character id, Decimal, kept date or instant."""
    if literal.kind == "null":
        return None
    if one.type in ("id", "reference") and literal.kind == "string":
        if literal.value == "":
            return None
        whole = to18(literal.value)
        if whole is None:
            raise ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {literal.value}")
        return whole.lower()
    kinds = {"boolean": "boolean", "date": "date", "datetime": "datetime"} | dict.fromkeys(NUMBERS, "number")
    kind = kinds.get(one.type, "string")
    if literal.kind != kind:
        advice = "should be enclosed in quotes" if kind == "string" else "should not be enclosed in quotes"
        raise ApiError(
            400,
            "INVALID_FIELD",
            f"value of filter criterion for field '{one.name}' must be of type {one.type} and {advice}",
        )
    if kind in ("date", "datetime"):
        try:
            return (read_date if kind == "date" else read_datetime)(literal.value).lower()
        except ValueError as exc:
            raise malformed(f"line 1: invalid {kind}: {literal.value}") from exc
    if kind == "string":
        return literal.value.lower() or None
    return literal.value
