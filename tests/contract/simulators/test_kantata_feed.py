"""The change feed: who did what, newest first, late, repeated, gone after nine days."""

from __future__ import annotations

import json

import pytest

from tests.contract.simulators.kantata_account import Account, Firm, firm

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def made(kantata: Account) -> Firm:
    return firm(kantata)


def _log(made: Firm, person: int = 0) -> str:
    entry = made.account.make(
        "time_entry", "time_entries", made.consultants[person]["token"], workspace_id=made.workspace["id"],
        date_performed="2026-03-02", time_in_minutes=60,
    )  # fmt: skip
    return str(entry["id"])


def test_events_are_for_administrators(made: Firm) -> None:
    for path in ("subscribed_events", "subscribed_events/event_types"):
        assert made.account.refused("GET", path, made.manager["token"])[0] == 403


def test_the_feed_is_an_add_on(made: Firm) -> None:
    made.account.settings(subscribed_events_enabled=False)
    assert made.account.refused("GET", "subscribed_events")[0] == 403


def test_an_event_says_what_changed_and_who_did_it(made: Firm) -> None:
    entry_id = _log(made)
    event = made.account.rows("subscribed_events", event_types="time_entry:created", include="subject")[0]
    assert (event["event_type"], event["subject_type"], event["subject_id"]) == (
        "time_entry:created", "TimeEntry", int(entry_id))  # fmt: skip
    assert event["user_id"] == int(made.consultants[0]["id"])
    assert event["context_workspace_id"] == int(made.workspace["id"])
    assert event["subject_ref"] == {"key": "time_entries", "id": entry_id}
    assert "current_payload" not in event


def test_newest_come_first_unless_ordered(made: Firm) -> None:
    ids = [_log(made) for _ in range(3)]
    newest = made.account.rows("subscribed_events", event_types="time_entry:created")
    oldest = made.account.rows("subscribed_events", event_types="time_entry:created", order="created_at:asc")
    assert [str(e["subject_id"]) for e in newest] == ids[::-1]
    assert [str(e["subject_id"]) for e in oldest] == ids


def test_payloads_are_json_inside_text(made: Firm) -> None:
    entry_id = _log(made)
    made.account.ok("PUT", f"time_entries/{entry_id}", json={"time_entry": {"notes": "new"}})
    asked = {"event_types": "time_entry:updated", "optional_fields": "current_payload,previous_payload,payload_changes"}
    event = made.account.rows("subscribed_events", **asked)[0]
    assert json.loads(event["current_payload"])["notes"] == "new"
    assert json.loads(event["payload_changes"])["notes"] == [None, "new"]
    made.account.settings(event_payloads_as_strings=False)
    assert made.account.rows("subscribed_events", **asked)[0]["previous_payload"]["notes"] is None


def test_approval_and_invoicing_make_events_of_the_entries(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 2)
    made.account.approve(made.workspace["id"], entries)
    made.account.make("invoice", "invoices", made.account.credentials["token"], workspace_id=made.workspace["id"],
                      payment_schedule=1, time_entry_ids=[entries[0]["id"]])  # fmt: skip
    count = lambda types: made.account.get("subscribed_events", event_types=types)["count"]  # noqa: E731
    assert count("timesheet:created") == 1 and count("timesheet:updated") == 1
    assert count("timesheet:time_entry_added") == 2 and count("invoice:created") == 1
    assert count("time_entry:updated") == 5  # submitted twice, approved twice, invoiced once
    last = made.account.rows("subscribed_events", event_types="time_entry:updated")[0]
    assert last["user_id"] == 1001  # the integration's own writing is in the feed too


def test_a_deleted_subject_has_no_reference(made: Firm) -> None:
    entry_id = _log(made)
    made.account.ok("DELETE", f"time_entries/{entry_id}")
    body = made.account.get("subscribed_events", subject_type="TimeEntry", subject_id=entry_id, include="subject")
    assert [e["subject_ref"] for e in body["subscribed_events"].values()] == [None, None]
    assert {e["event_type"] for e in body["subscribed_events"].values()} == {"time_entry:created", "time_entry:deleted"}


