"""What a run drafts by schedule, grouping, purchase orders and the rule about late work."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.terms import PurchaseOrderTerms
from functions.operations import act_on_exception
from functions.processes.time_to_bill import draft_invoices
from shared.domain.identity import derived_id
from shared.domain.invoice import InvoiceStatus
from shared.domain.project import Project, ProjectStatus
from shared.faults import Transient
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, an_entry, an_expense, time_and_materials, usd

APRIL = date(2026, 4, 30)


def ready(**changes: Any) -> Fabric:
    return Fabric().ready(a_contract(lines=time_and_materials(), **changes))


def draft(fabric: Fabric, through: date, **asked: Any) -> dict[str, Any]:
    command = draft_invoices.DraftInvoices(contract_id=CONTRACT, through=through, correlation_id=CONTRACT, **asked)
    return draft_invoices.handler.step(command, fabric.ports)  # type: ignore[no-any-return]


def nets(fabric: Fabric) -> list[Decimal]:
    rows = sorted(fabric.ports.invoices.rows.values(), key=lambda each: (each.period_end, each.sequence))
    return [each.net.amount for each in rows if each.net]


def open_troubles(fabric: Fabric) -> list[str]:
    return [each.type for each in fabric.ports.exceptions.list() if each.resolved_at is None]


def test_a_run_before_the_period_has_ended_drafts_nothing() -> None:
    fabric = ready()
    fabric.approve(an_entry())
    assert draft(fabric, date(2026, 3, 30)) == {"invoices": [], "left": ["later_period"]}
    assert len(draft(fabric, date(2026, 4, 15))["invoices"]) == 1
    (invoice,) = fabric.ports.invoices.rows.values()
    assert invoice.period_end == date(2026, 3, 31)


def test_an_interim_run_bills_the_open_period_and_the_rest_follows() -> None:
    fabric = ready()
    fabric.approve(an_entry(), an_entry("t-2", worked_on=date(2026, 3, 20)))
    assert len(draft(fabric, date(2026, 3, 10), interim=True)["invoices"]) == 1
    draft(fabric, date(2026, 3, 31))
    assert nets(fabric) == [Decimal("150.00"), Decimal("150.00")]


def test_weekly_contracts_are_billed_by_the_week() -> None:
    fabric = ready(billing_schedule="weekly_friday")
    fabric.approve(an_entry(), an_entry("t-2", worked_on=date(2026, 3, 9), minutes=120))
    draft(fabric, date(2026, 3, 8))
    draft(fabric, date(2026, 3, 13))
    found = sorted((each.period_end, each.net and each.net.amount) for each in fabric.ports.invoices.rows.values())
    assert found == [(date(2026, 3, 6), Decimal("150.00")), (date(2026, 3, 13), Decimal("300.00"))]


def test_on_demand_waits_until_the_contract_is_named() -> None:
    fabric = ready(billing_schedule="on_demand")
    fabric.approve(an_entry())
    assert draft(fabric, APRIL) == {"invoices": [], "left": ["later_period"]}
    assert len(draft(fabric, APRIL, asked=True)["invoices"]) == 1


def test_on_completion_waits_until_the_project_is_closed() -> None:
    fabric = ready(billing_schedule="on_completion")
    fabric.approve(an_entry())
    assert draft(fabric, APRIL)["invoices"] == []
    fabric.ports.projects.update(PROJECT, lambda project: replace(project, status=ProjectStatus.CLOSED))
    assert len(draft(fabric, APRIL)["invoices"]) == 1


def test_separate_expenses_stand_on_an_invoice_of_their_own() -> None:
    fabric = ready(separate_expenses=True)
    fabric.approve(an_entry(), an_expense())
    draft(fabric, APRIL.replace(month=3, day=31))
    assert sorted(nets(fabric)) == [Decimal("80.00"), Decimal("150.00")]
    assert sorted(each.group.part for each in fabric.ports.invoices.rows.values()) == ["", "expenses"]
    assert fabric.conserved()


def test_work_of_several_projects_is_parted_by_project_and_posted_on_each() -> None:
    fabric = ready(grouping="project")
    other = derived_id("project", CONTRACT, "Rollout East")
    fabric.ports.projects.add(Project(other, CONTRACT, "US", "customer-1", "Rollout East", ProjectStatus.ACTIVE))
    fabric.approve(an_entry(), an_entry("t-2", minutes=120))
    for wip_id, item in fabric.ports.wip.items.items():
        if item.source_id == "t-2":
            fabric.ports.wip.items[wip_id] = replace(item, project_id=other)
    posted = [fabric.post(each["invoice_id"]) for each in fabric.draft()["invoices"]]
    assert {each.group.project_id: each.net and each.net.amount for each in posted} == {
        PROJECT: Decimal("150.00"),
        other: Decimal("300.00"),
    }


def ordered(limit: str) -> Fabric:
    return ready(purchase_orders=(PurchaseOrderTerms(number="PO-1", limit=usd(limit)),))


def test_work_beyond_a_purchase_order_is_held_and_told_and_billed_when_there_is_room() -> None:
    fabric = ordered("200.00")
    fabric.approve(an_entry(), an_entry("t-2", worked_on=date(2026, 3, 9)))
    assert fabric.draft()["left"] == ["purchase_order_exceeded"]
    assert nets(fabric) == [Decimal("150.00")] and open_troubles(fabric) == ["purchase_order_exceeded"]
    more = a_contract(
        2, lines=time_and_materials(), purchase_orders=(PurchaseOrderTerms(number="PO-1", limit=usd("300")),)
    )
    fabric.sign(more)
    fabric.draft()
    assert nets(fabric) == [Decimal("150.00"), Decimal("150.00")] and open_troubles(fabric) == []
    assert fabric.conserved()


def test_an_invoice_that_was_rejected_gives_its_room_back() -> None:
    fabric = ordered("150.00")
    fabric.approve(an_entry())
    (first,) = fabric.draft()["invoices"]
    fabric.to_price(first["invoice_id"])
    assert fabric.ports.invoices.drawn(CONTRACT)["PO-1"].amount == 150
    fabric.submit(first["invoice_id"])
    fabric.reject(first["invoice_id"])
    assert fabric.ports.invoices.drawn(CONTRACT) == {}
    assert len(fabric.draft()["invoices"]) == 1


def test_a_draft_that_two_runs_filled_beyond_the_order_is_given_back() -> None:
    fabric = ordered("200.00")
    fabric.approve(an_entry(), an_entry("t-2"))
    with pytest.raises(Transient, match="drafted_beyond_order"):
        both = list(fabric.ports.wip.items)
        claim = fabric.ports.wip.claim
        fabric.ports.wip.claim = lambda invoice_id, _: claim(invoice_id, both)
        fabric.draft()
    fabric.ports.wip.claim = claim
    (ended,) = fabric.ports.invoices.rows.values()
    assert ended.status is InvoiceStatus.CANCELLED
    fabric.draft()
    assert nets(fabric) == [Decimal("150.00")] and fabric.conserved()


def test_work_that_comes_long_after_its_period_needs_a_yes() -> None:
    fabric = ready()
    fabric.ports.policies.policies = replace(fabric.ports.policies.policies, late_work_days=20)
    fabric.approve(an_entry(), an_entry("t-2", worked_on=date(2026, 3, 25), minutes=120))
    assert draft(fabric, APRIL)["left"] == ["late_work"]
    assert nets(fabric) == [Decimal("300.00")]
    (trouble,) = [each for each in fabric.ports.exceptions.list() if each.type == "late_work"]
    assert trouble.facts["worked"] == "2026-03-02 to 2026-03-02"
    command = act_on_exception.ActOnException(exception_id=trouble.exception_id, action="approve", by="Dana")
    act_on_exception.handler.step(command, fabric.ports)
    draft(fabric, APRIL)
    assert nets(fabric) == [Decimal("300.00"), Decimal("150.00")]


def test_what_was_agreed_stays_agreed_when_more_comes_late() -> None:
    fabric = ready()
    fabric.ports.policies.policies = replace(fabric.ports.policies.policies, late_work_days=20)
    fabric.approve(an_entry())
    draft(fabric, APRIL)
    (trouble,) = fabric.ports.exceptions.list()
    command = act_on_exception.ActOnException(exception_id=trouble.exception_id, action="approve", by="Dana")
    act_on_exception.handler.step(command, fabric.ports)
    fabric.approve(an_entry("t-2", minutes=120))
    assert draft(fabric, APRIL)["left"] == ["late_work"]
    assert nets(fabric) == [Decimal("150.00")]
