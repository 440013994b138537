"""Properties of entities: their types, and values on their way in and out.

Kept values are plain JSON: text; numbers without leading zeros where the field is converted (`id`, `padded`); decimals
as text; dates `2026-01-31`; instants `2026-01-31T09:20:15.744765Z`; times `09:20:15`; booleans. Source: vendor notes,
section 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.sap_s4hana.clock import EPOCH

Value = str | bool | None
PLACES = {"JPY": 0}
"""Decimals of a currency, where not two."""

_EDM = {
    "text": "Edm.String", "upper": "Edm.String", "id": "Edm.String", "padded": "Edm.String", "date": "Edm.DateTime",
    "instant": "Edm.DateTimeOffset", "time": "Edm.Time", "bool": "Edm.Boolean", "guid": "Edm.Guid",
    "amount": "Edm.Decimal", "decimal": "Edm.Decimal",
}  # fmt: skip
_SPEC = re.compile(r"(\w+):([a-z]*)(\d*)(?:\.(\d+))?([!+]?)")
_V2_DATE = re.compile(r"/Date\((-?\d+)(?:([+-])(\d{4}))?\)/")


class ValueRefused(ValueError):
    """What is wrong with one property's value, in words."""


@dataclass(frozen=True, slots=True)
class Field:
    """`length`: of text, or digits of a decimal; `scale`: decimals. An `id` is shown without leading zeros, a `padded` one
    with them, whatever was sent."""

    name: str
    kind: str
    length: int = 0
    scale: int = 0
    creatable: bool = True
    updatable: bool = True

    @property
    def edm(self) -> str:
        return _EDM[self.kind]

    @property
    def is_text(self) -> bool:
        return self.edm == "Edm.String"

    @property
    def blank(self) -> Value:
        """What stands where nothing was given."""
        if self.is_text:
            return ""
        if self.kind == "bool":
            return False
        return "0" if self.edm == "Edm.Decimal" else None


def fields(text: str) -> dict[str, Field]:
    """`Name:35 Name:upper24 Name:id10! Name:decimal15.3+ ...`; `!` read only, `+` given on create only."""
    found = {}
    for part in text.split():
        match = _SPEC.fullmatch(part)
        assert match is not None, part
        name, kind, length, scale, flag = match.groups()
        if kind == "amount":
            length, scale = "16", "3"
        found[name] = Field(name, kind or "text", int(length or 0), int(scale or 0), flag != "!", not flag)
    return found


def unpadded(text: str) -> str:
    """Leading zeros mean nothing in a number, and all in a text that holds a letter."""
    return text.lstrip("0") or "0" if text.isdigit() else text


def taken(field: Field, value: object, version: int) -> Value:
    """A value from a request body as it is kept. version: 2 or 4. Raises ValueRefused."""
    if value is None:
        return field.blank if field.is_text else None
    if field.kind == "bool":
        if not isinstance(value, bool):
            raise ValueRefused(f"Property '{field.name}' has invalid value '{value}'")
        return value
    if field.edm == "Edm.Decimal":
        return _decimal(field, value, version)
    if not isinstance(value, str):
        raise ValueRefused(f"Property '{field.name}' has invalid value '{value}'")
    if field.is_text:
        return _text(field, value)
    return _moment(field, value, version)


def _text(field: Field, value: str) -> str:
    if field.length and len(value) > field.length:
        raise ValueRefused(f"Property '{field.name}' has value '{value[:80]}': maximum length {field.length} exceeded")
    if field.kind == "upper":
        return value.upper()
    return unpadded(value) if field.kind in ("id", "padded") and value else value


def _decimal(field: Field, value: object, version: int) -> str:
    """V2 takes text only, as it gives; V4 takes numbers, too."""
    allowed = (str,) if version == 2 else (str, int, Decimal)
    if not isinstance(value, allowed) or isinstance(value, bool):
        raise ValueRefused(f"Property '{field.name}' has invalid value '{value}'")
    try:
        number = Decimal(str(value))
    except InvalidOperation as exc:
        raise ValueRefused(f"Property '{field.name}' has invalid value '{value}'") from exc
    if not number.is_finite():
        raise ValueRefused(f"Property '{field.name}' has invalid value '{value}'")
    places = -int(number.normalize().as_tuple().exponent)
    if places > field.scale or number.adjusted() >= field.length - field.scale:
        raise ValueRefused(
            f"Property '{field.name}' has value '{value}': facets ({field.length},{field.scale}) exceeded"
        )
    return plain(number)


def plain(number: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(field: Field, value: str, version: int) -> Value:
    try:
        match field.kind:
            case "guid":
                if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", value):
                    raise ValueError(value)
                return value.lower()
            case "time":
                return _time(value, version)
            case "date":
                if version == 4:
                    return date.fromisoformat(value).isoformat()
                return _v2_moment(value).date().isoformat()
            case _:
                moment = datetime.fromisoformat(value) if version == 4 else _v2_moment(value)
                return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, OverflowError) as exc:
        raise ValueRefused(f"Property '{field.name}' has invalid value '{value}'") from exc


def _v2_moment(value: str) -> datetime:
    match = _V2_DATE.fullmatch(value)
    if match:
        return EPOCH + timedelta(milliseconds=int(match[1]))
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _time(value: str, version: int) -> str:
    if version == 4:
        return time.fromisoformat(value).strftime("%H:%M:%S")
    match = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", value)
    if match is None:
        raise ValueError(value)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return f"{hours:02}:{minutes:02}:{seconds:02}"


def shown(field: Field, value: Value, version: int, currency: str) -> Any:
    """A kept value as an answer says it. currency: of the record's amounts, "" if it has none."""
    if value is None or isinstance(value, bool):
        return value
    if field.kind == "amount":
        places = PLACES.get(currency, 2) if currency else 3
        return _number(field, Decimal(value).quantize(Decimal(1).scaleb(-places)), version)
    if field.kind == "decimal":
        return _number(field, Decimal(value).quantize(Decimal(1).scaleb(-field.scale)), version)
    if field.kind == "padded":
        return value.zfill(field.length) if value.isdigit() else value
    if version == 4:
        return value
    match field.kind:
        case "date":
            return f"/Date({_milliseconds(value + 'T00:00:00+00:00')})/"
        case "instant":
            return f"/Date({_milliseconds(value)}+0000)/"
        case "time":
            return f"PT{value[:2]}H{value[3:5]}M{value[6:8]}S"
    return value


def _number(field: Field, number: Decimal, version: int) -> Any:
    """Text in V2; in V4 a JSON number (`jsontext` writes Decimal digit by digit)."""
    return format(number, "f") if version == 2 else number


def _milliseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)
