"""Terms that do not fit together are named by their place; those that do are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.contract import LineKind
from shared.domain.terms import (
    Cap,
    Discount,
    ExpenseBasis,
    ExpenseRule,
    LineTerms,
    OverCap,
    Prepaid,
    PurchaseOrder,
    Retainer,
    Tier,
)
from shared.usecases.check_terms import check_terms
from tests.build import eur, usd

HARD = OverCap.HARD
TIERS = (Tier(eur("0"), Decimal(5)), Tier(eur("1000.00"), Decimal(10)))
WRONG: dict[str, LineTerms] = {
    "cap: has exactly one of value and minutes": LineTerms(cap=Cap(HARD)),
    "cap: has exactly one of": LineTerms(cap=Cap(HARD, value=eur("1.00"), minutes=60)),
    "cap.value: is in USD, the contract in EUR": LineTerms(cap=Cap(HARD, value=usd("1000.00"))),
    "cap.value: 0 is not above zero": LineTerms(cap=Cap(HARD, value=eur("0"))),
    "cap.with_expenses: expenses have no minutes": LineTerms(cap=Cap(HARD, minutes=60, with_expenses=True)),
    "retainer.fee: -1.00 is not above zero": LineTerms(retainer=Retainer(eur("-1.00"))),
    "retainer.carry_periods: -1": LineTerms(retainer=Retainer(eur("1.00"), carry_periods=-1)),
    "prepaid.refill_below: is above the deposit": LineTerms(
        prepaid=Prepaid(eur("100.00"), date(2026, 1, 1), eur("100.01"))
    ),
    "discount.tiers[1].over: 0 is not above the tier before": LineTerms(discount=Discount((TIERS[0], TIERS[0]))),
    "discount.tiers[0].percent: 101": LineTerms(discount=Discount((Tier(eur("0"), Decimal(101)),))),
    "expenses[0].per_diem: is there exactly where": LineTerms(expenses=(ExpenseRule(ExpenseBasis.PER_DIEM),)),
    "expenses[0].mark_up: needs the basis": LineTerms(
        expenses=(ExpenseRule(ExpenseBasis.AT_COST, mark_up=Decimal(5)),)
    ),
    "expenses[1].category: another rule": LineTerms(
        expenses=(ExpenseRule(ExpenseBasis.AT_COST, "Hotel"), ExpenseRule(ExpenseBasis.AT_COST, " hotel"))
    ),
    "minimum: 10.001 has more decimals than EUR": LineTerms(minimum=eur("10.001")),
    "purchase_order.limit: is in USD": LineTerms(purchase_order=PurchaseOrder("PO-1", usd("5.00"))),
}


@pytest.mark.parametrize("finding", sorted(WRONG))
def test_what_is_wrong_is_named_by_its_place(finding: str) -> None:
    found = [str(each) for each in check_terms(WRONG[finding], LineKind.TIME_AND_MATERIALS, "EUR")]
    assert len(found) == 1 and found[0].startswith(finding)


def test_terms_that_fit_together_have_no_fault() -> None:
    terms = LineTerms(
        cap=Cap(HARD, value=eur("1000.00")),
        retainer=Retainer(eur("500.00"), included=eur("0.00"), carry_periods=None),
        prepaid=Prepaid(eur("100.00"), date(2026, 1, 1), eur("0.00")),
        expenses=(ExpenseRule(ExpenseBasis.MARK_UP, mark_up=Decimal("7.5")),),
        discount=Discount(TIERS),
        minimum=eur("10.00"),
    )
    assert check_terms(terms, LineKind.TIME_AND_MATERIALS, "EUR") == ()
    assert check_terms(LineTerms(), LineKind.FIXED_FEE, "EUR") == ()


def test_a_fixed_fee_has_no_cap() -> None:
    (fault,) = check_terms(LineTerms(cap=Cap(HARD, value=eur("1.00"))), LineKind.FIXED_FEE, "EUR")
    assert str(fault) == "cap: is for time and materials, the line is fixed fee"
