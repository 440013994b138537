"""Values between JSON and records: types, lengths, read-only fields; option texts as XML names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.business_central.errors import Refused, bad_request
from sandbox.business_central.fields import Entity, Field
from sandbox.kit.odata.literals import BOOLEAN, DATE, DECIMAL, ENUM, GUID, INTEGER

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLAIN = re.compile(r"[^\w-]", re.ASCII)


class Given(NamedTuple):
    """A request's body: the fields it sets, as records hold them, and what it brings for parts (deep insert)."""

    values: dict[str, Any]
    parts: dict[str, list[Any]]


def xml_name(text: str) -> str:
    """`In Review` -> `In_x0020_Review`."""
    return _PLAIN.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def plain_name(text: str) -> str:
    """The reverse; a plain text stays as it is."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def given_of(entity: Entity, body: object, *, creating: bool) -> Given:
    """Raises Refused 400 for what the page does not accept."""
    if not isinstance(body, Mapping):
        raise bad_request("unreadable", text="an object is due")
    values: dict[str, Any] = {}
    parts: dict[str, list[Any]] = {}
    for name, value in body.items():
        if name.startswith("@odata.") or "@odata." in name:
            continue
        one = entity.by_name.get(name)
        if one is not None:
            values[name] = checked(one, value)
        elif name in entity.parts and entity.parts[name].foreign:
            if not creating:
                raise bad_request("deep_update", name=name)
            if not isinstance(value, list):
                raise bad_request("wrong_type", value=value, type=f"Collection({name})")
            parts[name] = value
        else:
            raise bad_request("unknown_property", name=name, type=entity.name)
    return Given(values, parts)


def checked(one: Field, value: object) -> Any:
    """Raises Refused for a read-only field, a wrong type, a text too long, an unknown option."""
    if one.fixed:
        raise bad_request("read_only", code="BadRequest_InvalidOperation", name=one.name)
    if value is None:
        return one.empty
    if one.edm == ENUM:
        return _option(one, value)
    if one.edm in _READERS:
        return _READERS[one.edm](value, one.edm)
    if not isinstance(value, str):
        raise _wrong(value, one.edm)
    text = value.strip().upper() if one.code else value
    if len(text) > one.length:
        facts = {"length": len(text), "most": one.length, "value": text}
        raise Refused(400, "Application_StringExceededLength", "too_long", **facts)
    return text


def _wrong(value: object, edm: str) -> Refused:
    return bad_request("wrong_type", value=value, type=edm)


def _option(one: Field, value: object) -> str:
    if isinstance(value, str):
        wanted = plain_name(value)
        for known in one.options:
            if wanted.lower() == known.lower() or (not wanted.strip() and not known.strip()):
                return known
    raise Refused(400, "Application_EvaluateException", "no_option", value=value)


def _decimal(value: object, edm: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong(value, edm)
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise _wrong(value, edm)
    return number


def _integer(value: object, edm: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(value, edm)
    return value


def _boolean(value: object, edm: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, edm)
    return value


def _guid(value: object, edm: str) -> str:
    if not isinstance(value, str) or not _GUID.fullmatch(value):
        raise _wrong(value, edm)
    return value.lower()


def _day(value: object, edm: str) -> str:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise _wrong(value, edm)
        return date.fromisoformat(value).isoformat()
    except ValueError as exc:
        raise _wrong(value, edm) from exc


_READERS = {DECIMAL: _decimal, INTEGER: _integer, BOOLEAN: _boolean, GUID: _guid, DATE: _day}
