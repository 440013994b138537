"""The feeds of Kantata on the simulator: pages end, repeats add nothing, what is taken back is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from functions.connectors.kantata.poll import FEEDS
from functions.connectors.kantata.pull_events import pull_events
from functions.connectors.kantata.pull_expenses import pull_expenses
from functions.connectors.kantata.pull_milestones import pull_milestones
from functions.connectors.kantata.pull_projects import pull_projects
from functions.connectors.kantata.pull_rate_cards import pull_rate_cards
from functions.connectors.kantata.pull_time import pull_time
from shared.faults import BusinessException, Throttled, Transient
from tests.contract.connectors.kantata_ports import KantataFakes, kantata_ports
from tests.contract.simulators.kantata_account import Account, Firm, firm

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate
Pull = Callable[[KantataFakes], int | None]


def drain(pull: Pull, ports: KantataFakes) -> int:
    """Pages until there is none left now; a page due later is waited for, for the vendor's seconds are real."""
    pages = 0
    while True:
        pages += 1
        due = pull(ports)
        if due is None:
            return pages
        if due:
            time.sleep(0.3)
        assert pages < 60, "the feed does not end"


def own(account: Account, workspace_id: str, project_id: str = "11111111-1111-5111-8111-111111111111") -> str:
    reference = {"subject_type": "Workspace", "subject_id": int(workspace_id), "service_name": "billweave"}
    reference |= {"service_model": "Project", "service_model_ref": project_id, "status": "successful"}
    account.ok("POST", "external_references/create_or_update", json={"external_reference": reference})
    return project_id


def approved(of: Firm, count: int = 1, **values: object) -> list[dict[str, object]]:
    entries = of.account.entries(of.workspace["id"], of.consultants[0]["id"], count, **values)
    of.account.approve(of.workspace["id"], entries)
    return entries


def test_approved_time_becomes_events_page_by_page_and_once(kantata: Account) -> None:
    of = firm(kantata)
    entries = approved(of, 8)
    of.account.entries(of.workspace["id"], of.consultants[0]["id"], 2)
    ports = kantata_ports(kantata, page_size=3)
    assert drain(pull_time, ports) >= 3
    assert drain(pull_time, ports) >= 1
    told = ports.outbox.of_type("time.approved")
    assert sorted(event.data.ref.id for event in told) == sorted(str(entry["id"]) for entry in entries)
    assert ports.counts.totals.get("duplicates_received", 0) == 0


def test_a_time_entry_carries_person_role_date_minutes_rate_and_approver(kantata: Account) -> None:
    of = firm(kantata)
    approved(of, time_in_minutes=50)
    ports = kantata_ports(kantata)
    drain(pull_time, ports)
    (event,) = ports.outbox.of_type("time.approved")
    data = event.data
    assert (data.person.name, data.role, data.worked_on, data.minutes) == ("Ann", "Consultant", date(2026, 3, 2), 50)
    assert data.source_rate is not None and data.source_rate.amount == Decimal("150")
    assert data.project_ref.id == of.workspace["id"]
    assert data.approved_at is not None and data.approver is not None
    assert event.legalentity == "firm" and event.subject == data.entry_id == event.correlationid


def test_two_hundred_entries_are_one_call(kantata: Account) -> None:
    of = firm(kantata)
    approved(of, 100)
    approved(of, 100)
    for _ in range(20):
        ports = kantata_ports(kantata)
        kantata.ok("POST", "/_sim/traffic/reset")
        if pull_time(ports) == 0:  # 1 while the second of a change is not over
            break
        time.sleep(0.3)
    calls = kantata.ok("GET", "/_sim/traffic")
    assert sum(count for name, count in calls["calls"].items() if "time_entries" in name) == 1
    assert len(ports.outbox.of_type("time.approved")) == 200


def test_an_approval_taken_back_is_told_as_withdrawn_once(kantata: Account) -> None:
    of = firm(kantata)
    (entry,) = approved(of)
    ports = kantata_ports(kantata)
    drain(pull_time, ports)
    sheet = kantata.rows("timesheet_submissions")[0]
    kantata.ok("PUT", f"timesheet_submissions/{sheet['id']}/cancel")
    drain(pull_events, ports)
    drain(pull_events, ports)
    first, second = sorted(ports.outbox.of_type("time.approved"), key=lambda event: event.sequence)
    assert (first.data.state, second.data.state) == ("approved", "withdrawn")
    assert first.subject == second.subject and second.data.ref.id == entry["id"]


