"""What one resource looks like: its fields, associations, sort orders, events. Tables are in kinds_*.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Assoc:
    """A link to another resource.

    name: as written in `include`. to: the resource's top-level key ("" for a polymorphic one).
    field: the id field in answers. source: where the record keeps the id(s); or `back`: the field in the other
    resource that points here. always: shown though not included, as recorded traffic does.
    """

    name: str
    to: str
    field: str
    source: str = ""
    back: str = ""
    many: bool = False
    always: bool = False


def words(text: str) -> tuple[str, ...]:
    """Field names written as a sentence, to keep the tables readable."""
    return tuple(text.split())


def one(name: str, to: str, *, source: str = "", always: bool = False) -> Assoc:
    return Assoc(name, to, f"{name}_id", source or f"{name}_id", always=always)


def many(name: str, to: str, *, source: str = "", back: str = "") -> Assoc:
    singular = "additional_item" if name == "additional_items" else _singular(name)
    return Assoc(name, to, f"{singular}_ids", source or ("" if back else f"{singular}_ids"), back, many=True)


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name.removesuffix("s")


REFERENCES = Assoc("external_references", "external_references", "external_reference_ids", back="subject", many=True)
FIELD_VALUES = Assoc("custom_field_values", "custom_field_values", "custom_field_value_ids", back="subject", many=True)

STAMPS = ("created_at", "updated_at")


@dataclass(frozen=True)
class Kind:
    """key: plural, in paths and answers. singular: wraps bodies. subject: the class name in events and references.
    event: prefix of its event types ("" = changes make no events). bulk: most records in one create."""

    key: str
    singular: str
    subject: str
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    assocs: tuple[Assoc, ...] = ()
    orders: tuple[str, ...] = STAMPS
    default_order: str = "created_at:desc"
    event: str = ""
    verbs: tuple[str, ...] = ("created", "updated", "deleted")
    bulk: int = 1
    admin_only: bool = False
    ids: str = ""
    dates: tuple[str, ...] = field(default=())

    @property
    def counter(self) -> str:
        return self.ids or self.key
