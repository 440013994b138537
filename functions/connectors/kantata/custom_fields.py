"""Custom field values side-loaded with an object: a name, a value in one of several shapes, who set it and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.reading import instant

_OFF = frozenset({"", "no", "false", "0", "none", "off"})


@dataclass(frozen=True)
class FieldValue:
    """text: as people see it. setter: the user who set it, by id, where Kantata says so."""

    text: str
    is_date: bool
    setter: str | None
    changed_at: datetime | None

    @property
    def on(self) -> bool:
        return self.text.strip().lower() not in _OFF


def field_value(row: Row, page: Page, name: str) -> FieldValue | None:
    """The value of the custom field of this name, None if it has none; names compare without case."""
    ids: Iterable[object] = row.get("custom_field_value_ids") or ()
    for id_ in ids:
        value = page.side("custom_field_values", id_)
        if str(value.get("custom_field_name", "")).lower() == name.lower():
            return _value(value)
    return None


def _value(value: Row) -> FieldValue:
    shown = value.get("display_value", value.get("value"))
    if isinstance(shown, list):
        shown = ", ".join(str(part) for part in shown)
    setter = value.get("setter_id")
    changed = value.get("updated_at")
    return FieldValue(
        text="" if shown is None else str(shown),
        is_date=value.get("type") == "date",
        setter=None if setter is None else str(setter),
        changed_at=instant(changed) if changed else None,
    )
