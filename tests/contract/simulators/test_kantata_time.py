"""Time and its approval: who may log for whom, what filters mean, what approval locks, which rate an hour has."""

from __future__ import annotations

import pytest

from tests.contract.simulators.kantata_account import Account, Firm, firm, results

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def made(kantata: Account) -> Firm:
    return firm(kantata)


def _entry(made: Firm, **values: object) -> dict[str, object]:
    return {"workspace_id": made.workspace["id"], "date_performed": "2026-03-02", "time_in_minutes": 60} | values


def test_user_id_is_passed_over_without_permission(made: Firm) -> None:
    ann, ben = made.consultants
    made_by_ann = made.account.make("time_entry", "time_entries", ann["token"], **_entry(made, user_id=ben["id"]))
    made_by_manager = made.account.make(
        "time_entry", "time_entries", made.manager["token"], **_entry(made, user_id=ben["id"])
    )
    assert (made_by_ann["user_id"], made_by_manager["user_id"]) == (ann["id"], ben["id"])


def test_consultants_see_their_own_time_and_managers_all_of_the_project(made: Firm) -> None:
    ann, ben = made.consultants
    for person in (ann, ben):
        made.account.make("time_entry", "time_entries", person["token"], **_entry(made))
    counts = [made.account.get("time_entries", p["token"])["count"] for p in (ann, made.manager, made.stranger)]
    assert counts == [1, 2, 0]
    foreign = made.account.rows("time_entries", with_user_ids=ben["id"])[0]["id"]
    assert made.account.refused("GET", f"time_entries/{foreign}", ann["token"])[0] == 404


def test_a_stranger_cannot_log_on_the_project(made: Firm) -> None:
    status, body = made.account.refused(
        "POST", "time_entries", made.stranger["token"], json={"time_entry": _entry(made)}
    )
    assert (status, body["errors"][0]["field"]) == (422, "workspace_id")


def test_money_fields_need_permission(made: Firm) -> None:
    ann = made.consultants[0]
    made.account.make("time_entry", "time_entries", ann["token"], **_entry(made, rate_in_cents=99900))
    own = made.account.rows("time_entries", ann["token"])[0]
    managers = made.account.rows("time_entries", made.manager["token"])[0]
    admins = made.account.rows("time_entries")[0]
    assert "rate_in_cents" not in own and "cost_rate_in_cents" not in managers
    assert (managers["rate_in_cents"], admins["cost_rate_in_cents"]) == (15000, 4000)


def test_bulk_create_is_all_or_nothing(made: Firm) -> None:
    good, bad = _entry(made), _entry(made, time_in_minutes=0)
    status, body = made.account.refused("POST", "time_entries", json={"time_entries": [good, bad, good]})
    assert (
        status == 422 and body["errors"][0]["field"] == "time_in_minutes" and "Item 1" in body["errors"][0]["message"]
    )
    assert made.account.get("time_entries")["count"] == 0
    assert made.account.get("subscribed_events", event_types="time_entry:created")["count"] == 0


def test_bulk_takes_a_hundred_at_most(made: Firm) -> None:
    assert made.account.refused("POST", "time_entries", json={"time_entries": [_entry(made)] * 101})[0] == 422
    assert made.account.ok("POST", "time_entries", json={"time_entries": [_entry(made)] * 100})["count"] == 100


def test_bulk_delete_is_all_or_nothing(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 3)
    made.account.approve(made.workspace["id"], entries[:1])
    ids = ",".join(e["id"] for e in entries)
    assert made.account.refused("DELETE", f"time_entries?ids={ids}")[0] == 422
    assert made.account.get("time_entries")["count"] == 3
    made.account.ok("DELETE", f"time_entries?ids={entries[1]['id']},{entries[2]['id']}")
    assert made.account.get("time_entries")["count"] == 1


def test_filters_named_by_presence_do_not_read_their_value(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 4)
    made.account.entries(made.workspace["id"], made.consultants[0]["id"], 2, billable=False)
    made.account.approve(made.workspace["id"], entries[:3])
    count = lambda **params: made.account.get("time_entries", **params)["count"]  # noqa: E731
    assert count() == 6
    assert count(approved="false") == count(approved="true") == 3
    assert count(billable="false") == count(billable="true") == 4
    assert count(uninvoiced="false") == 6 and count(invoiced="false") == 0
    made.account.settings(presence_filters=["approved", "invoiced", "uninvoiced"])
    assert count(billable="false") == 2


def test_approval_marks_entries_and_moves_their_updated_at(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 2)
    sheet = made.account.approve(made.workspace["id"], entries)
    assert sheet["status"] == "approved" and sheet["line_item_total_in_cents"] == 30000
    after = made.account.rows("time_entries", include="active_submission", with_timesheet_id=sheet["id"])
    assert [row["approved"] for row in after] == [True, True]
    assert {row["active_submission_id"] for row in after} == {sheet["id"]}
    assert min(row["updated_at"] for row in after) > max(row["updated_at"] for row in entries)


