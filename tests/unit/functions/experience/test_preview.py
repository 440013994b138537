"""A preview is the run itself, kept dry: the same lines and totals, nothing written, a reason for all that stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.experience.preview import preview
from shared.faults import BusinessException
from tests.stories import CONTRACT, PROJECT, THROUGH, Fabric, a_contract, a_milestone, an_entry, an_expense, usd
from tests.unit.functions.operations.test_amend_contract import amend, work, written

APRIL = date(2026, 4, 30)


def billed(fabric: Fabric, through: date) -> list[dict[str, Any]]:
    """What a run through the day really bills, in the preview's words."""
    found = []
    for invoice in fabric.bill(through, interim=True):
        assert invoice.totals
        totals = invoice.totals
        found.append(
            (f"{totals.net.amount:f}", f"{totals.tax.amount:f}", f"{totals.gross.amount:f}", lines_of(fabric, invoice))
        )
    return found


def lines_of(fabric: Fabric, invoice: Any) -> list[tuple[str, str, str]]:
    from functions.experience.invoices import document_of

    lines = document_of(invoice, fabric.ports).lines
    return [(line.wip_id, line.description, f"{line.net.amount:f}") for line in lines]


def foreseen(found: dict[str, Any]) -> list[Any]:
    return [
        (
            each["net"],
            each["tax"],
            each["gross"],
            [(line["wip_id"], line["description"], line["net"]) for line in each["lines"]],
        )
        for each in found["invoices"]
    ]


def reasons(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["what"], each["reason"]) for each in found["not_billed"]]


def test_what_is_foreseen_is_what_is_billed_and_nothing_was_written() -> None:
    fabric = Fabric().ready()
    work(fabric, 2, 9)
    fabric.approve(an_expense())
    before = written(fabric)
    found = preview(fabric.ports, CONTRACT, THROUGH)
    assert written(fabric) == before
    assert [each["net"] for each in found["invoices"]] == ["880.00"]
    assert foreseen(found) == billed(fabric, THROUGH)


def test_every_item_that_stays_says_why() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry("t-1"), an_entry("t-2", worked_on=date(2026, 4, 2)))
    found = preview(fabric.ports, CONTRACT, THROUGH)
    stays = [("time", "later_period"), ("instalment", "later_period"), ("milestone", "not_completed_or_not_approved")]
    assert reasons(found) == stays
    assert [each["date"] for each in found["not_billed"]] == ["2026-04-02", "2026-04-30", None]


def test_a_hold_is_the_reason_of_everything_on_the_project() -> None:
    fabric = Fabric().ready(a_contract(lines=a_contract().data.lines[:1]))
    work(fabric, 2)
    fabric.ports.projects.update(PROJECT, lambda project: replace(project, on_hold=True))
    found = preview(fabric.ports, CONTRACT, THROUGH)
    assert found["invoices"] == [] and reasons(found) == [("time", "billing_hold")]


def test_a_contract_without_its_number_bills_nothing_and_says_so() -> None:
    fabric = Fabric().ready(a_contract(reference=None, lines=a_contract().data.lines[:1]))
    work(fabric, 2)
    found = preview(fabric.ports, CONTRACT, THROUGH)
    assert found["invoices"] == [] and reasons(found) == [("time", "missing_contract_reference")]


def test_deliveries_that_wait_are_told_by_what_they_wait_for() -> None:
    fabric = Fabric().ready(a_contract(lines=()))
    fabric.approve(an_entry())
    (waits,) = preview(fabric.ports, CONTRACT, THROUGH)["waiting"]
    assert waits == {"waiting_for": f"contract:{CONTRACT}", "reason": "line_missing", "deliveries": 1}


def test_an_invoice_that_cannot_be_priced_is_shown_with_the_reason() -> None:
    fabric = Fabric().ready()
    work(fabric, 2)
    policies = fabric.ports.policies.policies
    fabric.ports.policies.policies = replace(policies, tax_rules=())
    (invoice,) = preview(fabric.ports, CONTRACT, THROUGH)["invoices"]
    assert invoice["refused"]["code"] == "tax_undetermined" and invoice["lines"] == []


def test_a_contract_is_found_by_the_deal_and_by_the_project() -> None:
    fabric = Fabric().ready()
    for any_id in (CONTRACT, f"006{CONTRACT}", "77"):
        assert preview(fabric.ports, any_id, THROUGH)["contract_id"] == CONTRACT
    with pytest.raises(BusinessException, match="contract_unknown"):
        preview(fabric.ports, "nobody", THROUGH)


@settings(max_examples=25, deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(1, 28), st.integers(1, 600)), max_size=6),
    expenses=st.lists(st.decimals("0.01", "900", places=2), max_size=3),
    stone=st.booleans(),
    amended=st.sampled_from([None, "2026-03-05", "2026-03-20", "2026-04-02"]),
    through=st.sampled_from([date(2026, 3, 15), THROUGH, APRIL]),
)
def test_whatever_happened_a_preview_and_the_run_after_it_agree(
    days: list[tuple[int, int]], expenses: list[Decimal], stone: bool, amended: str | None, through: date
) -> None:
    fabric = Fabric().ready()
    for number, (day, minutes) in enumerate(days):
        entry = an_entry(f"t-{number}", worked_on=date(2026, 3, day), minutes=minutes)
        fabric.ports.outbox.record([entry])
        fabric.approve(entry)
    for number, cost in enumerate(expenses):
        fabric.approve(an_expense(f"x-{number}", value=usd(str(cost))))
    if stone:
        fabric.approve(a_milestone())
    if amended:
        amend(fabric, effective_on=amended)
    found = preview(fabric.ports, CONTRACT, through)
    assert foreseen(found) == billed(fabric, through)
    assert fabric.conserved()
