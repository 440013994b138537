"""Dates in SuiteQL: the account's format (M/D/YYYY), Oracle's format models, and what is kept in the mirror.

In the mirror every date is `YYYY-MM-DD HH:MM:SS` in the session's time zone, whole seconds, so text order is time order.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_KEPT = "%Y-%m-%d %H:%M:%S"
_MODEL = re.compile(r'"([^"]*)"|(YYYY|YY|MONTH|MON|MM|DD|DY|HH24|HH12|HH|MI|SS|AM|PM|FF\d?|TZH:TZM)', re.IGNORECASE)
_STRFTIME = {
    "YYYY": "%Y", "YY": "%y", "MONTH": "%B", "MON": "%b", "MM": "%m", "DD": "%d", "DY": "%a", "HH24": "%H", "HH12": "%I",
    "HH": "%I", "MI": "%M", "SS": "%S", "AM": "%p", "PM": "%p", "FF": "%f", "FF3": "%f", "FF6": "%f",
}  # fmt: skip
_ACCOUNT = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp][Mm]))?)?$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?$")


def _moment(kept: str) -> datetime:
    """Calculations on kept dates know no zone; UTC stands for "the session's"."""
    return datetime.strptime(kept, _KEPT).replace(tzinfo=UTC)


def zone_of(name: str) -> tzinfo:
    """UTC needs no time-zone database, which a small machine may lack."""
    return UTC if name == "UTC" else ZoneInfo(name)


class BadDate(ValueError):
    """A text that is no date in the expected format."""


def kept_day(text: str) -> str:
    return f"{text} 00:00:00"


def kept_stamp(text: str, zone: tzinfo) -> str:
    """`...Z` -> kept form in the session's zone."""
    return datetime.fromisoformat(text).astimezone(zone).strftime(_KEPT)


def kept_now(now: datetime, zone: tzinfo) -> str:
    return now.astimezone(UTC).astimezone(zone).strftime(_KEPT)


def account_text(kept: str) -> str:
    """A date column nobody wrapped: month/day/year without zeros, no time."""
    return f"{int(kept[5:7])}/{int(kept[8:10])}/{kept[:4]}"


def _strftime_model(model: str) -> str:
    done, at = "", 0
    for match in _MODEL.finditer(model):
        done += model[at : match.start()].replace("%", "%%")
        literal, token = match.groups()
        done += literal.replace("%", "%%") if token is None else _STRFTIME.get(token.upper(), "")
        at = match.end()
    return done + model[at:].replace("%", "%%")


def to_char(kept: str, model: str) -> str:
    return _moment(kept).strftime(_strftime_model(model))


def to_date(text: str, model: str) -> str:
    """Oracle's leniency kept small: the text must fit the model. Raises BadDate."""
    try:
        return datetime.strptime(text, _strftime_model(model)).replace(tzinfo=UTC).strftime(_KEPT)
    except ValueError as exc:
        raise BadDate(f"'{text}' does not fit the format '{model}'") from exc


def implied_date(text: str, *, iso: bool) -> str:
    """A bare literal where a date is needed: account format, or ISO where the account's setting allows it."""
    match = _ACCOUNT.match(text.strip())
    if match:
        month, day, year, hour, minute, second, half = match.groups()
        hours = int(hour or 0) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour or 0)
        try:
            parts = (int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
            return datetime(*parts, tzinfo=UTC).strftime(_KEPT)
        except ValueError as exc:
            raise BadDate(f"'{text}' is no date") from exc
    if iso and _ISO.match(text.strip()):
        return datetime.fromisoformat(text.strip().removesuffix("Z")).strftime(_KEPT)
    raise BadDate(f"'{text}' is no date in the account's format (M/D/YYYY)")


def add_days(kept: str, days: float) -> str:
    return (_moment(kept) + timedelta(days=days)).strftime(_KEPT)


def add_months(kept: str, months: int) -> str:
    """The same day, or the last one the month has."""
    moment = _moment(kept)
    total = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(total, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day).strftime(_KEPT)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1).strftime(_KEPT)


def last_day(kept: str) -> str:
    first = kept[:8] + "01" + kept[10:]
    return add_days(add_months(first, 1), -1)


def trunc(kept: str, model: str = "DD") -> str:
    form = model.upper()
    if form in ("MM", "MON", "MONTH"):
        return kept[:8] + "01 00:00:00"
    if form in ("YYYY", "YEAR", "YY"):
        return kept[:5] + "01-01 00:00:00"
    return kept[:10] + " 00:00:00"
