"""A request body -> stored values, with NetSuite's way of complaining.

Unknown names are dropped (a warning is all that tells) unless the name-validation header says Error. Invalid values
are refused unless the value-validation header says otherwise. Source: notes, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.netsuite.book import Unit
from sandbox.netsuite.errors import Detail, NetSuiteError, invalid_content
from sandbox.netsuite.fields import Field, RecordType

IGNORED_NAMES = frozenset({"links", "id", "refName"})
_LARGEST_WHOLE = 2**31
_HOURS = re.compile(r"^\d{1,4}:[0-5]\d$")


@dataclass
class Reading:
    """How to read one body, and what was wrong in it. `names`, `values`: error | warning | ignore."""

    unit: Unit
    names: str = "warning"
    values: str = "error"
    custom: Mapping[str, list[str]] = field(default_factory=dict)
    problems: list[Detail] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def done(self) -> None:
        if self.problems:
            raise NetSuiteError(400, *self.problems)

    def unknown_name(self, path: str) -> None:
        text = f"Unknown field '{path}'. Provide a valid field name, or change the property name validation."
        if self.names == "error":
            self.problems.append(Detail(text, "INVALID_CONTENT", {"o:errorPath": path}))
        elif self.names == "warning":
            self.warnings.append(text)

    def bad_value(self, error: NetSuiteError) -> None:
        if self.values == "error":
            self.problems.extend(error.details)
        elif self.values == "warning":
            self.warnings.append(str(error))


def read_body(reading: Reading, record_type: RecordType, body: Mapping[str, Any]) -> dict[str, Any]:
    """The given, writable fields in stored form; a null is kept as None (clear the field).

    Raises NetSuiteError 400 listing every problem, each with its o:errorPath.
    """
    fields = {**record_type.fields, **_custom_fields(reading, record_type.name)}
    given = _read_fields(reading, fields, body, "", record_type.name)
    reading.done()
    return given


def _custom_fields(reading: Reading, owner: str) -> dict[str, Field]:
    return {name: Field("text") for name in reading.custom.get(owner, [])}


def _read_fields(
    reading: Reading, fields: Mapping[str, Field], body: Mapping[str, Any], prefix: str, owner: str
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in body.items():
        path = prefix + name
        spec = fields.get(name)
        if spec is None:
            if name not in IGNORED_NAMES:
                reading.unknown_name(path)
            continue
        if spec.read_only:
            continue
        try:
            given[name] = None if value is None else _read_value(reading, spec, value, path, f"{owner}.{name}")
        except NetSuiteError as error:
            reading.bad_value(error)
    return given


def _read_value(reading: Reading, spec: Field, value: Any, path: str, owner: str) -> Any:
    if spec.kind == "sublist":
        return _read_sublist(reading, spec, value, path, owner)
    if spec.kind == "block":
        if not isinstance(value, dict):
            raise _wrong(value, path)
        return _read_fields(reading, spec.inner, value, f"{path}.", owner)
    if spec.kind == "ref":
        return read_ref(reading.unit, spec, value, path)
    if spec.kind == "choice":
        return _read_choice(spec, value, path)
    return _PLAIN[spec.kind](value, path)


def _read_sublist(reading: Reading, spec: Field, value: Any, path: str, owner: str) -> list[dict[str, Any]]:
    lines = value.get("items") if isinstance(value, dict) else None
    if not isinstance(lines, list):
        raise invalid_content(f"Invalid sublist '{path}': an object with 'items' is expected.", path)
    inner = {**spec.inner, **_custom_fields(reading, owner)}
    read = []
    for index, line in enumerate(lines):
        at = f"{path}.items[{index}]"
        if not isinstance(line, dict):
            raise _wrong(line, at)
        read.append(_read_fields(reading, inner, line, f"{at}.", owner))
    return read


def read_ref(unit: Unit, spec: Field, value: Any, path: str) -> dict[str, str]:
    """{"id"}, {"externalId"} or a bare id -> {"id", "recordType"}. Raises 400 when nothing is there."""
    external = value.get("externalId") if isinstance(value, dict) else None
    wanted = value.get("id") if isinstance(value, dict) else value
    if isinstance(wanted, (int, str)) and not isinstance(wanted, bool) and str(wanted) != "":
        if str(wanted).startswith("eid:"):
            external, wanted = str(wanted)[4:], None
        else:
            found = unit.find(spec.targets, str(wanted))
            if found:
                return {"id": str(wanted), "recordType": found[0]}
    if external is not None and wanted is None:
        for kind in spec.targets:
            record_id = unit.id_of(kind, str(external))
            if record_id:
                return {"id": record_id, "recordType": kind}
    shown = external if external is not None else wanted
    name = path.rsplit(".", 1)[-1]
    raise invalid_content(
        f"Error while accessing a resource. You have entered an Invalid Field Value {shown} for the following field: {name}",
        path,
    )


def _read_choice(spec: Field, value: Any, path: str) -> str:
    """{"id": "A"} or "A"; a field without an options list takes any id."""
    chosen = value.get("id") if isinstance(value, dict) else value
    if isinstance(chosen, bool) or not isinstance(chosen, (str, int)):
        raise _wrong(value, path)
    if spec.options and str(chosen) not in spec.options:
        raise invalid_content(
            f"Invalid value '{chosen}' of field '{path}'. Use one of {', '.join(spec.options)}.", path
        )
    return str(chosen)


def _wrong(value: Any, path: str) -> NetSuiteError:
    return invalid_content(f"Invalid value of field '{path}'. Provide a valid value, not {value!r}.", path)


def _text(value: Any, path: str) -> str:
    if isinstance(value, (dict, list, bool)):
        raise _wrong(value, path)
    try:
        str(value).encode()
    except UnicodeEncodeError as exc:  # half of a surrogate pair, which JSON can say and no database keeps
        raise invalid_content(f"Invalid characters in field '{path}'.", path) from exc
    return str(value)


def _number(value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise _wrong(value, path)
    try:
        number = Decimal(value)
    except InvalidOperation as exc:
        raise _wrong(value, path) from exc
    if not number.is_finite() or abs(number) >= Decimal("1e15"):
        raise _wrong(value, path)
    return format(number, "f")


def _whole(value: Any, path: str) -> int:
    number = Decimal(_number(value, path))
    if number != number.to_integral_value() or abs(number) >= _LARGEST_WHOLE:
        raise _wrong(value, path)
    return int(number)


def _flag(value: Any, path: str) -> bool:
    if value in (True, False):
        return bool(value)
    if value in ("T", "true"):
        return True
    if value in ("F", "false"):
        return False
    raise _wrong(value, path)


def _day(value: Any, path: str) -> str:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise _wrong(value, path) from exc
    if not 1900 <= day.year <= 2199:
        raise _wrong(value, path)
    return day.isoformat()


def _instant(value: Any, path: str) -> str:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise _wrong(value, path) from exc
    return str(value)


_PLAIN: dict[str, Callable[[Any, str], Any]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "flag": _flag,
    "day": _day,
    "instant": _instant,
}


def hours_ok(text: str) -> bool:
    return bool(_HOURS.match(text))
