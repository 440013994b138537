"""Published terms and our own: the one place where one becomes the other."""

from __future__ import annotations

from events.terms import (
    CapTerms,
    DiscountTerms,
    ExpenseTerms,
    MultiplierTerms,
    PurchaseOrderTerms,
    RetainerTerms,
    RoundingTerms,
    Terms,
)
from events.values import Amount
from shared.domain.money import Money
from shared.domain.terms import (
    Cap,
    Discount,
    ExpenseBasis,
    ExpenseRule,
    LineTerms,
    Multipliers,
    OverCap,
    Prepaid,
    PurchaseOrder,
    Retainer,
    RoundScope,
    RoundTo,
    Tier,
    TierBasis,
    TimeRounding,
)


def terms_of(terms: Terms | None) -> LineTerms:
    if terms is None:
        return LineTerms()
    prepaid = terms.prepaid
    return LineTerms(
        cap=cap_of(terms.cap) if terms.cap else None,
        retainer=_retainer(terms.retainer) if terms.retainer else None,
        prepaid=Prepaid(_money(prepaid.deposit), prepaid.due_on, _maybe(prepaid.refill_below)) if prepaid else None,
        expenses=tuple(_expense(rule) for rule in terms.expenses),
        discount=discount_of(terms.discount) if terms.discount else None,
        minimum=_maybe(terms.minimum),
        time_rounding=_rounding(terms.time_rounding) if terms.time_rounding else None,
        multipliers=_multipliers(terms.multipliers) if terms.multipliers else None,
        purchase_order=purchase_order_of(terms.purchase_order) if terms.purchase_order else None,
    )


def purchase_order_of(order: PurchaseOrderTerms) -> PurchaseOrder:
    return PurchaseOrder(order.number, _maybe(order.limit), order.expires_on)


def cap_of(cap: CapTerms) -> Cap:
    return Cap(OverCap(cap.over), _maybe(cap.value), cap.minutes, cap.with_expenses)


def _retainer(retainer: RetainerTerms) -> Retainer:
    return Retainer(_money(retainer.fee), _maybe(retainer.included), retainer.carry_periods, retainer.starts_on)


def _expense(rule: ExpenseTerms) -> ExpenseRule:
    basis = ExpenseBasis(rule.basis)
    return ExpenseRule(basis, rule.category, rule.mark_up, _maybe(rule.per_diem), _maybe(rule.limit))


def discount_of(discount: DiscountTerms) -> Discount:
    tiers = tuple(Tier(_money(tier.over), tier.percent) for tier in discount.tiers)
    return Discount(tiers, TierBasis(discount.basis))


def _rounding(rounding: RoundingTerms) -> TimeRounding:
    return TimeRounding(rounding.minutes, RoundTo(rounding.to), RoundScope(rounding.scope))


def _multipliers(factors: MultiplierTerms) -> Multipliers:
    return Multipliers(factors.overtime, factors.weekend, factors.travel, factors.weekend_days)


def _money(amount: Amount) -> Money:
    return Money(amount.amount, amount.currency)


def _maybe(amount: Amount | None) -> Money | None:
    return _money(amount) if amount else None
