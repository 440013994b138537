"""Accounting periods: which one a date falls in, and whether it still takes postings."""

from __future__ import annotations

import calendar
from datetime import date

from sandbox.netsuite.book import Book, Record, Unit
from sandbox.netsuite.errors import no_such_record, user_error
from sandbox.netsuite.write import Write

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CLOSED_TEXT = "You cannot create or change a transaction in a closed accounting period ({period})."
_POSTED = (
    "tranDate", "postingPeriod", "entity", "customer", "subsidiary", "currency", "exchangeRate",
    "item", "taxDetails", "total", "apply", "payment", "approvalStatus",
)  # fmt: skip


def period_id(year: int, month: int) -> str:
    """Ids of months are fixed by the calendar, so that every account of this simulator agrees: 2026-10 -> 202610."""
    return f"{year}{month:02d}"


def month_period(year: int, month: int) -> Record:
    last = calendar.monthrange(year, month)[1]
    quarter = (month - 1) // 3 + 1
    return {
        "id": period_id(year, month),
        "periodName": f"{_MONTHS[month - 1]} {year}",
        "startDate": date(year, month, 1).isoformat(),
        "endDate": date(year, month, last).isoformat(),
        "parent": {"id": f"{year}9{quarter}", "recordType": "accountingPeriod"},
        **_flags(posting=True),
    }


def year_periods(year: int) -> list[Record]:
    """The year, its quarters and its months."""
    whole = {"id": str(year), "periodName": f"FY {year}", "startDate": f"{year}-01-01", "endDate": f"{year}-12-31"}
    quarters = [_quarter(year, number) for number in (1, 2, 3, 4)]
    return [{**whole, **_flags(year=True)}, *quarters, *(month_period(year, month) for month in range(1, 13))]


def _quarter(year: int, number: int) -> Record:
    last = number * 3
    return {
        "id": f"{year}9{number}",
        "periodName": f"Q{number} {year}",
        "startDate": date(year, last - 2, 1).isoformat(),
        "endDate": date(year, last, calendar.monthrange(year, last)[1]).isoformat(),
        "parent": {"id": str(year), "recordType": "accountingPeriod"},
        **_flags(quarter=True),
    }


def _flags(*, year: bool = False, quarter: bool = False, posting: bool = False) -> dict[str, bool]:
    locks = dict.fromkeys(("closed", "arLocked", "apLocked", "allLocked", "isAdjust"), False)
    return {"isYear": year, "isQuarter": quarter, "isPosting": posting, **locks}


def set_closed(book: Book, month: str, *, closed: bool, today: str, stamp: str) -> Record:
    """`month` as `2026-10`, or a period id. Raises NetSuiteError 404."""
    with book.unit() as unit:
        period = unit.get("accountingPeriod", month.replace("-", ""))
        if period is None or not period["isPosting"]:
            raise no_such_record(f"No accounting period {month!r}.")
        period.update(closed=closed, arLocked=closed, apLocked=closed, allLocked=closed, lastModifiedDate=stamp)
        period["closedOnDate"] = today if closed else None
        unit.put("accountingPeriod", period)
    return period


def settle_period(write: Write) -> None:
    """Sets `postingPeriod`; refuses what would change a closed one. Raises USER_ERROR, a human text only."""
    record, old = write.record, write.old
    moved = old is not None and old.get("tranDate") != record["tranDate"]
    if "postingPeriod" not in record or (moved and "postingPeriod" not in write.given):
        year, month = record["tranDate"][:4], record["tranDate"][5:7]
        record["postingPeriod"] = {"id": f"{year}{month}", "recordType": "accountingPeriod"}
    if old is None:
        require_open(write.unit, record)
    elif _posting(old) != _posting(record):
        require_open(write.unit, old)
        require_open(write.unit, record)


def _posting(record: Record) -> dict[str, object]:
    """What of a record is in the books; marks of the current request do not count."""
    posted: dict[str, object] = {}
    for name in _POSTED:
        value = record.get(name)
        posted[name] = (
            [{k: v for k, v in line.items() if k != "_given"} for line in value] if isinstance(value, list) else value
        )
    return posted


def require_open(unit: Unit, record: Record) -> None:
    period = unit.peek("accountingPeriod", record["postingPeriod"]["id"])
    if period is None or not period["isPosting"]:
        raise user_error("The transaction date you specified is not within the date range of your accounting period.")
    if period["closed"]:
        raise user_error(CLOSED_TEXT.format(period=period["periodName"]))
