"""A request body as values and rows below it, checked against the entity: nothing unknown, read-only or too long gets in.

Source: vendor notes, sections 3 and 12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.sap_s4hana.errors import bad_payload
from sandbox.sap_s4hana.fields import Field, Value, ValueRefused, taken
from sandbox.sap_s4hana.schema import Entity, Nav


@dataclass
class Given:
    """`values`: only what was said. `below`: navigation -> rows given with it. `parts`: complex properties."""

    values: dict[str, Value] = field(default_factory=dict)
    below: dict[str, list[Given]] = field(default_factory=dict)
    parts: dict[str, dict[str, Value]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) and value else default


def read_given(
    entity: Entity,
    body: Mapping[str, Any],
    entities: Mapping[str, Entity],
    *,
    version: int,
    changing: bool = False,
    complexes: Mapping[str, Mapping[str, Field]] | None = None,
) -> Given:
    """changing: an update, which may name fewer properties. complexes: name -> its fields. Raises SapError 400."""
    given = Given()
    for name, value in body.items():
        if name == "__metadata" or name.startswith("@"):
            continue
        if name in entity.fields:
            _allow(entity.fields[name], entity, changing)
            given.values[name] = checked(entity.fields[name], value, version)
        elif complexes and name in complexes:
            given.parts[name] = _part(complexes[name], name, value, version)
        elif name in entity.navs and not changing:
            if isinstance(value, dict) and "__deferred" in value:
                continue
            rows = _rows(entity.navs[name], value, version)
            below = entities[entity.navs[name].target]
            given.below[name] = [read_given(below, row, entities, version=version) for row in rows]
        else:
            raise bad_payload(f"Property '{name}' is invalid", name)
    return given


def checked(one: Field, value: object, version: int) -> Value:
    try:
        return taken(one, value, version)
    except ValueRefused as exc:
        raise bad_payload(str(exc), one.name) from exc


def _allow(one: Field, entity: Entity, changing: bool) -> None:
    if not (one.updatable if changing else one.creatable):
        done = "updated" if changing else "created"
        raise bad_payload(f"Property '{one.name}' of '{entity.type_name}' cannot be {done}: it is read-only", one.name)


def _part(fields: Mapping[str, Field], name: str, value: object, version: int) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise bad_payload(f"Property '{name}' has invalid value", name)
    stray = next((key for key in value if key not in fields and key != "__metadata"), None)
    if stray is not None:
        raise bad_payload(f"Property '{stray}' is invalid", stray)
    return {key: checked(fields[key], inner, version) for key, inner in value.items() if key in fields}


def _rows(nav: Nav, value: object, version: int) -> list[dict[str, Any]]:
    """V2 has a list or {"results": [...]}; a navigation to one has an object."""
    if not nav.deep:
        raise bad_payload(f"Navigation property '{nav.name}' cannot be given with its parent", nav.name)
    if value is None:
        return []
    if nav.many:
        listed = value.get("results") if isinstance(value, dict) and version == 2 else value
    else:
        listed = [value]
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        raise bad_payload(f"Navigation property '{nav.name}' has an invalid value", nav.name)
    return listed


def filled(entity: Entity, given: Mapping[str, Value], **own: Value) -> dict[str, Any]:
    """A whole row: blanks, what was given, what the system sets."""
    return {**entity.blanks, **given, **own}
