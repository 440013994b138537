"""Kantata's objects as our events."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from functions.connectors.kantata.client import Page
from functions.connectors.kantata.custom_fields import field_value
from functions.connectors.kantata.mapping import expense_event, time_event
from functions.connectors.kantata.pull_milestones import acceptance
from functions.connectors.kantata.pull_projects import hold_reason
from functions.connectors.kantata.reading import amount, instant
from functions.connectors.kantata.settings import HoldRule, MilestoneRule, TimeRule
from shared.faults import Poison

ENTRY: dict[str, Any] = {
    "id": "9001", "date_performed": "2026-03-02", "time_in_minutes": 90, "billable": True, "approved": True,
    "rate_in_cents": 15050, "currency": "USD", "currency_base_unit": 100, "notes": None, "user_id": 12,
    "workspace_id": "77", "story_id": "5", "role_id": "3", "active_submission_id": "8",
    "updated_at": "2026-03-02T01:00:00-08:00",
}  # fmt: skip
SIDES: dict[str, dict[str, dict[str, Any]]] = {
    "users": {"12": {"id": "12", "full_name": "Ann Lee"}, "4": {"id": "4", "full_name": "Mia Chief"}},
    "stories": {"5": {"id": "5", "title": "Design"}},
    "roles": {"3": {"id": "3", "name": "Architect"}},
    "timesheet_submissions": {
        "8": {"current_resolution_created_at_date": "2026-03-03T00:00:00-08:00", "current_resolution_creator_id": 4}
    },
}


def page(**sides: Any) -> Page:
    return Page((), 0, SIDES | sides, None)


def test_a_time_entry_is_told_with_all_that_kantata_says() -> None:
    event = time_event(ENTRY, page(), "firm")
    data = event.data
    assert (data.person.name, data.role, data.task) == ("Ann Lee", "Architect", "Design")
    assert (data.worked_on, data.minutes, data.notes) == (date(2026, 3, 2), 90, "")
    assert (data.source_rate.amount, data.source_rate.currency) == (Decimal("150.50"), "USD")
    assert (data.approver, data.approved_at) == ("Mia Chief", datetime(2026, 3, 3, 8, tzinfo=UTC))
    assert (data.ref.kind, data.ref.id, data.project_ref.id) == ("time_entry", "9001", "77")


def test_the_sequence_is_the_change_time_in_microseconds() -> None:
    event = time_event(ENTRY, page(), "firm")
    assert event.sequence == 1772442000 * 1_000_000
    assert event.time == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_same_state_is_the_same_event_and_a_later_one_another() -> None:
    first, again = time_event(ENTRY, page(), "firm"), time_event(ENTRY, page(), "firm")
    later = time_event(ENTRY | {"updated_at": "2026-03-02T01:00:01-08:00"}, page(), "firm")
    other = time_event(ENTRY, page(), "another firm")
    assert first == again
    assert first.subject == later.subject and first.id != later.id
    assert first.subject != other.subject


def test_a_withdrawn_entry_shows_no_approval() -> None:
    data = time_event(ENTRY, page(), "firm", "withdrawn").data
    assert (data.state, data.approved_at, data.approver) == ("withdrawn", None, None)


def test_what_is_not_sent_along_falls_back_to_ids() -> None:
    data = time_event(ENTRY, Page((), 0, {}, None), "firm").data
    assert (data.person.name, data.role, data.task, data.approver) == ("user 12", "3", None, None)
    assert data.approved_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("broken", [{"time_in_minutes": None}, {"date_performed": "soon"}, {"updated_at": "x"}])
def test_an_entry_that_cannot_be_read_is_poison(broken: dict[str, Any]) -> None:
    with pytest.raises(Poison) as poison:
        time_event(ENTRY | broken, page(), "firm")
    assert (poison.value.code, poison.value.facts) == ("time_entry_unreadable", {"time_entry": "9001"})


def test_an_expense_is_in_subunits_of_its_own_currency() -> None:
    expense = {
        "id": 3, "date": "2026-03-02", "category": "Travel", "amount_in_cents": 1250, "currency": "JPY",
        "currency_base_unit": 1, "user_id": 12, "workspace_id": 77, "updated_at": "2026-03-02T01:00:00-08:00",
    }  # fmt: skip
    value = expense_event(expense, page(), "firm").data.value
    assert (value.amount, value.currency) == (Decimal(1250), "JPY")


@pytest.mark.parametrize(("subunits", "base", "text"), [(12345, 100, "123.45"), (7, 1, "7"), (-5, 100, "-0.05")])
def test_amounts_are_exact(subunits: int, base: int, text: str) -> None:
    assert amount(subunits, {"currency": "USD", "currency_base_unit": base}).amount == Decimal(text)


@pytest.mark.parametrize("row", [{"currency": "USD"}, {"currency": "USD", "currency_base_unit": 0}])
def test_an_amount_without_a_base_unit_is_no_amount(row: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        amount(1, row)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        instant("2026-03-02T01:00:00")
    assert instant("2026-03-02T09:00:00Z") == instant("2026-03-02T01:00:00-08:00")


def with_field(name: str, value: object, **more: Any) -> tuple[dict[str, Any], Page]:
    row = {"id": "1", "custom_field_value_ids": ["6"], "state": "completed", "updated_at": "2026-03-02T01:00:00-08:00"}
    values = {"6": {"custom_field_name": name, "value": value, "display_value": value, **more}}
    return row, page(custom_field_values=values)


@pytest.mark.parametrize(("value", "held"), [("Client disputes", True), ("no", False), ("", False), (None, False)])
def test_a_hold_is_a_value_that_is_not_off(value: str | None, held: bool) -> None:
    rule = HoldRule(by="custom_field", field="billing hold")
    assert (hold_reason(*with_field("Billing Hold", value), rule) is not None) == held


def test_a_hold_by_status_is_one_of_its_words() -> None:
    rule = HoldRule(by="status", words=("Billing Hold",))
    assert hold_reason({"status": {"message": "billing hold"}}, page(), rule) == "billing hold"
    assert hold_reason({"status": {"message": "Active"}}, page(), rule) is None
    assert hold_reason({}, page(), rule) is None


def test_a_milestone_is_accepted_by_the_name_in_its_field() -> None:
    row, of = with_field("Accepted by", "Jo Client", updated_at="2026-03-04T00:00:00-08:00")
    assert acceptance(row, of, MilestoneRule()) == ("Jo Client", datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert acceptance(row, page(), MilestoneRule()) == (None, None)


def test_a_date_in_the_field_was_filled_in_by_somebody() -> None:
    row, of = with_field("Client Approved On", "2026-03-04", type="date", setter_id=4)
    who, _ = acceptance(row, of, MilestoneRule(field="Client Approved On"))
    assert who == "kantata user 4"


def test_a_milestone_may_be_accepted_by_its_state() -> None:
    rule = MilestoneRule(by="state", accepted=("accepted",))
    row, of = with_field("x", "y")
    assert acceptance(row, of, rule) == (None, None)
    assert acceptance(row | {"state": "Accepted"}, of, rule)[0] == "kantata status Accepted"


def test_a_field_of_several_choices_is_read_as_people_see_it() -> None:
    found = field_value(*with_field("Hold", ["A", "B"]), "hold")
    assert found is not None and found.text == "A, B"


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (TimeRule(), None),
        (TimeRule(travel=("design",)), "travel"),
        (TimeRule(overtime=(" Design ",)), "overtime"),
        (TimeRule(overtime=("Design",), travel=("Design",)), "travel"),
        (TimeRule(overtime=("Architect",)), None),
        (TimeRule(by="role", overtime=("Architect",)), "overtime"),
    ],
)
def test_overtime_and_travel_are_what_the_account_calls_them(rule: TimeRule, kind: str | None) -> None:
    assert time_event(ENTRY, page(), "firm", rule=rule).data.work_kind == kind


def test_the_task_is_named_by_its_id_and_a_location_is_a_region_only_where_the_account_says_so() -> None:
    entry = ENTRY | {"location": "Bavaria"}
    plain = time_event(entry, page(), "firm").data
    assert (plain.task_ref.kind, plain.task_ref.id, plain.region) == ("story", "5", None)
    assert time_event(entry, page(), "firm", rule=TimeRule(region_by_location=True)).data.region == "Bavaria"
