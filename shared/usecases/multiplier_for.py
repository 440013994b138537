"""Which multiplier of the contract applies to an hour: by what the entry says, else by its day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.domain.money import Money
from shared.domain.terms import Multipliers, WorkKind

PLAIN = Decimal(1)


def multiplier_for(
    multipliers: Multipliers | None, *, work_kind: WorkKind | None, worked_on: date
) -> tuple[Decimal, str | None]:
    """(factor of the rate per hour, the clause that says so); (1, None) for plain work.

    worked_on: the worker's local date: whether it is a weekend is a question of where the worker is, not of UTC.
    Never two at once: travel, else overtime, else weekend. Source: docs/billing.md, "Multipliers".
    """
    if multipliers is None:
        return PLAIN, None
    name = _which(multipliers, work_kind, worked_on)
    factor: Decimal = getattr(multipliers, name) if name else PLAIN
    return (factor, f"multipliers.{name}") if factor != PLAIN else (PLAIN, None)


def multiplied(rate: Money, factor: Decimal) -> Money:
    """The price, not rounded; written with the currency's decimals where it has no more: 225.00, but 178.125."""
    exact = rate.times(factor)
    tidy = exact.rounded()
    return tidy if tidy == exact else exact


def _which(multipliers: Multipliers, work_kind: WorkKind | None, worked_on: date) -> str | None:
    if work_kind is not None:
        return work_kind.value
    return "weekend" if worked_on.isoweekday() in multipliers.weekend_days else None
