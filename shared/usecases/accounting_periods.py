"""Closing months, and the first day on which an invoice may be dated."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta

from shared.domain.accounting import AccountingCalendar, CalendarAct, CalendarChange
from shared.faults import BusinessException

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def close_month(calendar: AccountingCalendar, month: str, *, by: str, at: datetime, today: date) -> AccountingCalendar:
    """Closing what is closed changes nothing. today: in the legal entity's calendar.

    Raises BusinessException("period_not_over") for a month that has not ended, ("period_unreadable") for no month.
    Source: docs/billing.md, "Late work and closed periods".
    """
    if today <= month_end(month):
        raise BusinessException("period_not_over", month=month, today=today.isoformat())
    return _changed(calendar, month, CalendarAct.CLOSED, by, at)


def open_month(calendar: AccountingCalendar, month: str, *, by: str, at: datetime) -> AccountingCalendar:
    """Opening what is open changes nothing. Raises BusinessException("period_unreadable")."""
    month_end(month)
    return _changed(calendar, month, CalendarAct.OPENED, by, at)


def is_open(calendar: AccountingCalendar, day: date) -> bool:
    return day.strftime("%Y-%m") not in calendar.closed


def first_open_day(calendar: AccountingCalendar, day: date) -> date:
    """The day itself, or the first of the next month that is open: never a day in a closed one."""
    while not is_open(calendar, day):
        day = month_end(day.strftime("%Y-%m")) + timedelta(days=1)
    return day


def month_end(month: str) -> date:
    """Of "2026-10". Raises BusinessException("period_unreadable")."""
    if not _MONTH.fullmatch(month):
        raise BusinessException("period_unreadable", month=month, wanted="YYYY-MM")
    year, number = (int(part) for part in month.split("-"))
    return date(year, number, monthrange(year, number)[1])


def _changed(calendar: AccountingCalendar, month: str, act: CalendarAct, by: str, at: datetime) -> AccountingCalendar:
    if (month in calendar.closed) is (act is CalendarAct.CLOSED):
        return calendar
    return replace(calendar, changes=(*calendar.changes, CalendarChange(month, act, by, at)))
