"""Values in bodies, checked: form clients send text, JSON clients typed values, both are taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.errors import invalid


def required(body: Record, *names: str) -> None:
    """Raises one 422 for the first that is missing or blank."""
    for name in names:
        if body.get(name) in (None, "", []):
            raise invalid(name, f"{name.replace('_', ' ').capitalize()} can't be blank")


def whole(body: Record, name: str, *, least: int | None = None) -> int:
    """An integer. Raises 422."""
    try:
        number = Decimal(str(body[name]))
    except InvalidOperation as exc:
        raise invalid(name, f"{name} is not a number") from exc
    if number != number.to_integral_value():
        raise invalid(name, f"{name} must be an integer")
    if least is not None and number < least:
        raise invalid(name, f"{name} must be greater than or equal to {least}")
    return int(number)


def day(body: Record, name: str) -> str:
    """A date yyyy-MM-dd. Raises 422."""
    try:
        return date.fromisoformat(str(body[name])[:10]).isoformat()
    except ValueError as exc:
        raise invalid(name, f"{name} is not a valid date") from exc


def optional_day(body: Record, name: str) -> str | None:
    return day(body, name) if body.get(name) else None


def truth(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "t")


def id_list(body: Record, name: str) -> list[str]:
    """Ids as strings, in the order given, each once. A csv text is taken too."""
    value = body.get(name) or []
    parts = value.split(",") if isinstance(value, str) else value
    return list(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))


def id_or_none(body: Record, name: str) -> str | None:
    value = body.get(name)
    return None if value in (None, "") else str(value)
