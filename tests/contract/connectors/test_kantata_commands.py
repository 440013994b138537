"""Commands to Kantata on the simulator: once, whatever is repeated or lost on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.commands import CreateProject, PlannedMilestone, ReportInvoice
from events.values import Amount, Party, PostalAddress, Ref
from functions.connectors.kantata.commands import reference, status
from shared.domain.identity import ExternalRef, derived_id
from shared.faults import BusinessException, Throttled, Transient
from tests.contract.connectors.documents import OUTSIDE, as_json, document, line
from tests.contract.connectors.kantata_ports import KantataFakes, kantata_ports
from tests.contract.simulators.kantata_account import Account, Firm, firm

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate
PROJECT_ID = derived_id("project", "p")


def party(name: str = "Acme Corp", customer: str = "c") -> Party:
    account = Ref(system="salesforce", kind="account", id="001")
    address = PostalAddress(street="1 Main St", city="Austin", country="US")
    return Party(customer_id=derived_id("customer", customer), ref=account, name=name, address=address, currency="USD")


def order(**changes: Any) -> CreateProject:
    values: dict[str, Any] = {
        "project_id": PROJECT_ID,
        "contract_id": derived_id("contract", "k"),
        "contract_reference": "C-2026-7",
        "legal_entity_id": "US",
        "name": "Rollout West",
        "customer": party(),
        "currency": "USD",
        "starts_on": date(2026, 3, 1),
        "milestones": (
            PlannedMilestone(milestone="Design done", value=Amount(amount=Decimal(1000), currency="USD")),
            PlannedMilestone(milestone="Go-live", value=Amount(amount=Decimal(2000), currency="USD")),
        ),
    }
    return CreateProject(**(values | changes))


def state(account: Account) -> tuple[int, int, list[str], int]:
    """(projects, clients, milestones, references) that stand in Kantata."""
    workspaces = account.rows("workspaces", include_archived=True)
    stories = [story["title"] for story in account.rows("stories")]
    references = account.rows("external_references", subject_type="Workspace")
    return len(workspaces), len(account.rows("workspace_groups")), sorted(stories), len(references)


def test_a_project_is_made_with_client_reference_and_milestones(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    result = reference.step(order(), ports)
    (workspace,) = kantata.rows("workspaces", include="workspace_groups,external_references")
    assert (result.ref.system, result.ref.kind, result.ref.id) == ("kantata", "workspace", workspace["id"])
    assert (workspace["title"], workspace["currency"], workspace["start_date"]) == ("Rollout West", "USD", "2026-03-01")
    assert state(kantata) == (1, 1, ["Design done", "Go-live"], 1)
    (found,) = kantata.rows("external_references", subject_type="Workspace")
    assert (found["service_name"], found["service_model"], found["service_model_ref"]) == (
        "billweave",
        "Project",
        PROJECT_ID,
    )


def test_the_same_project_again_is_the_same_project(kantata: Account) -> None:
    first = reference.step(order(), kantata_ports(kantata))
    again = reference.step(order(), kantata_ports(kantata))
    assert first == again
    assert state(kantata) == (1, 1, ["Design done", "Go-live"], 1)


def test_two_projects_of_one_customer_share_the_client(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    reference.step(order(), ports)
    reference.step(order(project_id=derived_id("project", "q"), name="Rollout East"), ports)
    assert state(kantata)[:2] == (2, 1)


def test_two_customers_of_one_name_are_two_clients(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    reference.step(order(), ports)
    reference.step(order(project_id=derived_id("project", "q"), customer=party(customer="other")), ports)
    assert state(kantata)[:2] == (2, 2)


@pytest.mark.parametrize("write", ["workspace_groups", "workspaces", "external_references", "stories"])
@pytest.mark.parametrize("action", ["commit_then_drop", "drop"])
def test_a_project_stands_once_though_an_answer_was_lost(kantata: Account, write: str, action: str) -> None:
    ports = kantata_ports(kantata)
    kantata.fault(action=action, method="POST", path=f"/api/v1/{write}")
    for _ in range(3):
        try:
            reference.step(order(), ports)
        except Transient:
            continue
        break
    assert state(kantata) == (1, 1, ["Design done", "Go-live"], 1)


def test_a_throttled_project_is_made_later(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    kantata.fault(action="throttle", method="POST", path="/api/v1/workspaces", retry_after=9)
    with pytest.raises(Throttled) as busy:
        reference.step(order(), ports)
    assert busy.value.retry_after_s == 9
    reference.step(order(), ports)
    assert state(kantata)[:2] == (1, 1)


def test_a_refused_project_is_a_business_exception_with_kantatas_words(kantata: Account) -> None:
    with pytest.raises(BusinessException) as refused:
        reference.step(order(name=""), kantata_ports(kantata))
    assert refused.value.code == "psa_refused" and "title" in refused.value.facts["detail"]


def billed(of: Firm, count: int = 3) -> tuple[KantataFakes, ReportInvoice, list[str]]:
    """Approved entries, an invoice document of them (and an instalment), and the first report about it."""
    entries = of.account.entries(of.workspace["id"], of.consultants[0]["id"], count)
    of.account.approve(of.workspace["id"], entries)
    ids = [str(entry["id"]) for entry in entries]
    lines = [line("150.00", "USD", OUTSIDE, ExternalRef("kantata", "time_entry", id_)) for id_ in ids]
    lines.append(line("500.00", "USD", OUTSIDE, None, description="Instalment 1"))
    of_invoice = document(lines, legal_entity="US")
    ports = kantata_ports(of.account)
    ports.documents.put("doc", as_json(of_invoice))
    command = ReportInvoice(
        invoice_id=of_invoice.invoice_id,
        document_key="doc",
        project_refs=(Ref(system="kantata", kind="workspace", id=str(of.workspace["id"])),),
        number="INV1001",
        status="posted",
        currency="USD",
        net=Decimal(950),
        tax=Decimal(0),
        gross=Decimal(950),
        paid=Decimal(0),
        issued_on=date(2026, 10, 31),
    )
    return ports, command, ids


def invoiced(account: Account, ids: list[str]) -> list[bool]:
    return [row["is_invoiced"] for row in account.rows("time_entries", only=",".join(ids))]


def test_a_posted_invoice_marks_its_entries_and_carries_the_erps_number(kantata: Account) -> None:
    ports, command, ids = billed(firm(kantata))
    result = status.step(command, ports)
    assert invoiced(kantata, ids) == [True, True, True]
    (made,) = kantata.rows("invoices")
    assert result.ref is not None and result.ref.id == str(made["id"])
    assert made["balance_in_cents"] == 3 * 15000 + 50000
    (found,) = kantata.rows("external_references", subject_type="Invoice")
    assert (found["service_model_ref"], found["external_status"], found["external_message"]) == (
        command.invoice_id,
        "posted",
        "INV1001",
    )


def test_later_reports_change_the_reference_only(kantata: Account) -> None:
    ports, command, _ = billed(firm(kantata))
    status.step(command, ports)
    status.step(command, ports)
    status.step(command.model_copy(update={"status": "paid"}), ports)
    assert len(kantata.rows("invoices")) == 1
    (found,) = kantata.rows("external_references", subject_type="Invoice")
    assert found["external_status"] == "paid"


@pytest.mark.parametrize("action", ["commit_then_drop", "drop"])
def test_an_invoice_stands_once_in_kantata_though_an_answer_was_lost(kantata: Account, action: str) -> None:
    ports, command, ids = billed(firm(kantata))
    kantata.fault(action=action, method="POST", path="/api/v1/invoices")
    for _ in range(2):
        try:
            status.step(command, ports)
        except Transient:
            continue
        break
    assert len(kantata.rows("invoices")) == 1
    assert invoiced(kantata, ids) == [True, True, True]


def test_a_rejected_invoice_frees_its_entries(kantata: Account) -> None:
    ports, command, ids = billed(firm(kantata))
    status.step(command, ports)
    status.step(command.model_copy(update={"status": "rejected"}), ports)
    status.step(command.model_copy(update={"status": "rejected"}), ports)
    assert invoiced(kantata, ids) == [False, False, False]
    (made,) = kantata.rows("invoices")
    assert made["status"] == "cancelled"


def test_an_invoice_rejected_before_it_was_reported_makes_nothing(kantata: Account) -> None:
    ports, command, _ = billed(firm(kantata))
    result = status.step(command.model_copy(update={"status": "rejected"}), ports)
    assert result.ref is None and kantata.rows("invoices") == []


def test_every_call_of_a_command_holds_a_slot_of_its_lane(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    reference.step(order(), ports)
    assert {lane for _, lane in ports.slots.leased} == {"reference"}
