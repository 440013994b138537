"""An expense above its limit: the limit is billed, the rest waits for a yes, and a correction takes both along."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from events.contract_signed.v1 import SignedLine
from events.terms import ExpenseTerms, Terms
from tests.stories import CONTRACT, Fabric, a_contract, an_entry, an_expense, usd
from tests.unit.functions.processes.time_to_bill.test_within_caps import APRIL, act, nets, sound


@pytest.fixture
def fabric() -> Fabric:
    terms = Terms(expenses=(ExpenseTerms(basis="at_cost", category="Travel", limit=usd("50.00")),))
    line = SignedLine(
        line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000"), terms=terms
    )
    return Fabric().ready(a_contract(lines=(line,)))


def open_values(fabric: Fabric) -> list[Any]:
    return [item.value.amount for item in fabric.ports.wip.open_of(CONTRACT)]


def test_the_limit_is_billed_and_the_rest_held(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_expense())
    assert nets(fabric.bill()) == [Decimal("200.00")]
    assert open_values(fabric) == [Decimal("30.00")]
    assert fabric.exceptions() == ["expense_over_limit"]
    assert sound(fabric)


def test_runs_that_find_it_held_cut_nothing_more(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_expense())
    fabric.bill()
    assert fabric.bill(APRIL) == [] and fabric.bill(APRIL) == []
    assert len(fabric.ports.wip.items) == 4 and fabric.exceptions() == ["expense_over_limit"]


def test_a_yes_has_the_rest_billed(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_expense())
    fabric.bill()
    act(fabric, "approve")
    assert nets(fabric.bill(APRIL)) == [Decimal("30.00")]
    assert fabric.exceptions() == [] and sound(fabric)


def test_an_expense_corrected_after_billing_takes_what_was_held_along(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_expense())
    fabric.bill()
    fabric.approve(an_expense(sequence=2, value=usd("40.00")), an_entry("t-2"))
    assert nets(fabric.bill(APRIL)) == [Decimal("140.00")]
    assert open_values(fabric) == [] and fabric.exceptions() == []
    assert sound(fabric)


def test_an_expense_within_its_limit_is_billed_whole(fabric: Fabric) -> None:
    fabric.approve(an_expense(value=usd("50.00")))
    assert nets(fabric.bill()) == [Decimal("50.00")]
    assert fabric.exceptions() == []