def test_people_submit_their_period_and_the_approver_approves(made: Firm) -> None:
    ann = made.consultants[0]
    for day in ("2026-03-02", "2026-03-08", "2026-03-09"):
        made.account.make("time_entry", "time_entries", ann["token"], **_entry(made, date_performed=day))
    sheet = made.account.make(
        "timesheet_submission", "timesheet_submissions", ann["token"],
        workspace_id=made.workspace["id"], start_date="2026-03-02", end_date="2026-03-08",
    )  # fmt: skip
    assert (sheet["status"], sheet["user_id"], sheet["start_date"]) == ("pending", ann["id"], "2026-03-02")
    path = f"timesheet_submissions/{sheet['id']}/approve"
    assert made.account.refused("PUT", path, ann["token"], json={})[0] == 403
    made.account.ok("PUT", path, made.manager["token"], json={"resolution": {"description": "fine"}})
    assert made.account.get("time_entries", approved="true")["count"] == 2
    again = made.account.refused("PUT", path, made.manager["token"], json={})
    assert again[0] == 422 and "already approved" in again[1]["errors"][0]["message"]


def test_the_contract_asks_for_line_items_and_a_title(made: Firm) -> None:
    made.account.settings(submit_by_period=False)
    body = {"timesheet_submission": {"workspace_id": made.workspace["id"], "start_date": "2026-03-02"}}
    status, answer = made.account.refused("POST", "timesheet_submissions", json=body)
    assert (status, answer["errors"][0]["field"]) == (422, "line_item_ids")


def test_statuses_filter_says_new_for_pending(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 2)
    made.account.approve(made.workspace["id"], entries[:1])
    made.account.make("timesheet_submission", "timesheet_submissions", workspace_id=made.workspace["id"], title="x",
                      line_item_ids=[entries[1]["id"]])  # fmt: skip
    assert [r["status"] for r in made.account.rows("timesheet_submissions", statuses="new")] == ["pending"]
    assert [r["status"] for r in made.account.rows("timesheet_submissions", statuses="approved")] == ["approved"]


def test_bulk_approval_is_all_or_nothing(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 3)
    done = made.account.approve(made.workspace["id"], entries[:1])
    open_ = [
        made.account.make("timesheet_submission", "timesheet_submissions", workspace_id=made.workspace["id"],
                          title="w", line_item_ids=[e["id"]])["id"]
        for e in entries[1:]
    ]  # fmt: skip
    body = {"resolution": {"description": "month end", "submission_ids": [*open_, done["id"]]}}
    status, answer = made.account.refused("POST", "timesheet_approvals", json=body)
    assert status == 422 and done["id"] in answer["errors"][0]["message"]
    assert made.account.get("time_entries", approved="true")["count"] == 1
    body["resolution"]["submission_ids"] = open_
    answer = made.account.ok("POST", "timesheet_approvals", json=body)
    assert [r["type"] for r in answer["resolutions"]] == ["approval", "approval"]
    assert made.account.get("time_entries", approved="true")["count"] == 3


def test_entries_on_a_timesheet_cannot_be_changed_until_it_is_cancelled(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 1)
    sheet = made.account.approve(made.workspace["id"], entries)
    path, change = f"time_entries/{entries[0]['id']}", {"time_entry": {"time_in_minutes": 30}}
    status, body = made.account.refused("PUT", path, json=change)
    assert status == 422 and "already been approved" in body["errors"][0]["message"]
    assert made.account.refused("DELETE", path)[0] == 422
    made.account.ok("PUT", f"timesheet_submissions/{sheet['id']}/cancel", json={})
    unapproved = made.account.rows(path, include="active_submission,recent_submission")[0]
    assert (unapproved["approved"], unapproved["active_submission_id"]) == (False, None)
    assert unapproved["recent_submission_id"] == sheet["id"]
    assert results(made.account.ok("PUT", path, json=change))[0]["time_in_minutes"] == 30
    again = made.account.approve(made.workspace["id"], entries)
    assert made.account.rows(path, include="recent_submission")[0]["recent_submission_id"] == again["id"]
    sheets = made.account.rows("timesheet_submissions", include="time_entries")
    assert {s["id"]: s["time_entry_ids"] for s in sheets} == {sheet["id"]: [], again["id"]: [entries[0]["id"]]}


def test_unapproval_is_refused_once_invoiced(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 1)
    sheet = made.account.approve(made.workspace["id"], entries)
    made.account.make("invoice", "invoices", workspace_id=made.workspace["id"], payment_schedule=30,
                      time_entry_ids=[entries[0]["id"]])  # fmt: skip
    status, body = made.account.refused("PUT", f"timesheet_submissions/{sheet['id']}/cancel", json={})
    assert status == 422 and "already been invoiced" in body["errors"][0]["message"]


def test_a_project_without_approval_has_approved_time_at_once(kantata: Account, made: Firm) -> None:
    free = kantata.make("workspace", "workspaces", title="Support", creator_role="maven", require_time_approvals=False)
    kantata.make("time_entry", "time_entries", workspace_id=free["id"], date_performed="2026-03-02", time_in_minutes=5)
    assert [row["approved"] for row in kantata.rows("time_entries", approved="1")] == [True]


