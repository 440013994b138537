"""A record as the API shows it: its fields in the page's order, with the etag before them."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from sandbox.business_central.book import Record
from sandbox.business_central.fields import Entity
from sandbox.business_central.settings import Settings
from sandbox.business_central.values import xml_name
from sandbox.kit.odata.literals import DECIMAL, ENUM


def etag(record: Record) -> str:
    """Weak, opaque, and another one after every change."""
    mark = f"'{len(record['id'])};{record['id'][:8]};{record['_version']};'"
    return f'W/"{base64.b64encode(mark.encode()).decode()}"'


def number_of(value: Decimal) -> int | float:
    """A JSON number: nothing that fifteen digits do not hold is kept here."""
    return int(value) if value == value.to_integral_value() else float(value)


class Presenter:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shown: dict[str, tuple[Record, dict[str, Any]]] = {}

    def forget(self) -> None:
        self._shown.clear()

    def show(self, entity: Entity, record: Record) -> dict[str, Any]:
        """Not to be changed: records do not change in place, so what was made of one is kept."""
        key = f"{entity.set_name}/{record['id']}"
        known = self._shown.get(key)
        if known is not None and known[0] is record:
            return known[1]
        made = self._made(entity, record)
        if "_version" in record:
            self._shown[key] = (record, made)
        return made

    def _made(self, entity: Entity, record: Record) -> dict[str, Any]:
        shown: dict[str, Any] = {"@odata.etag": etag(record)} if "_version" in record else {}
        for one in entity.fields:
            value = record[one.name]
            if one.edm == DECIMAL:
                value = number_of(value)
            elif one.edm == ENUM and self._settings.encode_enums:
                value = xml_name(value)
            shown[one.name] = value
        return shown