def test_an_approved_entry_that_is_deleted_is_told_as_withdrawn(kantata: Account) -> None:
    of = firm(kantata)
    (entry,) = approved(of)
    ports = kantata_ports(kantata)
    drain(pull_time, ports)
    sheet = kantata.rows("timesheet_submissions")[0]
    kantata.ok("PUT", f"timesheet_submissions/{sheet['id']}/cancel")
    kantata.ok("DELETE", f"time_entries/{entry['id']}")
    drain(pull_events, ports)
    last = max(ports.outbox.of_type("time.approved"), key=lambda event: event.sequence)
    assert (last.data.state, last.data.minutes) == ("withdrawn", 60)


def test_drafts_that_were_never_approved_are_told_to_nobody(kantata: Account) -> None:
    of = firm(kantata)
    (entry,) = kantata.entries(of.workspace["id"], of.consultants[0]["id"])
    kantata.ok("PUT", f"time_entries/{entry['id']}", json={"time_entry": {"notes": "changed"}})
    ports = kantata_ports(kantata)
    drain(pull_time, ports)
    drain(pull_events, ports)
    assert not ports.outbox.events


def test_a_corrected_entry_comes_again_with_a_higher_sequence(kantata: Account) -> None:
    of = firm(kantata)
    (entry,) = approved(of)
    ports = kantata_ports(kantata)
    drain(pull_time, ports)
    sheet = kantata.rows("timesheet_submissions")[0]
    kantata.ok("PUT", f"timesheet_submissions/{sheet['id']}/cancel")
    kantata.ok("PUT", f"time_entries/{entry['id']}", json={"time_entry": {"time_in_minutes": 90}})
    kantata.approve(of.workspace["id"], [entry])
    drain(pull_time, ports)
    first, second = sorted(ports.outbox.of_type("time.approved"), key=lambda event: event.sequence)
    assert (first.data.minutes, second.data.minutes) == (60, 90)
    assert first.subject == second.subject and first.sequence < second.sequence


def test_approved_billable_expenses_become_events(kantata: Account) -> None:
    of = firm(kantata)
    values = {"workspace_id": of.workspace["id"], "user_id": of.consultants[0]["id"], "date": "2026-03-02"}
    spent = kantata.make("expense", "expenses", category="Travel", amount_in_cents=12345, billable=True, **values)
    report = kantata.make(
        "expense_report_submission",
        "expense_report_submissions",
        title="trip",
        workspace_id=of.workspace["id"],
        line_item_ids=[spent["id"]],
    )
    ports = kantata_ports(kantata)
    drain(pull_expenses, ports)
    assert not ports.outbox.events
    kantata.ok("PUT", f"expense_report_submissions/{report['id']}/approve", json={})
    drain(pull_expenses, ports)
    (event,) = ports.outbox.of_type("expense.approved")
    assert (event.data.value.amount, event.data.value.currency) == (Decimal("123.45"), "USD")
    assert (event.data.category, event.data.incurred_on) == ("Travel", date(2026, 3, 2))
    kantata.ok("PUT", f"expense_report_submissions/{report['id']}/cancel")
    drain(pull_events, ports)
    assert {event.data.state for event in ports.outbox.of_type("expense.approved")} == {"approved", "withdrawn"}


def test_a_rate_card_is_told_whole_and_again_when_a_project_of_ours_is_put_on_it(kantata: Account) -> None:
    of = firm(kantata)
    ports = kantata_ports(kantata)
    pull_rate_cards(ports)
    pull_rate_cards(ports)
    (first,) = ports.outbox.of_type("rate_card.changed")
    rates = {rate.role: rate.rate_per_hour for rate in first.data.rates}
    assert rates == {"Consultant": Decimal("150.00"), None: Decimal("100.00")}
    assert first.data.project_refs == ()
    own(kantata, of.workspace["id"])
    pull_rate_cards(ports)
    last = max(ports.outbox.of_type("rate_card.changed"), key=lambda event: event.sequence)
    assert [project.id for project in last.data.project_refs] == [of.workspace["id"]]
    assert last.sequence > first.sequence