def test_archived_projects_hide_their_time_until_asked(made: Firm) -> None:
    wid = made.workspace["id"]
    entry = made.account.entries(wid, made.consultants[0]["id"])[0]
    made.account.ok("PUT", f"workspaces/{wid}", json={"workspace": {"archived": True}})
    assert made.account.get("time_entries")["count"] == 0
    assert made.account.refused("GET", f"time_entries/{entry['id']}")[0] == 404
    assert made.account.get("time_entries", only=entry["id"])["count"] == 0
    assert made.account.get("time_entries", from_archived_workspaces="true")["count"] == 1
    assert made.account.get(f"time_entries/{entry['id']}", from_archived_workspaces="true")["count"] == 1
    assert made.account.get("workspaces")["count"] == 0
    assert made.account.refused("GET", f"workspaces/{wid}")[0] == 404
    assert made.account.get("workspaces", include_archived="true")["count"] == 1
    assert made.account.refused("POST", "time_entries", json={"time_entry": _entry(made)})[0] == 422
    made.account.ok("PUT", f"workspaces/{wid}", json={"workspace": {"archived": False}})
    assert made.account.get("time_entries")["count"] == 1


def test_rates_come_from_the_role_and_the_version_of_the_date(made: Firm) -> None:
    account, (ann, ben) = made.account, made.consultants
    set_id = account.rows(f"rate_cards/{made.card_id}", include="rate_card_set")[0]["rate_card_set_id"]
    july = account.make("rate_card_set_version", "rate_card_set_versions", rate_card_set_id=set_id,
                        effective_date="2026-07-01")  # fmt: skip
    copy = account.rows("rate_card_versions", rate_card_set_version_id=july["id"])[0]
    rate = account.rows("rate_card_roles", rate_card_version_id=copy["id"])[0]
    assert rate["rate"] == 15000
    account.ok("PUT", f"rate_card_roles/{rate['id']}", json={"rate_card_role": {"rate": 17000}})

    def rate_of(person: dict[str, str], day: str) -> int:
        return int(account.entries(made.workspace["id"], person["id"], date_performed=day)[0]["rate_in_cents"])

    assert rate_of(ann, "2026-07-01") == 15000  # not published yet
    account.ok("PUT", f"rate_card_set_versions/{july['id']}/publish")
    moved = account.rows(f"rate_cards/{made.card_id}")[0]["updated_at"]
    assert moved > account.rows(f"rate_cards/{made.card_id}")[0]["created_at"]
    assert (rate_of(ann, "2026-06-30"), rate_of(ann, "2026-07-01"), rate_of(ben, "2026-07-01")) == (15000, 17000, 10000)


def test_a_correction_of_the_date_takes_the_other_rate(made: Firm) -> None:
    entry = made.account.entries(made.workspace["id"], made.consultants[0]["id"], rate_in_cents=12345)[0]
    assert entry["rate_in_cents"] == 12345
    change = {"time_entry": {"date_performed": "2026-03-03", "billable": True}}
    assert results(made.account.ok("PUT", f"time_entries/{entry['id']}", json=change))[0]["rate_in_cents"] == 12345


def test_billable_defaults_from_the_task(made: Firm) -> None:
    story = made.account.make("story", "stories", title="Travel", workspace_id=made.workspace["id"], billable=False)
    entry = made.account.entries(made.workspace["id"], made.consultants[0]["id"], story_id=story["id"])[0]
    assert (entry["billable"], entry["rate_in_cents"]) == (False, 0)


def test_yen_have_one_unit_to_the_main_one(kantata: Account) -> None:
    project = kantata.make("workspace", "workspaces", title="東京", creator_role="maven", currency="JPY",
                           default_rate="12000")  # fmt: skip
    entry = kantata.make("time_entry", "time_entries", workspace_id=project["id"], date_performed="2026-03-02",
                         time_in_minutes=90)  # fmt: skip
    assert (entry["currency"], entry["currency_base_unit"], entry["rate_in_cents"]) == ("JPY", 1, 12000)
    assert kantata.rows("workspaces")[0]["budget_used"] == "¥18,000"


def test_locked_dates_take_no_changes(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"])
    lock = {"line_item_lock": {"locked_to": "2026-03-07"}}
    assert made.account.refused("POST", "line_item_locks", json=lock)[0] == 422  # not all approved
    made.account.approve(made.workspace["id"], entries)
    assert (
        made.account.refused("POST", "line_item_locks", json={"line_item_lock": {"locked_to": "2026-03-06"}})[0] == 422
    )
    made.account.ok("POST", "line_item_locks", json=lock)
    assert made.account.refused("POST", "time_entries", json={"time_entry": _entry(made)})[0] == 422
    assert made.account.entries(made.workspace["id"], made.consultants[0]["id"], date_performed="2026-03-09")
