"""Billing schedule: when a contract's work is invoiced; billing period: one stretch of days that is invoiced together.

Source: docs/billing.md, "Billing schedules".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Cadence(StrEnum):
    """ON_COMPLETION: once the project is closed. ON_DEMAND: when somebody asks for this contract. Neither has periods."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    SEMI_MONTHLY = "semi_monthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ON_COMPLETION = "on_completion"
    ON_DEMAND = "on_demand"

    @property
    def has_periods(self) -> bool:
        return self not in (Cadence.ON_COMPLETION, Cadence.ON_DEMAND)


@dataclass(frozen=True, slots=True)
class BillingSchedule:
    """weekday: the last day of a weekly or biweekly period, ISO: 1 is Monday. cut_offs: the last days of periods within a
    month, rising; one past the month's end (31 in February) is its last day. anchor: a day in the first biweekly period.
    """

    cadence: Cadence
    weekday: int = 7
    cut_offs: tuple[int, ...] = (31,)
    anchor: date | None = None


@dataclass(frozen=True, slots=True)
class BillingPeriod:
    """Dates in the legal entity's calendar; both ends belong to it."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end on {self.end}, before its start {self.start}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1
