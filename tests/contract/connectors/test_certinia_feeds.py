"""The feeds of Certinia on the simulator: what stands approved is told day by day, and what is taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from functions.connectors.certinia.pull_assignments import pull_assignments
from functions.connectors.certinia.pull_expenses import pull_expenses
from functions.connectors.certinia.pull_milestones import pull_milestones
from functions.connectors.certinia.pull_projects import pull_projects
from functions.connectors.certinia.pull_rate_cards import pull_rate_cards
from functions.connectors.certinia.pull_time import pull_time
from tests.contract.connectors.certinia_ports import OURS, CertiniaFakes, certinia_ports, drain
from tests.contract.simulators.certinia_org import WEEK, WEEK_OVER_MONTH_END, Psa

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
pytestmark = pytest.mark.estate
HEADER, SPLIT = "pse__Timecard_Header__c", "pse__Timecard__c"


def told(ports: CertiniaFakes, name: str = "time.approved") -> list[Any]:
    return [event.data for event in ports.outbox.of_type(name)]


def states(ports: CertiniaFakes, name: str = "time.approved") -> list[str]:
    return [each.state for each in told(ports, name)]


def test_a_week_over_a_months_end_is_told_day_by_day_of_two_splits(psa: Psa) -> None:
    card = psa.approved(WEEK_OVER_MONTH_END, {"Monday": "1.83", "Tuesday": 8, "Friday": "0.17"})
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    days = {(each.worked_on, each.minutes, each.ref.id) for each in told(ports)}
    march, april = (split["Id"] for split in psa.splits(card))
    assert days == {
        (date(2026, 3, 30), 110, march),
        (date(2026, 3, 31), 480, march),
        (date(2026, 4, 3), 10, april),
    }


def test_an_entry_carries_person_role_note_rate_and_what_it_hangs_under(psa: Psa) -> None:
    psa.approved(hours={"Tuesday": 2}, pse__Tuesday_Notes__c="Fit-gap", pse__Timecard_Notes__c="The week")
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    [entry] = told(ports)
    assert (entry.person.name, entry.role, entry.notes) == ("Rosa", "Consultant", "Fit-gap")
    assert (entry.project_ref.id, entry.assignment_ref.id) == (psa.project, psa.assignment)
    assert entry.source_rate is not None and entry.source_rate.amount == Decimal(150)


def test_a_rate_per_day_is_not_taken_for_one_per_hour(psa: Psa) -> None:
    psa.assignment = psa.assign(psa.project, psa.resource, pse__Bill_Rate__c=1200, pse__Daily_Bill_Rate__c=True)
    psa.approved()
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    assert [each.source_rate for each in told(ports)] == [None]


def test_a_rejected_timecard_is_taken_back_and_told_again_when_approved_again(psa: Psa) -> None:
    card, ports = psa.approved(), certinia_ports(psa)
    drain(pull_time, ports)
    psa.org.change(HEADER, card, pse__Status__c="Rejected")
    drain(pull_time, ports)
    psa.org.change(HEADER, card, pse__Status__c="Saved", pse__Monday_Hours__c=4)
    psa.approve(card)
    drain(pull_time, ports)
    assert [(each.state, each.minutes) for each in told(ports)] == [
        ("approved", 480),
        ("withdrawn", 480),
        ("approved", 240),
    ]
    sequences = [event.sequence for event in ports.outbox.of_type("time.approved")]
    assert sequences == sorted(set(sequences))


def test_hours_moved_to_another_day_leave_the_first(psa: Psa) -> None:
    card, ports = psa.approved(), certinia_ports(psa)
    drain(pull_time, ports)
    psa.org.change(HEADER, card, pse__Status__c="Rejected")
    psa.org.change(HEADER, card, pse__Status__c="Saved", pse__Monday_Hours__c=0, pse__Wednesday_Hours__c=8)
    psa.approve(card)
    drain(pull_time, ports)
    last = {each.worked_on: each.state for each in told(ports)}
    assert last == {date(2026, 3, 9): "withdrawn", date(2026, 3, 11): "approved"}


def test_a_deleted_timecard_is_taken_back(psa: Psa) -> None:
    card, ports = psa.approved(), certinia_ports(psa)
    drain(pull_time, ports)
    psa.org.change(HEADER, card, pse__Status__c="Rejected")
    psa.org.ok("DELETE", f"sobjects/{HEADER}/{card}")
    drain(pull_time, ports)
    assert states(ports) == ["approved", "withdrawn"]


def test_what_was_never_approved_is_never_told(psa: Psa) -> None:
    psa.enter()
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    assert told(ports) == []


@pytest.mark.parametrize("flag", ["pse__Billing_Hold__c", "pse__Exclude_from_Billing__c"])
def test_a_split_held_or_excluded_is_taken_back_until_it_is_not(psa: Psa, flag: str) -> None:
    card, ports = psa.approved(), certinia_ports(psa)
    drain(pull_time, ports)
    [split] = psa.splits(card)
    for held in (True, False):
        psa.org.change(SPLIT, split["Id"], **{flag: held})
        drain(pull_time, ports)
    assert states(ports) == ["approved", "withdrawn", "approved"]


def test_a_billing_event_or_an_excluded_project_keeps_no_work_from_being_known(psa: Psa) -> None:
    psa.approved()
    psa.generate()
    psa.approved("2026-03-16")
    psa.org.change("pse__Proj__c", psa.project, pse__Exclude_From_Billing__c=True)
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    assert states(ports) == ["approved", "approved"]


def test_what_was_invoiced_before_our_time_stays_untold(psa: Psa) -> None:
    [split] = psa.splits(psa.approved())
    psa.fabric.change(SPLIT, split["Id"], pse__Invoiced__c=True, pse__Invoice_Number__c="OLD-1")
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    assert told(ports) == []


def test_work_that_we_invoiced_is_told_again_only_when_it_is_corrected(psa: Psa) -> None:
    card, ports = psa.approved(), certinia_ports(psa)
    drain(pull_time, ports)
    [split] = psa.splits(card)
    psa.fabric.change(SPLIT, split["Id"], pse__Invoiced__c=True, pse__Invoice_Number__c="INV-1")
    drain(pull_time, ports)
    assert states(ports) == ["approved"]
    psa.org.change(HEADER, card, pse__Status__c="Rejected")
    psa.org.change(HEADER, card, pse__Status__c="Saved", pse__Monday_Hours__c=6)
    psa.approve(card)
    drain(pull_time, ports)
    assert [(each.state, each.minutes) for each in told(ports)][-1] == ("approved", 360)


def test_hours_below_zero_are_kept_raw_and_stop_nothing_else(psa: Psa) -> None:
    psa.approved(hours={"Monday": -2})
    psa.approved("2026-03-16")
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    assert [each.worked_on for each in told(ports)] == [date(2026, 3, 16)]
    assert ports.counts.totals["poison_received"] == 1


def test_an_org_of_one_currency_is_read_in_that(psa: Psa) -> None:
    psa.approved()
    psa.org.settings(multi_currency=False, default_currency="EUR")
    ports = certinia_ports(psa, multi_currency=False, default_currency="EUR")
    drain(pull_time, ports)
    [entry] = told(ports)
    assert entry.source_rate is not None and entry.source_rate.currency == "EUR"


def test_work_of_an_assignment_that_is_excluded_is_taken_back_until_it_is_not(psa: Psa) -> None:
    psa.approved()
    spend(psa)
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    drain(pull_expenses, ports)
    drain(pull_assignments, ports)
    assert (states(ports), states(ports, "expense.approved")) == (["approved"], ["approved"])
    for excluded in (True, False):
        psa.org.change("pse__Assignment__c", psa.assignment, pse__Exclude_from_Billing__c=excluded)
        drain(pull_time, ports)
        drain(pull_assignments, ports)
        drain(pull_assignments, ports)
    assert states(ports) == states(ports, "expense.approved") == ["approved", "withdrawn", "approved"]


def test_a_role_put_right_on_the_assignment_is_told_of_its_work(psa: Psa) -> None:
    psa.approved()
    ports = certinia_ports(psa)
    drain(pull_time, ports)
    psa.org.change("pse__Assignment__c", psa.assignment, pse__Role__c="Architect")
    drain(pull_assignments, ports)
    assert [each.role for each in told(ports)] == ["Consultant", "Architect"]


def spend(psa: Psa, **fields: Any) -> str:
    of = {"pse__Project__c": psa.project, "pse__Assignment__c": psa.assignment, "pse__Resource__c": psa.resource}
    report = psa.org.create("pse__Expense_Report__c", Name="March", **{n: of[n] for n in of if "Assign" not in n})
    given = {
        "pse__Expense_Date__c": WEEK,
        "pse__Amount__c": "42.50",
        "pse__Type__c": "Travel",
        "pse__Billable__c": True,
    }
    line = psa.org.create("pse__Expense__c", pse__Expense_Report__c=report, **(of | given | fields))
    for status in ("Submitted", "Approved"):
        psa.org.change("pse__Expense_Report__c", report, pse__Status__c=status)
    return line


def test_an_expense_is_told_by_what_is_billed_in_its_currency(psa: Psa) -> None:
    line, ports = spend(psa, CurrencyIsoCode="EUR", pse__Description__c="Train"), certinia_ports(psa)
    drain(pull_expenses, ports)
    [expense] = told(ports, "expense.approved")
    shown = psa.org.get("pse__Expense__c", line)
    assert (expense.value.amount, expense.value.currency) == (
        Decimal(str(shown["pse__Billing_Amount__c"])),
        shown["pse__Billing_Currency__c"],
    )
    assert (expense.category, expense.incurred_on, expense.notes) == ("Travel", date(2026, 3, 9), "Train")


def test_an_expense_excluded_from_billing_is_taken_back(psa: Psa) -> None:
    line, ports = spend(psa), certinia_ports(psa)
    drain(pull_expenses, ports)
    psa.org.change("pse__Expense__c", line, pse__Exclude_from_Billing__c=True)
    drain(pull_expenses, ports)
    assert states(ports, "expense.approved") == ["approved", "withdrawn"]


def test_a_milestone_is_completed_by_its_date_and_accepted_by_its_approvals(psa: Psa) -> None:
    made = {"Name": "Pilot live", "pse__Project__c": psa.project, "pse__Milestone_Amount__c": 5000}
    milestone, ports = psa.org.create("pse__Milestone__c", **made), certinia_ports(psa)
    drain(pull_milestones, ports)
    assert told(ports, "milestone.completed") == []
    steps: tuple[dict[str, Any], ...] = (
        {"pse__Actual_Date__c": "2026-03-12"},
        {"pse__Status__c": "Approved"},
        {"pse__Approved_for_Billing__c": True, "Accepted_By__c": "Pat Client"},
    )
    for step in steps:
        psa.org.change("pse__Milestone__c", milestone, **step)
        drain(pull_milestones, ports)
    found = told(ports, "milestone.completed")
    assert [each.approver for each in found] == [None, None, "Pat Client"]
    assert {(each.name, each.completed_on) for each in found} == {("Pilot live", date(2026, 3, 12))}


def test_a_hold_is_told_when_it_changes_and_of_our_projects_alone(psa: Psa) -> None:
    ports = certinia_ports(psa)
    psa.new_project("Nobody's", pse__Exclude_From_Billing__c=True)
    for held in (True, True, False):
        psa.org.change("pse__Proj__c", psa.project, pse__Exclude_From_Billing__c=held)
        drain(pull_projects, ports)
    assert [event.type.rpartition(".")[0] for event in ports.outbox.events.values()] == [
        "billing.hold_placed",
        "billing.hold_released",
    ]
    assert {event.subject for event in ports.outbox.events.values()} == {OURS}


def test_a_status_may_hold_instead_of_the_checkbox(psa: Psa) -> None:
    ports = certinia_ports(psa, hold={"checkbox": "", "statuses": ["On hold"]})
    psa.org.change("pse__Proj__c", psa.project, pse__Project_Status__c="On Hold", pse__Exclude_From_Billing__c=False)
    drain(pull_projects, ports)
    assert [each.reason for each in told(ports, "billing.hold_placed")] == ["On Hold"]


def card(psa: Psa, of: str, role: str, rate: Any, **fields: Any) -> str:
    given = {"pse__Rate_Card_Set__c": of, "pse__Role__c": role, "pse__Suggested_Bill_Rate__c": rate} | fields
    return psa.org.create("pse__Rate_Card__c", **given)


def test_a_set_is_told_whole_with_days_half_open_and_only_when_it_changes(psa: Psa) -> None:
    cards = psa.org.create("pse__Rate_Card_Set__c", Name="US standard rates")
    practice = psa.org.create("pse__Practice__c", Name="Supply chain")
    card(psa, cards, "Consultant", "180.50", pse__Start_Date__c="2026-01-01", pse__End_Date__c="2026-03-15")
    card(psa, cards, "Consultant", 190, pse__Start_Date__c="2026-03-16", pse__Account__c=psa.account)
    card(psa, cards, "Consultant", 999, pse__Practice__c=practice)
    psa.org.change("pse__Proj__c", psa.project, pse__Rate_Card_Set__c=cards)
    ports = certinia_ports(psa)
    pull_rate_cards(ports)
    pull_rate_cards(ports)
    [found] = told(ports, "rate_card.changed")
    rates = sorted((rate.rate_per_hour, rate.valid_from, rate.valid_to) for rate in found.rates)
    assert rates == [
        (Decimal("180.50"), date(2026, 1, 1), date(2026, 3, 16)),
        (Decimal(190), date(2026, 3, 16), None),
    ]
    assert {rate.customer_ref.id for rate in found.rates if rate.customer_ref} == {psa.account}
    assert [each.id for each in found.project_refs] == [psa.project]
    psa.org.change("pse__Proj__c", psa.project, pse__Rate_Card_Set__c=None)
    pull_rate_cards(ports)
    events = ports.outbox.of_type("rate_card.changed")
    assert [each.id for each in events[-1].data.project_refs] == [] and events[-1].sequence > events[0].sequence
