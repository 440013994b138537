"""What objects and fields the org has: schema.json of the platform and of its packages, and what the control API adds.

schema.json: {"<Object>": {"prefix", "label", "owned"?, "currency"?, "fields": {"<Field>": {...}}}}. A field:
type; length, scale; required; default; values (picklist) with restricted; external_id, unique; to, relationship,
children, cascade (reference), locks (a write locks the row referred to); read_only, create_only, calculated (never
sent in change events); formula (worked out when read, never kept); compound.
System fields are added to every object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NUMBERS = frozenset({"double", "currency", "percent", "int"})
TEXTS = frozenset({"string", "textarea", "email", "phone", "url", "picklist", "multipicklist", "id", "reference"})
TYPES = NUMBERS | TEXTS | {"boolean", "date", "datetime"}

_SYSTEM: dict[str, dict[str, Any]] = {
    "Id": {"type": "id", "length": 18, "read_only": True},
    "IsDeleted": {"type": "boolean", "read_only": True, "calculated": True},
    "CreatedDate": {"type": "datetime", "read_only": True},
    "CreatedById": {"type": "reference", "to": "User", "relationship": "CreatedBy", "read_only": True},
    "LastModifiedDate": {"type": "datetime", "read_only": True},
    "LastModifiedById": {"type": "reference", "to": "User", "relationship": "LastModifiedBy", "read_only": True},
    "SystemModstamp": {"type": "datetime", "read_only": True, "calculated": True},
}
_OWNER = {"OwnerId": {"type": "reference", "to": "User", "relationship": "Owner"}}
_CURRENCY = {"CurrencyIsoCode": {"type": "picklist", "length": 3, "label": "Currency"}}


@dataclass(frozen=True)
class Field:
    """One field. `currency_only`: exists only while the org is multi-currency."""

    name: str
    type: str
    label: str
    length: int = 0
    scale: int = 2
    required: bool = False
    default: Any = None
    values: tuple[str, ...] = ()
    restricted: bool = False
    external_id: bool = False
    unique: bool = False
    to: str = ""
    relationship: str = ""
    children: str = ""
    cascade: bool = False
    read_only: bool = False
    create_only: bool = False
    calculated: bool = False
    compound: str = ""
    formula: bool = False
    locks: bool = False
    currency_only: bool = False

    @property
    def indexed(self) -> bool:
        return self.unique or self.external_id or self.type == "reference"

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")


@dataclass
class SObject:
    """One object; `by_lower` finds fields and parent relationships as SOQL spells them, whatever the case."""

    name: str
    prefix: str
    label: str
    fields: dict[str, Field]
    read_only: bool = False
    by_lower: dict[str, Field] = field(default_factory=dict)
    parents: dict[str, Field] = field(default_factory=dict)
    locking: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.by_lower = {name.lower(): one for name, one in self.fields.items()}
        self.parents = {one.relationship.lower(): one for one in self.fields.values() if one.relationship}
        self.locking = tuple(one.name for one in self.fields.values() if one.cascade or one.locks)


def _field(name: str, spec: dict[str, Any]) -> Field:
    """Raises ValueError, naming the field, for a shape nobody knows."""
    made = dict(spec)
    if made.get("type") not in TYPES:
        raise ValueError(f"{name}: type must be one of {sorted(TYPES)}")
    made["values"] = tuple(made.get("values", ()))
    if made.get("formula"):
        made |= {"read_only": True, "calculated": True}
    made.setdefault("length", {"textarea": 32000, "id": 18, "reference": 18}.get(made["type"], 255))
    if made["type"] == "reference" and not made.get("relationship"):
        made["relationship"] = f"{name[:-1]}r" if name.endswith("__c") else name.removesuffix("Id")
    try:
        return Field(name=name, label=made.pop("label", name.removesuffix("__c").replace("_", " ")), **made)
    except TypeError as exc:
        raise ValueError(f"{name}: {exc}") from exc


def _sobject(name: str, spec: dict[str, Any]) -> SObject:
    specs = dict(_SYSTEM)
    if spec.get("owned"):
        specs |= _OWNER
    specs |= spec["fields"]
    fields = {each: _field(each, one) for each, one in specs.items()}
    if spec.get("currency"):
        code = _field("CurrencyIsoCode", _CURRENCY["CurrencyIsoCode"] | {"currency_only": True})
        fields["CurrencyIsoCode"] = code
    return SObject(name, spec["prefix"], spec.get("label", name), fields, bool(spec.get("read_only")))


class Schema:
    """All objects of the org. `extend` takes more of the shape of schema.json and merges field by field."""

    def __init__(self, *specs: Mapping[str, Any]) -> None:
        """Those of schema.json, and then `specs`, in their order."""
        self._specs: dict[str, Any] = {}
        self.objects: dict[str, SObject] = {}
        self._by_lower: dict[str, SObject] = {}
        for each in (json.loads(Path(__file__).with_name("schema.json").read_text()), *specs):
            self.extend(each)

    def extend(self, specs: Mapping[str, Any]) -> None:
        """Raises ValueError, and changes nothing, when an object lacks a prefix or a field has no known type."""
        merged = dict(self._specs)
        made: dict[str, SObject] = {}
        for name, spec in specs.items():
            old = merged.get(name, {})
            one = {**old, **spec, "fields": {**old.get("fields", {}), **spec.get("fields", {})}}
            if not one.get("prefix"):
                raise ValueError(f"{name}: a new object needs a three-character prefix")
            merged[name], made[name] = one, _sobject(name, one)
        self._specs = merged
        for name, built in made.items():
            self.objects[name] = built
            self._by_lower[name.lower()] = built

    def find(self, name: str) -> SObject | None:
        return self._by_lower.get(name.lower())

    def children_of(self, name: str) -> Iterator[tuple[SObject, Field]]:
        """Every (child object, its reference field) whose children hang under the object `name`."""
        for child in self.objects.values():
            for one in child.fields.values():
                if one.to == name and one.children:
                    yield child, one
