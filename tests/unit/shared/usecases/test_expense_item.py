from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.contract import LineKind
from shared.domain.identity import ExternalRef
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.expense_item import expense_item
from tests.build import APPROVED_AT, a_contract, a_project, eur, usd


def an_expense(**changes: Any) -> WipItem:
    expense: dict[str, Any] = {
        "contract": a_contract(),
        "project": a_project(),
        "expense_id": "e-1",
        "expense_ref": ExternalRef("kantata", "expense", "9"),
        "sequence": 3,
        "person": "Ada Moore",
        "category": "Train",
        "incurred_on": date(2026, 10, 7),
        "value": eur("310.40"),
        "approved_at": APPROVED_AT,
        "approver": "Grace Hopper",
    }
    return expense_item(**(expense | changes))


def test_an_expense_is_billed_at_cost() -> None:
    item = an_expense()
    assert item.value == eur("310.40")
    assert (item.valuation.quantity, item.valuation.unit_price, item.valuation.rule) == (1, eur("310.40"), "at_cost")
    assert (item.line_id, item.worked_on) == ("l-time", date(2026, 10, 7))


def test_a_refund_is_one_thing_taken_away_at_a_price_that_is_not_negative() -> None:
    item = an_expense(value=eur("-42.00"))
    assert item.value == eur("-42.00")
    assert (item.valuation.quantity, item.valuation.unit_price) == (Decimal(-1), eur("42.00"))


def test_a_contract_without_time_recharges_on_its_first_line() -> None:
    fixed = tuple(line for line in a_contract().lines if line.kind is not LineKind.TIME_AND_MATERIALS)
    assert an_expense(contract=a_contract(lines=fixed)).line_id == "l-fee"


def test_a_contract_without_lines_takes_no_expense() -> None:
    with pytest.raises(BusinessException, match="line_missing"):
        an_expense(contract=a_contract(lines=()))


def test_an_expense_in_another_currency_is_never_converted() -> None:
    with pytest.raises(BusinessException, match="currency_mismatch"):
        an_expense(value=usd("10.00"))
