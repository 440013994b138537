"""Do the terms of one contract line fit together? Everything wrong at once, each at its place in the terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.contract import LineKind
from shared.domain.money import Money
from shared.domain.terms import Cap, Discount, ExpenseBasis, ExpenseRule, LineTerms, Prepaid, Retainer


@dataclass(frozen=True, slots=True)
class TermFault:
    """place: as in the terms' JSON, "discount.tiers[1].percent". words: what is wrong there."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


def check_terms(terms: LineTerms, kind: LineKind, currency: str) -> tuple[TermFault, ...]:
    """Empty if the terms may be billed by. currency: the contract's, the only one its terms may be in.

    Source: docs/billing.md, "Terms of a contract line".
    """
    return (
        *_of_kind(terms, kind),
        *_of_amounts(terms, currency),
        *(_of_cap(terms.cap) if terms.cap else ()),
        *(_of_retainer(terms.retainer) if terms.retainer else ()),
        *(_of_prepaid(terms.prepaid) if terms.prepaid else ()),
        *(_of_discount(terms.discount) if terms.discount else ()),
        *_of_expenses(terms.expenses),
    )


def _of_kind(terms: LineTerms, kind: LineKind) -> Iterator[TermFault]:
    """Hours, retainers, deposits and minimums are about work by time; a fee that was agreed whole has none."""
    if kind is LineKind.TIME_AND_MATERIALS:
        return
    named = {"cap": terms.cap, "retainer": terms.retainer, "prepaid": terms.prepaid, "minimum": terms.minimum}
    for place, clause in named.items():
        if clause is not None:
            yield TermFault(place, f"is for time and materials, the line is {kind.value.replace('_', ' ')}")


def _of_amounts(terms: LineTerms, currency: str) -> Iterator[TermFault]:
    for place, amount in _amounts(terms):
        if amount.currency != currency:
            yield TermFault(place, f"is in {amount.currency}, the contract in {currency}")
        elif amount.amount < 0 or (amount.amount == 0 and not place.endswith((".over", ".included", ".refill_below"))):
            yield TermFault(place, f"{amount.amount} is not above zero")
        elif amount != amount.rounded():
            yield TermFault(place, f"{amount.amount} has more decimals than {currency}")


def _amounts(terms: LineTerms) -> Iterator[tuple[str, Money]]:
    found: dict[str, Money | None] = {"minimum": terms.minimum}
    if terms.cap:
        found["cap.value"] = terms.cap.value
    if terms.retainer:
        found |= {"retainer.fee": terms.retainer.fee, "retainer.included": terms.retainer.included}
    if terms.prepaid:
        found |= {"prepaid.deposit": terms.prepaid.deposit, "prepaid.refill_below": terms.prepaid.refill_below}
    for place, rule in enumerate(terms.expenses):
        found |= {f"expenses[{place}].per_diem": rule.per_diem, f"expenses[{place}].limit": rule.limit}
    for place, tier in enumerate(terms.discount.tiers if terms.discount else ()):
        found[f"discount.tiers[{place}].over"] = tier.over
    if terms.purchase_order:
        found["purchase_order.limit"] = terms.purchase_order.limit
    yield from ((place, amount) for place, amount in found.items() if amount is not None)


def _of_cap(cap: Cap) -> Iterator[TermFault]:
    if (cap.value is None) == (cap.minutes is None):
        yield TermFault("cap", "has exactly one of value and minutes")
    if cap.minutes is not None and cap.with_expenses:
        yield TermFault("cap.with_expenses", "expenses have no minutes")


def _of_retainer(retainer: Retainer) -> Iterator[TermFault]:
    if retainer.carry_periods is not None and retainer.carry_periods < 0:
        yield TermFault("retainer.carry_periods", f"{retainer.carry_periods} is no number of periods")


def _of_prepaid(prepaid: Prepaid) -> Iterator[TermFault]:
    if prepaid.refill_below and prepaid.refill_below.currency == prepaid.deposit.currency:
        if prepaid.refill_below.amount > prepaid.deposit.amount:
            yield TermFault("prepaid.refill_below", "is above the deposit: it would be asked for without end")


def _of_discount(discount: Discount) -> Iterator[TermFault]:
    former = None
    for place, tier in enumerate(discount.tiers):
        if not 0 <= tier.percent <= 100:
            yield TermFault(f"discount.tiers[{place}].percent", f"{tier.percent} is not between 0 and 100")
        if former is not None and tier.over.amount <= former:
            yield TermFault(f"discount.tiers[{place}].over", f"{tier.over.amount} is not above the tier before it")
        former = tier.over.amount


def _of_expenses(rules: tuple[ExpenseRule, ...]) -> Iterator[TermFault]:
    seen: set[str | None] = set()
    for place, rule in enumerate(rules):
        category = rule.category.strip().casefold() if rule.category else None
        if category in seen:
            yield TermFault(f"expenses[{place}].category", "another rule has this category")
        seen.add(category)
        if (rule.basis is ExpenseBasis.PER_DIEM) != (rule.per_diem is not None):
            yield TermFault(f"expenses[{place}].per_diem", "is there exactly where the basis is per_diem")
        if rule.mark_up and rule.basis is not ExpenseBasis.MARK_UP:
            yield TermFault(f"expenses[{place}].mark_up", "needs the basis mark_up")
        if rule.mark_up < 0:
            yield TermFault(f"expenses[{place}].mark_up", f"{rule.mark_up} is negative")