def test_events_older_than_nine_days_are_gone(made: Firm) -> None:
    _log(made)
    made.account.ok("POST", "/_sim/clock", json={"advance_s": 8 * 86400})
    assert made.account.get("subscribed_events", event_types="time_entry:created")["count"] == 1
    made.account.ok("POST", "/_sim/clock", json={"advance_s": 86400 + 60})
    assert made.account.get("subscribed_events", event_types="time_entry:created")["count"] == 0
    assert made.account.get("time_entries")["count"] == 1


def test_late_events_are_created_after_the_change(made: Firm) -> None:
    made.account.fault(action="late_event", path="time_entry:created", seconds=180)
    _log(made)
    assert made.account.get("subscribed_events", event_types="time_entry:created")["count"] == 0
    made.account.ok("POST", "/_sim/clock", json={"advance_s": 200})
    event = made.account.rows("subscribed_events", event_types="time_entry:created")[0]
    assert event["created_at"] > event["subject_changed_at"]


def test_a_held_event_turns_up_behind_the_cursor(made: Firm) -> None:
    made.account.fault(action="late_event", path="time_entry:created", seconds=0, hold_seconds=300)
    held = _log(made)
    prompt = _log(made)
    seen = made.account.rows("subscribed_events", event_types="time_entry:created")
    assert [str(e["subject_id"]) for e in seen] == [prompt]
    made.account.ok("POST", "/_sim/clock", json={"advance_s": 301})
    oldest = made.account.rows("subscribed_events", event_types="time_entry:created", order="created_at:asc")[0]
    assert str(oldest["subject_id"]) == held and oldest["created_at"] <= seen[0]["created_at"]


def test_events_are_duplicated_under_new_ids_and_within_a_page(made: Firm) -> None:
    made.account.fault(action="duplicate_event", path="time_entry:created")
    _log(made)
    twins = made.account.rows("subscribed_events", event_types="time_entry:created")
    assert len({e["id"] for e in twins}) == 2 and len({e["subject_id"] for e in twins}) == 1
    made.account.fault(action="duplicate_delivery", path="subscribed_events")
    body = made.account.get("subscribed_events", event_types="time_entry:created")
    assert len(body["results"]) == 4 and len(body["subscribed_events"]) == 2
    assert len(made.account.get("subscribed_events", event_types="time_entry:created")["results"]) == 2


def test_a_page_can_come_in_no_order(made: Firm) -> None:
    ids = [_log(made) for _ in range(12)]
    made.account.fault(action="shuffle_delivery", path="subscribed_events")
    asked = {"event_types": "time_entry:created", "order": "created_at:asc"}
    shuffled = [str(e["subject_id"]) for e in made.account.rows("subscribed_events", **asked)]
    assert shuffled != ids and sorted(shuffled, key=int) == ids


def test_collapsing_filters_exclude_each_other(made: Firm) -> None:
    entry_id = _log(made)
    for notes in ("a", "b"):
        made.account.ok("PUT", f"time_entries/{entry_id}", json={"time_entry": {"notes": notes}})
    of_entry = {"subject_type": "TimeEntry", "subject_id": entry_id}
    assert made.account.get("subscribed_events", **of_entry)["count"] == 3
    assert made.account.get("subscribed_events", most_recent="true", **of_entry)["count"] == 1
    assert made.account.get("subscribed_events", most_recent_by_event_type="true", **of_entry)["count"] == 2
    both = {"most_recent": "true", "most_recent_by_event_type": "true"}
    assert made.account.refused("GET", "subscribed_events", params=both)[0] == 400
    assert made.account.refused("GET", "subscribed_events", params={"subject_id": entry_id})[0] == 400


def test_the_types_are_listed_with_their_fields(made: Firm) -> None:
    body = made.account.get("subscribed_events/event_types.json")
    types = set(body["subscribed_event_types"])
    assert {"time_entry:updated", "timesheet:time_entry_added", "expense_report:updated", "workspace:created",
            "invoice:deleted", "line_item_lock:created", "workspace:custom_field_value_updated"} <= types  # fmt: skip
    assert "date_performed" in body["subscribed_event_type_schemas"]["time_entry:updated"]["fields"]
