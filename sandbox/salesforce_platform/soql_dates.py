"""Date literals that move with the clock: TODAY, LAST_N_DAYS:30, THIS_MONTH. All in UTC.

Source: SOQL and SOSL Reference, "Date Formats and Date Literals".
"""

from __future__ import annotations

from datetime import date, timedelta

_MOST_DIGITS = 5  # a longer one would leave the calendar


def _month(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def period(name: str, today: date) -> tuple[date, date] | None:
    """First day and the day after the last; None for a name that is no date literal."""
    day = timedelta(days=1)
    word, _, number = name.partition(":")
    if number:
        if len(number) > _MOST_DIGITS:
            return None
        count = timedelta(days=int(number))
        if word == "LAST_N_DAYS":
            return today - count, today + day
        return (today + day, today + day + count) if word == "NEXT_N_DAYS" else None
    first = today.replace(day=1)
    week = today - timedelta(days=(today.weekday() + 1) % 7)
    year = today.replace(month=1, day=1)
    return {
        "TODAY": (today, today + day),
        "YESTERDAY": (today - day, today),
        "TOMORROW": (today + day, today + 2 * day),
        "THIS_WEEK": (week, week + 7 * day),
        "LAST_WEEK": (week - 7 * day, week),
        "THIS_MONTH": (first, _month(first, 1)),
        "LAST_MONTH": (_month(first, -1), first),
        "NEXT_MONTH": (_month(first, 1), _month(first, 2)),
        "THIS_YEAR": (year, _month(year, 12)),
        "LAST_YEAR": (_month(year, -12), year),
    }.get(word)
