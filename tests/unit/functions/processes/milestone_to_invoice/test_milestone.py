"""A milestone is billed once it is accepted, on an invoice of its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from functions.processes import open_exception
from functions.processes.milestone_to_invoice import draft_milestone, record_milestone
from shared.domain.project import ProjectStatus
from shared.domain.source import Applied
from shared.faults import BusinessException
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, a_milestone


def record(fabric: Fabric) -> dict[str, str]:
    command = record_milestone.RecordMilestone(milestone_id="m-1", correlation_id="m-1")
    return record_milestone.handler.step(command, fabric.ports)


def draft(fabric: Fabric) -> str | None:
    command = draft_milestone.DraftMilestone(milestone_id="m-1", correlation_id="m-1")
    return draft_milestone.handler.step(command, fabric.ports)["invoice_id"]


def test_a_completed_milestone_starts_its_saga_once() -> None:
    fabric = Fabric().ready()
    assert fabric.approve(a_milestone(), a_milestone()) == [Applied.NEW, Applied.DUPLICATE]
    payload = {"milestone_id": "m-1", "correlation_id": "m-1"}
    assert fabric.ports.sagas.started["milestone_to_invoice", "m-1"] == payload


def test_a_milestone_of_a_project_that_is_not_there_yet_waits_as_time_does() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    assert fabric.approve(a_milestone()) == [None]
    assert fabric.exceptions() == ["unknown_project"]
    fabric.refer()
    fabric.deliver()
    fabric.activate()
    fabric.deliver()
    assert ("milestone_to_invoice", "m-1") in fabric.ports.sagas.started and fabric.exceptions() == []


def test_an_accepted_milestone_is_one_item_at_its_signed_amount() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone())
    assert record(fabric) == record(fabric)
    (item,) = fabric.ports.wip.items.values()
    assert (item.value.amount, item.line_id, item.approver) == (Decimal("2500"), "l-stone", "Ann")
    assert len(fabric.ports.outbox.of_type("wip.recorded")) == 1


def test_a_milestone_nobody_accepted_waits_and_goes_on_by_itself() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone(approver=None))
    with pytest.raises(BusinessException, match="approval_missing") as missing:
        record(fabric)
    command = open_exception.OpenException(
        milestone_id="m-1",
        subject="m-1",
        correlation_id="m-1",
        step="RecordMilestone",
        error={"Error": "BusinessException", "Cause": str(missing.value)},
        task_token="token-1",
    )
    open_exception.handler.step(command, fabric.ports)
    assert fabric.exceptions() == ["approval_missing"]
    fabric.approve(a_milestone(2))
    assert fabric.ports.tasks.succeeded == {"token-1": {"action": "approved", "by": "Ann"}}
    assert fabric.exceptions() == [] and record(fabric)["wip_id"]


def test_older_news_of_a_milestone_changes_nothing() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone(5))
    assert fabric.approve(a_milestone(4, approver=None)) == [Applied.STALE]
    assert fabric.ports.milestones.get("m-1").approver == "Ann"


def test_a_milestone_the_contract_does_not_promise_is_refused() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone(name="Party"))
    with pytest.raises(BusinessException, match="line_missing"):
        record(fabric)


def test_a_milestone_of_a_blocked_project_is_refused_by_its_reason() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone())
    fabric.ports.projects.update(PROJECT, lambda project: replace(project, status=ProjectStatus.BLOCKED))
    with pytest.raises(BusinessException, match="project_not_active"):
        record(fabric)


def test_a_milestone_has_an_invoice_of_its_own_once() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone())
    record(fabric)
    first = draft(fabric)
    assert first is not None and draft(fabric) == first
    invoice = fabric.invoice(first)
    assert (invoice.group.billing_schedule, invoice.item_count) == ("on_completion", 1)
    assert fabric.post(first).erp_number and fabric.conserved()


def test_a_milestone_that_a_billing_run_took_goes_with_that_run() -> None:
    fabric = Fabric().ready()
    fabric.approve(a_milestone())
    record(fabric)
    (run,) = [each["invoice_id"] for each in fabric.draft()["invoices"]]
    assert draft(fabric) == run


def test_a_milestone_without_a_contract_reference_is_refused_by_its_reason() -> None:
    fabric = Fabric().ready(a_contract(reference=None))
    fabric.approve(a_milestone())
    record(fabric)
    with pytest.raises(BusinessException, match="missing_contract_reference"):
        draft(fabric)
    fabric.sign(a_contract(2))
    assert draft(fabric) is not None and fabric.ports.contracts.get(CONTRACT).reference


def test_a_milestone_that_was_never_recorded_is_not_drafted() -> None:
    with pytest.raises(BusinessException, match="milestone_not_recorded"):
        draft(Fabric().ready())
