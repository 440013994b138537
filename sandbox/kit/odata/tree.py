"""The tree of a filter expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.kit.odata.literals import Value


@dataclass(frozen=True, slots=True)
class Literal:
    edm: str
    value: Value


@dataclass(frozen=True, slots=True)
class Property:
    """`path`: as written, parts joined by `/`."""

    path: str


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator`: eq ne gt ge lt le (comparison), add sub mul div mod (arithmetic)."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`left in (..)`."""

    left: Node
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """`operator`: and | or."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    part: Node


Node = Literal | Property | Call | Binary | AnyOf | Junction | Negation


def paths(node: Node) -> Iterator[str]:
    """Every property the expression reads."""
    match node:
        case Property(path):
            yield path
        case Call(_, parts) | Junction(_, parts):
            for part in parts:
                yield from paths(part)
        case Binary(_, left, right):
            yield from paths(left)
            yield from paths(right)
        case AnyOf(left, _):
            yield from paths(left)
        case Negation(part):
            yield from paths(part)


def equalities(node: Node | None) -> dict[str, Value]:
    """Properties that must have one value for the filter to hold: `a eq 1 and b eq 'x' and ..`."""
    match node:
        case Binary("eq", Property(path), Literal(_, value)) | Binary("eq", Literal(_, value), Property(path)):
            return {path: value}
        case Junction("and", parts):
            return {path: value for part in parts for path, value in equalities(part).items()}
    return {}
