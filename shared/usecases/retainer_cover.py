"""Which retainer fee pays for which work, oldest fee first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract
from shared.domain.ledger import Covered
from shared.domain.money import Money
from shared.domain.terms import Retainer
from shared.usecases.clause_period import next_period

ZERO = Decimal(0)


def valid_for(contract: Contract, retainer: Retainer, fee_period: date, work_period: date) -> bool:
    """A fee pays work of its own period and of so many later ones as was agreed, never of an earlier one."""
    if fee_period > work_period:
        return False
    if retainer.carry_periods is None:
        return True
    last = fee_period
    for _ in range(retainer.carry_periods):
        last = next_period(contract, last)
    return work_period <= last


def retainer_cover(
    contract: Contract,
    retainer: Retainer,
    *,
    work_period: date,
    new: Money,
    before: Money,
    left: Mapping[date, Money],
    covered: Sequence[Covered],
) -> tuple[Covered, ...]:
    """What the fees pay of this invoice's work of one period; negative parts give back to their fee.

    new: the work of this invoice, net of discount; before: that of earlier invoices, same period. left: what each fee has
    left. covered: what fees paid of the period before. Corrections first take away what the customer paid for beyond the
    retainer; only then is cover given back, youngest fee first. Work that was billed is never covered afterwards.
    Source: docs/billing.md, "Retainers".
    """
    already = sum((each.value.amount for each in covered), ZERO)
    if new.amount <= 0:
        return _give_back(max(already - max((before + new).amount, ZERO), ZERO), covered, new.currency)
    room = min(new.amount, max((before + new).amount - already, ZERO))
    parts = []
    for fee_period in sorted(left):
        part = min(room, left[fee_period].amount)
        if part > 0 and valid_for(contract, retainer, fee_period, work_period):
            parts.append(Covered(fee_period, Money(part, new.currency)))
            room -= part
    return tuple(parts)


def _give_back(amount: Decimal, covered: Sequence[Covered], currency: str) -> tuple[Covered, ...]:
    standing: dict[date, Decimal] = {}
    for each in covered:
        standing[each.fee_period] = standing.get(each.fee_period, ZERO) + each.value.amount
    parts = []
    for fee_period in sorted(standing, reverse=True):
        part = min(amount, standing[fee_period])
        if part > 0:
            parts.append(Covered(fee_period, Money(-part, currency)))
            amount -= part
    return tuple(parts)


def fee_left(
    periods: Sequence[date], retainer: Retainer, covers: Sequence[Covered], included: Mapping[date, Money]
) -> dict[date, Money]:
    """What each due fee has left, below zero where more was covered than a fee that was given up since lets.

    included: of fees that were invoiced under earlier terms, else the terms' own; covers: and what was given up of them.
    """
    left = {period: included.get(period, retainer.included or retainer.fee) for period in periods}
    for each in covers:
        if each.fee_period in left:
            left[each.fee_period] -= each.value
    return left
