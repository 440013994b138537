"""OData's spellings: literals in filters and keys, dates on the wire, numbers with and without leading zeros.

V2 writes dates as `/Date(<ms>)/` and decimals as texts. Source: docs/connectors/sap_s4hana.md, "OData".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from urllib.parse import quote

from shared.domain.currencies import minor_units

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SAFE = "(),'/:"
_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def any_of(field: str, values: list[str]) -> str:
    return "(" + " or ".join(f"{field} eq {literal(value)}" for value in values) + ")"


def moment(at: datetime) -> str:
    """An instant in a filter, to the second below."""
    return f"datetimeoffset'{at.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%SZ')}'"


def day(on: date) -> str:
    """A date in a V2 body: milliseconds of midnight UTC."""
    return f"/Date({(datetime(on.year, on.month, on.day, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)})/"


def read_instant(text: object) -> datetime:
    """Of a V2 date or timestamp, aware UTC. Raises ValueError."""
    match = _DATE.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text} is no date of OData V2")
    return _EPOCH + timedelta(milliseconds=int(match[1]))


def read_day(text: object) -> date:
    """Raises ValueError."""
    return read_instant(text).date()


def amount(text: object, currency: str) -> Decimal:
    """Fields hold three decimals whatever the currency: to its smallest unit. Raises ValueError."""
    try:
        return Decimal(str(text)).quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)
    except InvalidOperation as exc:
        raise ValueError(f"{text} is no amount") from exc


def plain(number: object) -> str:
    """Leading zeros are kept or dropped by field: a number is compared without them."""
    text = str(number)
    return (text.lstrip("0") or "0") if text.isdigit() else text


def query(**options: str | int | None) -> str:
    """`?$filter=...&$top=...`, empty options left out."""
    given = {name: value for name, value in options.items() if value not in (None, "")}
    return "?" + "&".join(f"${name}={quote(str(value), safe=_SAFE)}" for name, value in given.items())


def cut(text: str, length: int) -> str:
    """At most so many characters as SAP counts them, UTF-16 units: a character beyond the first plane is two. What is left
    over is dropped, and no half of a character is left."""
    kept = text.strip().encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
    return kept.strip()
