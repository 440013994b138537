"""What a path below a service names: `A_Set('key')/to_Nav`, `Set/$count`, a function, `$metadata`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sandbox.sap_s4hana.errors import bad_payload, not_found
from sandbox.sap_s4hana.fields import Field, unpadded
from sandbox.sap_s4hana.schema import Entity, Service

_SEGMENT = re.compile(r"(?P<name>[\w.$]+)(?:\((?P<key>.*)\))?", re.DOTALL)
_LITERAL = re.compile(r"(?:(?P<prefix>[A-Za-z]+))?'(?P<text>(?:[^']|'')*)'|(?P<bare>[\w.:+-]+)")


class Step(NamedTuple):
    """`key`: None where no brackets stand."""

    name: str
    key: tuple[str, ...] | None


@dataclass(frozen=True)
class Address:
    """`entity`: of the rows at the end; `steps`: from the set on. `count`: only the number is asked for."""

    entity: Entity
    steps: tuple[Step, ...]
    count: bool = False


def segments(path: str) -> list[str]:
    """Split at slashes outside quotes."""
    return re.findall(r"(?:[^/']|'(?:[^']|'')*')+", path)


def read_address(service: Service, path: str) -> Address:
    """Raises SapError 404 for a set or navigation that is not there, 400 for a key that cannot be read."""
    parts = segments(path)
    count = bool(parts) and parts[-1] == "$count"
    parts = parts[:-1] if count else parts
    entity: Entity | None = None
    steps: list[Step] = []
    for part in parts:
        match = _SEGMENT.fullmatch(part)
        if match is None:
            raise bad_payload(f"Invalid URI segment '{part}'")
        found = _entity(service, entity, match["name"])
        if found is None:
            raise not_found(f"Resource not found for the segment '{match['name']}'")
        steps.append(Step(match["name"], None if match["key"] is None else key_of(found, match["key"])))
        entity = found
    if entity is None:
        raise not_found()
    return Address(entity, tuple(steps), count)


def _entity(service: Service, before: Entity | None, name: str) -> Entity | None:
    if before is None:
        return service.sets.get(name)
    nav = before.navs.get(name)
    return service.sets[nav.target] if nav else None


def key_of(entity: Entity, text: str) -> tuple[str, ...]:
    """`'9'` or `A='1',B='2'` in any order. Raises SapError 400."""
    pairs = re.findall(r"(?:(\w+)=)?((?:[A-Za-z]+)?'(?:[^']|'')*'|[\w.:+-]+)", text)
    given = {name: literal(value) for name, value in pairs}
    if len(pairs) == 1 and len(entity.keys) == 1 and pairs[0][0] in ("", entity.keys[0]):
        return (_converted(entity.fields, entity.keys[0], literal(pairs[0][1])),)
    if set(given) != set(entity.keys):
        raise bad_payload(f"The key of '{entity.name}' consists of {', '.join(entity.keys)}")
    return tuple(_converted(entity.fields, name, given[name]) for name in entity.keys)


def literal(text: str) -> str:
    match = _LITERAL.fullmatch(text)
    if match is None:
        raise bad_payload(f"Invalid literal {text}")
    return match["bare"] if match["bare"] is not None else match["text"].replace("''", "'")


def _converted(fields: Mapping[str, Field], name: str, text: str) -> str:
    kind = fields[name].kind
    if kind in ("id", "padded"):
        return unpadded(text)
    return text.lower() if kind == "guid" else text
