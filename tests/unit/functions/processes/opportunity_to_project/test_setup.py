"""Signed contract to active project: every step may run again, and what waits is freed."""

from __future__ import annotations

import json

import pytest

from events.opportunity_closed_won.v1 import OpportunityClosedWon
from events.values import Ref
from functions.processes.opportunity_to_project import block_project, note_deal, plan_setup
from shared.domain.identity import ExternalRef
from shared.domain.project import ProjectStatus
from shared.domain.source import Applied
from shared.faults import BusinessException
from tests.stories import CONTRACT, PROJECT, WORKSPACE, Fabric, a_contract, a_party, event, usd


def plan(fabric: Fabric) -> dict[str, dict[str, object]]:
    command = plan_setup.PlanSetup(project_id=PROJECT, contract_id=CONTRACT, correlation_id=CONTRACT)
    return plan_setup.handler.step(command, fabric.ports)


def block(fabric: Fabric, token: str = "token-1", code: str = "erp_reference_unknown") -> dict[str, str]:
    cause = json.dumps({"code": code, "facts": {"field": "item"}})
    command = block_project.BlockProject(
        project_id=PROJECT,
        contract_id=CONTRACT,
        correlation_id=CONTRACT,
        step="EnsureErpProject",
        error={"Error": "BusinessException", "Cause": cause},
        task_token=token,
    )
    return block_project.handler.step(command, fabric.ports)


def test_a_signed_contract_is_kept_with_its_customer_and_starts_its_setup_once() -> None:
    fabric = Fabric()
    assert [fabric.sign(), fabric.sign()] == [Applied.NEW, Applied.DUPLICATE]
    assert fabric.ports.contracts.get(CONTRACT).reference == "C-2026-001"
    assert fabric.ports.customers.get("customer-1").name == "Acme"
    deal = ExternalRef("salesforce", "opportunity", f"006{CONTRACT}")
    assert fabric.ports.references.canonical(deal) == CONTRACT
    payload = {"contract_id": CONTRACT, "project_id": PROJECT, "correlation_id": CONTRACT}
    assert fabric.ports.sagas.started == {("opportunity_to_project", PROJECT): payload}


def test_a_repeat_does_what_the_first_delivery_died_before() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.ports.sagas.started.clear()
    assert fabric.sign() is Applied.DUPLICATE
    assert ("opportunity_to_project", PROJECT) in fabric.ports.sagas.started


def test_an_older_version_of_a_contract_changes_nothing() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(5, purchase_order="PO-2"))
    assert fabric.sign(a_contract(4, purchase_order="PO-1")) is Applied.STALE
    assert fabric.ports.contracts.get(CONTRACT).purchase_order == "PO-2"


def test_a_contract_of_an_active_project_sets_nothing_up_again() -> None:
    fabric = Fabric().ready()
    fabric.ports.sagas.started.clear()
    fabric.sign(a_contract(2, purchase_order="PO-9"))
    assert not fabric.ports.sagas.started


def test_a_contract_without_its_number_is_set_up_and_owned() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(reference=None))
    fabric.sign(a_contract(reference=None))
    assert fabric.exceptions() == ["missing_contract_reference"] and fabric.ports.sagas.started
    assert len(fabric.ports.outbox.of_type("exception.raised")) == 1
    fabric.sign(a_contract(2))
    assert fabric.exceptions() == []
    (closed,) = fabric.ports.outbox.of_type("exception.resolved")
    assert (closed.data.resolution, closed.data.by) == ("cause_gone", "billweave")


def test_a_won_deal_makes_its_customer_known() -> None:
    fabric = Fabric()
    won = OpportunityClosedWon(
        opportunity_id="o-1",
        ref=Ref(system="salesforce", kind="opportunity", id="006A"),
        name="Rollout",
        customer=a_party(),
        value=usd("50000"),
        closed_on="2026-02-01",
    )
    assert note_deal.handler.step(event(won, "o-1", 1), fabric.ports) is Applied.NEW
    assert fabric.ports.customers.get("customer-1").address.country == "US"


