"""The billing period that a date belongs to, for clauses that count per period; a period is told by its first day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from shared.domain.billing_schedule import BillingSchedule
from shared.domain.contract import Contract
from shared.usecases import billing_periods
from shared.usecases.parse_schedule import parse_schedule


def period_of(contract: Contract, day: date) -> date:
    return billing_periods.period_of(_schedule(contract.billing_schedule, contract.starts_on), day).start


def next_period(contract: Contract, period: date) -> date:
    return last_day(contract, period) + timedelta(days=1)


def last_day(contract: Contract, period: date) -> date:
    return billing_periods.period_of(_schedule(contract.billing_schedule, contract.starts_on), period).end


def periods_between(contract: Contract, first: date, last: date) -> tuple[date, ...]:
    """Of the period of `first` to the period of `last`, both included; empty if last is before first."""
    schedule = _schedule(contract.billing_schedule, contract.starts_on)
    return tuple(period.start for period in billing_periods.periods_between(schedule, first, last))


@lru_cache(maxsize=256)
def _schedule(words: str, starts_on: date) -> BillingSchedule:
    return parse_schedule(words, starts_on=starts_on)
