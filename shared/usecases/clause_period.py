"""The billing period that a date belongs to, for clauses that count per period: the calendar month, by its first day."""

from __future__ import annotations

from datetime import date, timedelta

from shared.domain.contract import Contract


def period_of(contract: Contract, day: date) -> date:
    return day.replace(day=1)


def next_period(contract: Contract, period: date) -> date:
    return (period + timedelta(days=31)).replace(day=1)


def last_day(contract: Contract, period: date) -> date:
    return next_period(contract, period) - timedelta(days=1)


def periods_between(contract: Contract, first: date, last: date) -> tuple[date, ...]:
    """Of the period of `first` to the period of `last`, both included; empty if last is before first."""
    found, period = [], period_of(contract, first)
    while period <= last:
        found.append(period)
        period = next_period(contract, period)
    return tuple(found)