def test_the_plan_asks_each_system_for_what_it_needs() -> None:
    fabric = Fabric()
    fabric.sign()
    asked = plan(fabric)
    assert set(asked) == {"create_project", "ensure_customer", "ensure_erp_project", "report_project"}
    assert asked["create_project"]["milestones"] == [
        {"milestone": "Go-live", "value": {"amount": "2500", "currency": "USD"}}
    ]
    assert asked["ensure_customer"]["legal_entity_id"] == "US"
    assert asked["ensure_erp_project"]["customer_id"] == "customer-1"
    assert asked["report_project"]["opportunity_ref"]["id"] == f"006{CONTRACT}"


def test_a_contract_of_a_legal_entity_nobody_knows_is_refused() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(legal_entity_id="FR"))
    with pytest.raises(BusinessException, match="legal_entity_unknown"):
        plan(fabric)


def test_opening_a_project_twice_opens_it_once() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.open()
    (project,) = fabric.ports.projects.all()
    assert (project.project_id, project.status, project.name) == (PROJECT, ProjectStatus.SETTING_UP, "Rollout")


def test_a_projects_reference_is_kept_and_announced_once() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    fabric.refer()
    job = Ref(system="netsuite", kind="job", id="9")
    fabric.refer(job, announce=False)
    assert [ref.id for ref in fabric.ports.projects.get(PROJECT).refs] == ["77", "9"]
    (created,) = fabric.ports.outbox.of_type("project.created")
    assert [ref.id for ref in created.data.refs] == ["77"]


def test_a_customers_reference_is_linked_to_the_customer() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer(Ref(system="netsuite", kind="customer", id="31"), of="customer", announce=False)
    ref = ExternalRef("netsuite", "customer", "31")
    assert fabric.ports.references.canonical(ref) == "customer-1"
    assert fabric.ports.projects.get(PROJECT).refs == ()


def test_a_workspace_that_is_another_projects_is_refused() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.ports.references.link(ExternalRef("kantata", "workspace", "77"), "another-project")
    with pytest.raises(BusinessException, match="reference_taken"):
        fabric.refer()


def test_a_half_set_up_project_is_blocked_shown_and_owned() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    told = block(fabric)
    project = fabric.ports.projects.get(PROJECT)
    assert (project.status, project.blocked_by) == (ProjectStatus.BLOCKED, "erp_reference_unknown")
    (trouble,) = fabric.ports.exceptions.list()
    assert (trouble.exception_id, trouble.task_token) == (told["exception_id"], "token-1")
    assert trouble.facts == {
        "field": "item",
        "step": "EnsureErpProject",
        "code": "erp_reference_unknown",
        "system": "ERP",
    }
    (blocked,) = fabric.ports.outbox.of_type("project.blocked")
    assert (blocked.data.system, blocked.data.exception_id) == ("ERP", told["exception_id"])


def test_a_block_that_is_tried_again_is_one_exception_with_the_newest_token() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    block(fabric)
    block(fabric, "token-2")
    (trouble,) = fabric.ports.exceptions.list()
    assert trouble.task_token == "token-2"
    assert len(fabric.ports.outbox.of_type("project.blocked")) == 1


def test_a_project_that_could_not_be_planned_is_owned_though_it_is_not_there() -> None:
    fabric = Fabric()
    block(fabric, code="contract_unknown")
    assert fabric.exceptions() == ["project_setup_failed"] and not fabric.ports.projects.rows


def test_activation_unblocks_closes_and_tells_the_waiting_saga() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    block(fabric)
    fabric.activate()
    fabric.activate()
    project = fabric.ports.projects.get(PROJECT)
    assert (project.status, project.blocked_by) == (ProjectStatus.ACTIVE, None)
    assert fabric.exceptions() == []
    assert fabric.ports.tasks.succeeded == {"token-1": {"action": "cause_gone", "by": "billweave"}}
    (active,) = fabric.ports.outbox.of_type("project.activated")
    assert [ref.id for ref in active.data.refs] == [WORKSPACE.id]
