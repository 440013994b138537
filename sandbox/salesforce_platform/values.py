"""Field values: what a caller may send, how they are kept, how REST shows them.

Kept: text as str, numbers as Decimal (int fields as int), checkbox as bool, date `2026-03-01`,
datetime `2026-03-01T10:00:00.000` (UTC, so that text order is time order), null as None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.ids import to18
from sandbox.salesforce_platform.schema import NUMBERS, Field

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]


def now_stamp() -> str:
    return stamp(datetime.now(UTC))


def unstamp(kept: str) -> datetime:
    return datetime.fromisoformat(kept).replace(tzinfo=UTC)


def read_datetime(text: str) -> str:
    """An ISO 8601 instant with an offset, `Z` or `+0000` -> as kept. Raises ValueError."""
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.strip().replace("Z", "+00:00"))
    moment = datetime.fromisoformat(text)
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def read_date(text: str) -> str:
    """`2026-03-01`, or an instant, whose day in UTC counts. Raises ValueError."""
    text = text.strip()
    return date.fromisoformat(text).isoformat() if len(text) <= 10 else read_datetime(text)[:10]


def coerce(field: Field, raw: Any) -> Any:
    """What a caller sent for a field -> as kept. Raises ApiError with the code of section 8 of the vendor notes."""
    if raw is None or raw == "":
        if field.type == "boolean":
            raise _cannot(field, raw)
        return None
    reader: Callable[[Field, Any], Any] = _READERS.get(field.type, _text)
    return reader(field, raw)


def _cannot(field: Field, raw: Any) -> ApiError:
    kind = "VALUE_STRING" if isinstance(raw, str) else "VALUE"
    return ApiError(
        400,
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {field.type} from {kind} value {raw} or request may be missing a required "
        f"field at {field.name}",
    )


def _text(field: Field, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise _cannot(field, raw)
    text = raw.strip()
    if len(text) > field.length:
        shown = text[:80]
        raise ApiError(
            400,
            "STRING_TOO_LONG",
            f"{field.label}: data value too large: {shown} (max length={field.length})",
            [field.name],
        )
    return text or None


def _picklist(field: Field, raw: Any) -> str | None:
    text = _text(field, raw)
    if text is not None and field.restricted and text not in field.values:
        raise ApiError(
            400,
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text}",
            [field.name],
        )
    return text


def _email(field: Field, raw: Any) -> str | None:
    text = _text(field, raw)
    if text is not None and not _EMAIL.fullmatch(text):
        raise ApiError(400, "INVALID_EMAIL_ADDRESS", f"{field.label}: invalid email address: {text}", [field.name])
    return text


def _boolean(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    raise _cannot(field, raw)


def _number(field: Field, raw: Any) -> Decimal | int:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
        raise _cannot(field, raw)
    try:
        number = Decimal(raw)
        if not number.is_finite():
            raise InvalidOperation
        if field.type == "int":
            return int(number.to_integral_value(ROUND_HALF_UP))
        return number.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP)
    except InvalidOperation as exc:
        raise _cannot(field, raw) from exc


def _date(field: Field, raw: Any) -> str:
    try:
        return read_date(raw)
    except (ValueError, TypeError, AttributeError) as exc:
        raise _cannot(field, raw) from exc


def _datetime(field: Field, raw: Any) -> str:
    try:
        return read_datetime(raw)
    except (ValueError, TypeError, AttributeError) as exc:
        raise _cannot(field, raw) from exc


def _reference(field: Field, raw: Any) -> str:
    whole = to18(raw)
    if whole is None:
        raise ApiError(400, "MALFORMED_ID", f"{field.label}: id value of incorrect type: {raw}", [field.name])
    return whole


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "email": _email,
    "id": _reference,
    "picklist": _picklist,
    "reference": _reference,
} | dict.fromkeys(NUMBERS, _number)


def revive(field: Field, kept: Any) -> Any:
    """A value from the store, where Decimal is text."""
    if kept is not None and field.type in NUMBERS and field.type != "int":
        return Decimal(str(kept))
    return kept


def shown(field: Field, value: Any) -> Any:
    """As REST shows it: an instant gets its offset without a colon."""
    if value is not None and field.type == "datetime":
        return f"{value}+0000"
    return value
