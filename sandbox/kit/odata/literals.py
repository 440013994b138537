"""Literal texts of V2 (`datetime'..'`, `guid'..'`, `12.5M`) and V4 (bare dates, GUIDs, numbers) to (Edm type, value).

Values are what comparisons use: Decimal for every number, bool, str for strings and GUIDs (lower case), ISO text for
dates and times of day, aware UTC `datetime` for instants (a V2 `datetime` has no zone and is read as UTC), None.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from sandbox.kit.odata.errors import SyntaxRefused

STRING, BOOLEAN, GUID, NULL, ENUM = "Edm.String", "Edm.Boolean", "Edm.Guid", "Edm.Null", "Edm.Enum"
DATE, INSTANT, LOCAL, TIME = "Edm.Date", "Edm.DateTimeOffset", "Edm.DateTime", "Edm.TimeOfDay"
DECIMAL, INTEGER, LONG, DOUBLE = "Edm.Decimal", "Edm.Int32", "Edm.Int64", "Edm.Double"
NUMBERS = frozenset({DECIMAL, INTEGER, LONG, DOUBLE, "Edm.Int16", "Edm.Byte", "Edm.SByte", "Edm.Single"})
INSTANTS = frozenset({INSTANT, LOCAL})
TIMES = frozenset({TIME, "Edm.Time", "Edm.Duration"})

Value = Decimal | bool | str | datetime | None
_SUFFIXES = {"m": DECIMAL, "d": DOUBLE, "f": "Edm.Single", "l": LONG}
_PREFIXES = {"guid": GUID, "datetimeoffset": INSTANT, "datetime": LOCAL, "time": "Edm.Time"}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def typed(prefix: str, text: str) -> tuple[str, Value]:
    """`prefix'text'`: a V2 literal, or an enumeration member of V4. Raises SyntaxRefused."""
    edm = _PREFIXES.get(prefix)
    if edm is None:
        return ENUM, text
    if edm in INSTANTS:
        return edm, instant(text)
    if edm == GUID and not _GUID.fullmatch(text):
        raise SyntaxRefused(f"'{text}' is not a valid GUID.")
    return edm, text.lower() if edm == GUID else text


def number(text: str) -> tuple[str, Value]:
    edm = _SUFFIXES.get(text[-1].lower())
    if edm is None:
        whole = text.lstrip("+-").isdigit()
        return (INTEGER if whole else DECIMAL), Decimal(text)
    return edm, Decimal(text[:-1])


@lru_cache(maxsize=65_536)
def instant(text: str) -> datetime:
    """ISO text, with any number of decimals and with or without zone. Raises SyntaxRefused."""
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError as exc:
        raise SyntaxRefused(f"'{text}' is not a valid date and time.") from exc
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first or last day there is, seen from another zone
        return moment.replace(tzinfo=UTC)


def stored(edm: str, value: object) -> Value:
    """A record's value as comparisons of that type see it. Dates with time keep only the day for Edm.Date."""
    if value is None:
        return None
    if edm in NUMBERS:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    if edm == BOOLEAN:
        return bool(value)
    if edm in INSTANTS:
        return instant(str(value))
    if edm == GUID:
        return str(value).lower()
    return str(value)[:10] if edm == DATE else str(value)
