"""A filter tree to a function on records, checked against the property types first."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.kit.odata.calls import FUNCTIONS
from sandbox.kit.odata.errors import SyntaxRefused, TypeRefused, UnknownName
from sandbox.kit.odata.literals import (
    BOOLEAN,
    DATE,
    ENUM,
    GUID,
    INSTANT,
    INSTANTS,
    NULL,
    NUMBERS,
    STRING,
    TIMES,
    instant,
    stored,
)
from sandbox.kit.odata.tree import AnyOf, Binary, Call, Junction, Literal, Negation, Node, Property

Record = Mapping[str, Any]
_ORDER = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
_SUMS = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "mod": operator.mod}
_KINDS = {"eq": "Equal", "ne": "NotEqual", "gt": "GreaterThan", "ge": "GreaterThanOrEqual", "lt": "LessThan"}
_KINDS |= {
    "le": "LessThanOrEqual",
    "add": "Add",
    "sub": "Subtract",
    "mul": "Multiply",
    "div": "Divide",
    "mod": "Modulo",
}


class _Typed(NamedTuple):
    edm: str
    read: Callable[[Record], Any]


def predicate(node: Node, types: Mapping[str, str], of: str = "the entity") -> Callable[[Record], bool]:
    """types: property path -> Edm type; a path `a/b` is read as record["a"]["b"]. of: the type's name, for messages.

    Raises UnknownName for a property or function nobody has, TypeRefused for operands that do not go together.
    """
    made = _Compiler(types, of).typed(node)
    if made.edm != BOOLEAN:
        raise TypeRefused("The $filter expression must evaluate to a single boolean value.")
    read = made.read
    return lambda record: read(record) is True


def reader(path: str) -> Callable[[Record], Any]:
    """The raw value under a path; None where a part is missing."""
    if "/" not in path:
        return lambda record: record.get(path)
    parts = path.split("/")

    def read(record: Record) -> Any:
        value: Any = record
        for part in parts:
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return read


def typed_reader(path: str, types: Mapping[str, str], of: str) -> Callable[[Record], Any]:
    """The value under a path as comparisons see it. Raises UnknownName."""
    edm = types.get(path)
    if edm is None:
        raise UnknownName(f"Could not find a property named '{path}' on type '{of}'.", path)
    raw = reader(path)
    if edm == STRING or edm == ENUM:
        return raw
    return lambda record: stored(edm, raw(record))


class _Compiler:
    def __init__(self, types: Mapping[str, str], of: str) -> None:
        self._types, self._of = types, of

    def typed(self, node: Node) -> _Typed:
        match node:
            case Literal(edm, value):
                return _Typed(edm, lambda _: value)
            case Property(path):
                return _Typed(self._types.get(path, ""), typed_reader(path, self._types, self._of))
            case Call(name, arguments):
                return self._call(name, [self.typed(argument) for argument in arguments])
            case Binary(word, left, right):
                return self._binary(word, self.typed(left), self.typed(right))
            case AnyOf(left, values):
                return self._any_of(self.typed(left), [self.typed(value) for value in values])
            case Junction(word, parts):
                return self._junction(word, [self._boolean(part) for part in parts])
            case Negation(part):
                inner = self._boolean(part)
                return _Typed(BOOLEAN, lambda record: inner(record) is False)

    def _boolean(self, node: Node) -> Callable[[Record], Any]:
        made = self.typed(node)
        if made.edm != BOOLEAN:
            raise TypeRefused(f"A boolean was expected, '{made.edm}' was found.")
        return made.read

    def _junction(self, word: str, parts: list[Callable[[Record], Any]]) -> _Typed:
        if word == "and":
            return _Typed(BOOLEAN, lambda record: all(part(record) is True for part in parts))
        return _Typed(BOOLEAN, lambda record: any(part(record) is True for part in parts))

    def _binary(self, word: str, left: _Typed, right: _Typed) -> _Typed:
        left, right = _matched(word, left, right)
        one, other = left.read, right.read
        if word == "eq":
            return _Typed(BOOLEAN, lambda record: one(record) == other(record))
        if word == "ne":
            return _Typed(BOOLEAN, lambda record: one(record) != other(record))
        work = _ORDER.get(word) or _SUMS[word]
        if word in _SUMS and not {left.edm, right.edm} <= NUMBERS:
            raise _incompatible(word, left, right)

        def read(record: Record) -> Any:
            first, second = one(record), other(record)
            if first is None or second is None:
                return None if word in _SUMS else False
            return None if word in ("div", "mod") and second == Decimal(0) else work(first, second)

        return _Typed(left.edm if word in _SUMS else BOOLEAN, read)

    def _any_of(self, left: _Typed, values: list[_Typed]) -> _Typed:
        wanted = [_matched("eq", left, value)[1].read({}) for value in values]
        read = _matched("eq", left, values[0])[0].read if values else left.read
        return _Typed(BOOLEAN, lambda record: read(record) in wanted)

    def _call(self, name: str, arguments: list[_Typed]) -> _Typed:
        function = FUNCTIONS.get(name.lower())
        if function is None:
            raise UnknownName(f"An unknown function with name '{name}' was found.", name)
        most = len(function.takes) + (name == "substring")
        if not len(function.takes) <= len(arguments) <= most:
            raise SyntaxRefused(f"No function signature for '{name}' has {len(arguments)} arguments.", name)
        for wanted, given in zip(function.takes, arguments, strict=False):
            if not _fits(wanted, given.edm):
                raise TypeRefused(f"'{name}' takes '{wanted}', '{given.edm}' was found.", name)
        reads, work = [given.read for given in arguments], function.work

        def read(record: Record) -> Any:
            found = [one(record) for one in reads]
            return None if None in found else work(*found)

        return _Typed(function.gives, read)


def _fits(wanted: str, given: str) -> bool:
    if wanted == INSTANT:
        return given in INSTANTS or given in (DATE, NULL)
    if wanted in NUMBERS:
        return given in NUMBERS or given == NULL
    return given in (wanted, NULL) or (wanted == STRING and given == ENUM)


def _matched(word: str, left: _Typed, right: _Typed) -> tuple[_Typed, _Typed]:
    """Both sides in one type. Raises TypeRefused."""
    one, other = left.edm, right.edm
    same = one == other or {one, other} <= NUMBERS or {one, other} <= {STRING, ENUM} or NULL in (one, other)
    if same or {one, other} <= INSTANTS or {one, other} <= TIMES:
        return left, right
    if one == GUID and other == STRING or one == STRING and other == GUID:
        return _lowered(left), _lowered(right)
    if DATE in (one, other) and (one in INSTANTS or other in INSTANTS):
        return _as_instant(left), _as_instant(right)
    raise _incompatible(word, left, right)


def _lowered(side: _Typed) -> _Typed:
    return _Typed(GUID, lambda record: value.lower() if isinstance(value := side.read(record), str) else value)


def _as_instant(side: _Typed) -> _Typed:
    if side.edm != DATE:
        return side
    return _Typed(INSTANT, lambda record: None if (value := side.read(record)) is None else instant(value))


def _incompatible(word: str, left: _Typed, right: _Typed) -> TypeRefused:
    found = f"Found operand types '{left.edm}' and '{right.edm}' for operator kind '{_KINDS[word]}'."
    return TypeRefused(f"A binary operator with incompatible types was detected. {found}")
