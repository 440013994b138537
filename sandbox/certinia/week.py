"""The seven day fields of a timecard or schedule, and the days they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours_by_day(row: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    """(day as kept, hours) from the first to the last day of the week; no hours is 0."""
    first, last = date.fromisoformat(row["pse__Start_Date__c"]), date.fromisoformat(row["pse__End_Date__c"])
    days = [first + timedelta(n) for n in range(min((last - first).days, 6) + 1)]
    return [(day.isoformat(), row[f"pse__{DAYS[day.weekday()]}_Hours__c"] or Decimal(0)) for day in days]