def test_a_hold_by_status_is_placed_and_released_once_each(kantata: Account) -> None:
    of = firm(kantata)
    ports = kantata_ports(kantata, hold={"by": "status", "words": ["On Hold"]})
    project_id = own(kantata, of.workspace["id"])
    drain(pull_projects, ports)
    assert not ports.outbox.events
    on_hold(kantata, of.workspace["id"])
    drain(pull_projects, ports)
    drain(pull_projects, ports)
    (placed,) = ports.outbox.of_type("billing.hold_placed")
    assert placed.subject == project_id and placed.data.project_ref.id == of.workspace["id"]
    on_hold(kantata, of.workspace["id"], "Active")
    drain(pull_projects, ports)
    drain(pull_projects, ports)
    assert len(ports.outbox.of_type("billing.hold_released")) == 1


def on_hold(account: Account, workspace_id: str, message: str = "On Hold") -> None:
    keys = {"On Hold": 500, "Active": 300}
    account.ok("PUT", f"workspaces/{workspace_id}", json={"workspace": {"status_key": keys[message]}})


def test_a_hold_by_custom_field_is_told_for_projects_of_ours_only(kantata: Account) -> None:
    of = firm(kantata)
    ports = kantata_ports(kantata, hold={"by": "custom_field", "field": "Billing Hold"})
    value = {"subject_type": "Workspace", "subject_id": of.workspace["id"], "value": "Client disputes May"}
    value["custom_field_id"] = kantata.credentials["custom_fields"]["billing_hold"]
    kantata.ok("POST", "custom_field_values", json={"custom_field_value": value})
    drain(pull_projects, ports)
    assert not ports.outbox.events
    own(kantata, of.workspace["id"])
    kantata.ok("PUT", f"workspaces/{of.workspace['id']}", json={"workspace": {"description": "touched"}})
    drain(pull_projects, ports)
    (placed,) = ports.outbox.of_type("billing.hold_placed")
    assert placed.data.reason == "Client disputes May"


def test_a_milestone_is_told_when_completed_and_again_when_accepted(kantata: Account) -> None:
    of = firm(kantata)
    ports = kantata_ports(kantata, milestones={"by": "custom_field", "field": "Client Approved On"})
    story = kantata.make("story", "stories", workspace_id=of.workspace["id"], title="Go-live", story_type="milestone")
    drain(pull_milestones, ports)
    assert not ports.outbox.events
    kantata.ok("PUT", f"stories/{story['id']}", json={"story": {"state": "completed"}})
    drain(pull_milestones, ports)
    (first,) = ports.outbox.of_type("milestone.completed")
    assert (first.data.name, first.data.approver) == ("Go-live", None)
    time.sleep(1.1)
    value = {"subject_type": "Story", "subject_id": story["id"], "value": "2026-03-09"}
    value["custom_field_id"] = kantata.credentials["custom_fields"]["client_approved_on"]
    kantata.ok("POST", "custom_field_values", json={"custom_field_value": value})
    drain(pull_milestones, ports)
    drain(pull_milestones, ports)
    last = max(ports.outbox.of_type("milestone.completed"), key=lambda event: event.sequence)
    assert len(ports.outbox.of_type("milestone.completed")) == 2
    assert last.data.approver is not None and last.sequence > first.sequence


@pytest.mark.parametrize("feed", sorted(FEEDS))
def test_every_feed_ends_on_an_empty_account(kantata: Account, feed: str) -> None:
    ports = kantata_ports(kantata)
    assert FEEDS[feed](ports) is None
    assert not ports.outbox.events


@pytest.mark.parametrize("feed", sorted(FEEDS))
def test_a_failing_read_moves_no_cursor(kantata: Account, feed: str) -> None:
    ports = kantata_ports(kantata)
    for fault, kind in (
        ({"action": "throttle", "retry_after": 7}, Throttled),
        ({"action": "status", "status": 503}, Transient),
        ({"action": "drop"}, Transient),
    ):
        kantata.fault(path="/api/v1/", **fault)
        with pytest.raises(kind):
            FEEDS[feed](ports)
    assert not ports.cursors.cursors


def test_a_revoked_token_is_a_persons_job(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    kantata.fault(action="status", status=401, path="/api/v1/")
    with pytest.raises(BusinessException) as refused:
        pull_time(ports)
    assert refused.value.code == "psa_login_refused"


def test_every_call_holds_a_slot(kantata: Account) -> None:
    ports = kantata_ports(kantata)
    pull_time(ports)
    assert ports.slots.leased == [("kantata", "poll")]
