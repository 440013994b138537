"""Tokens, permissions on projects, statuses, custom fields, milestones."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.contract.simulators.kantata_account import Account, Firm, firm, results

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def made(kantata: Account) -> Firm:
    return firm(kantata)


def _code(account: Account, **query: str) -> str:
    asked = {"response_type": "code", "client_id": account.credentials["client_id"],
             "redirect_uri": "https://app.example/back?x=1", "state": "s1"} | query  # fmt: skip
    answer = account.client.get("/oauth/authorize", params=asked)
    assert answer.status_code == 302, answer.text
    sent = parse_qs(urlsplit(answer.headers["location"]).query)
    assert sent["state"] == ["s1"] and sent["x"] == ["1"]
    return sent["code"][0]


def _exchange(account: Account, code: str, **values: str) -> tuple[int, dict[str, str]]:
    form = {"grant_type": "authorization_code", "client_id": account.credentials["client_id"], "code": code,
            "client_secret": account.credentials["client_secret"],
            "redirect_uri": "https://app.example/back?x=1"} | values  # fmt: skip
    answer = account.client.post("/oauth/token", data=form)
    return answer.status_code, answer.json()


def test_the_code_flow_gives_a_token_of_the_person(made: Firm) -> None:
    ann = made.consultants[0]
    status, body = _exchange(made.account, _code(made.account, login="ann@firm.example"))
    assert status == 200 and body.keys() == {"access_token", "token_type"} and body["token_type"] == "bearer"
    me = made.account.rows("users/me", body["access_token"])[0]
    assert (me["id"], me["full_name"]) == (ann["id"], "Ann")


def test_a_code_is_good_once_for_its_client_and_redirect(made: Firm) -> None:
    account, user_id = made.account, made.manager["id"]
    code = _code(account, user_id=user_id)
    assert _exchange(account, code, redirect_uri="https://elsewhere.example")[1] == {"error": "invalid_grant"}
    assert _exchange(account, code) == (400, {"error": "invalid_grant"})
    wrong = _exchange(account, _code(account, user_id=user_id), client_secret="guess")
    assert wrong == (401, {"error": "invalid_client"})
    assert _exchange(account, "x", grant_type="password") == (400, {"error": "unsupported_grant_type"})


def test_the_control_api_issues_tokens(made: Firm) -> None:
    body = made.account.ok("POST", "/_sim/tokens", json={"user_id": made.stranger["id"]})
    assert made.account.rows("users/me", body["token"])[0]["id"] == made.stranger["id"]
    assert made.account.call("POST", "/_sim/tokens", json={"user_id": "77777"}).status_code == 404


def test_revoked_tokens_are_refused_until_restored(made: Firm) -> None:
    made.account.fault(action="expire_token")
    assert made.account.refused("GET", "workspaces")[0] == 401
    assert made.account.refused("GET", "workspaces")[0] == 401
    made.account.ok("POST", "/_sim/tokens/restore")
    assert made.account.get("workspaces")["count"] == 1


def test_people_see_the_projects_they_are_on(made: Firm) -> None:
    tokens = [made.stranger["token"], made.consultants[0]["token"], made.manager["token"], made.account.token]
    assert [made.account.get("workspaces", t)["count"] for t in tokens] == [0, 1, 1, 1]
    path = f"workspaces/{made.workspace['id']}"
    assert made.account.refused("GET", path, made.stranger["token"])[0] == 404
    assert made.account.refused("PUT", path, made.consultants[0]["token"], json={"workspace": {"title": "x"}})[0] == 403
    assert made.account.refused("POST", "workspaces", made.consultants[0]["token"],
                                json={"workspace": {"title": "x", "creator_role": "maven"}})[0] == 403  # fmt: skip


def test_rate_cards_are_for_those_who_lead(made: Firm) -> None:
    assert made.account.refused("GET", "rate_card_roles", made.manager["token"])[0] == 403
    assert made.account.get("rate_cards", made.manager["token"])["count"] == 1
    assert made.account.get("rate_cards", made.consultants[0]["token"])["count"] == 0


def test_a_project_names_its_client_people_and_approver(made: Firm) -> None:
    group = made.account.make("workspace_group", "workspace_groups", name="Acme AG", company=True)
    change = {"workspace": {"workspace_group_ids": [group["id"]]}}
    path = f"workspaces/{made.workspace['id']}?include=workspace_groups,participants,approvers,workspace_resources"
    body = made.account.ok("PUT", path, json=change)
    row = results(body)[0]
    assert body["workspace_groups"][row["workspace_group_ids"][0]]["name"] == "Acme AG"
    assert row["approver_ids"] == [made.manager["id"]] and len(row["participant_ids"]) == 4
    assert {body["workspace_resources"][i]["workspace_id"] for i in row["workspace_resource_ids"]} == {row["id"]}


def test_unnamed_resources_show_only_when_asked(made: Firm) -> None:
    named = made.account.get("workspace_resources", workspace_id=made.workspace["id"])["count"]
    made.account.make("workspace_resource", "workspace_resources", workspace_id=made.workspace["id"], label="Tester")
    asked = {"workspace_id": made.workspace["id"]}
    assert made.account.get("workspace_resources", **asked)["count"] == named
    assert made.account.get("workspace_resources", include_unnamed="true", **asked)["count"] == named + 1


def test_a_billing_hold_is_a_status_with_key_message_and_color(made: Firm) -> None:
    path = f"workspaces/{made.workspace['id']}"
    held = results(made.account.ok("PUT", path, json={"workspace": {"status_key": 430}}))[0]
    assert held["status"] == {"color": "yellow", "key": 430, "message": "Billing Hold"}
    own = {"workspace": {"status": {"key": 430, "message": "Billing Hold: dispute"}}}
    assert results(made.account.ok("PUT", path, json=own))[0]["status"]["message"] == "Billing Hold: dispute"
    assert made.account.refused("PUT", path, json={"workspace": {"status_key": 9999}})[0] == 422
    event = made.account.rows("subscribed_events", event_types="workspace:updated")[0]
    assert event["subject_id"] == int(made.workspace["id"])


def test_a_billing_hold_is_a_custom_field_value_too(made: Firm) -> None:
    account, wid = made.account, made.workspace["id"]
    field_id = account.credentials["custom_fields"]["billing_hold"]
    value = {"subject_type": "Workspace", "subject_id": wid, "custom_field_id": field_id}
    held = account.make("custom_field_value", "custom_field_values", made.manager["token"], **value, value="dispute")
    body = account.get(f"workspaces/{wid}", include="custom_field_values")
    assert body["custom_field_values"][held["id"]]["display_value"] == "dispute"
    assert results(body)[0]["updated_at"] > made.workspace["updated_at"]
    replaced = account.make("custom_field_value", "custom_field_values", **value, value="credit limit")
    assert replaced["id"] != held["id"]
    account.ok("DELETE", f"custom_field_values/{replaced['id']}")
    events = account.rows("subscribed_events", subject_type="Workspace", subject_id=wid, order="created_at:asc")
    verbs = [
        e["event_type"].removeprefix("workspace:custom_field_value_") for e in events if "custom" in e["event_type"]
    ]
    assert verbs == ["created", "updated", "deleted"]


def test_custom_field_values_need_subject_type_and_write_access(made: Firm) -> None:
    assert made.account.refused("GET", "custom_field_values")[0] == 400
    field_id = made.account.credentials["custom_fields"]["billing_hold"]
    body = {"custom_field_value": {"subject_type": "Workspace", "subject_id": made.workspace["id"],
                                   "custom_field_id": field_id, "value": "x"}}  # fmt: skip
    assert made.account.refused("POST", "custom_field_values", made.consultants[0]["token"], json=body)[0] == 403


def test_choices_dates_numbers_and_amounts_are_custom_values(made: Firm) -> None:
    account, wid = made.account, made.workspace["id"]

    def put(value_type: str, value: object, **extra: object) -> dict[str, object]:
        made_field = account.make("custom_field", "custom_fields", name=f"F {value_type}", subject_type="Workspace",
                                  value_type=value_type, **extra)  # fmt: skip
        if value == "first":
            value = [account.rows("custom_field_choices", custom_field_id=made_field["id"])[0]["id"]]
        return account.make("custom_field_value", "custom_field_values", subject_type="Workspace", subject_id=wid,
                            custom_field_id=made_field["id"], value=value)  # fmt: skip

    assert put("single", "first", choices=["Yes", "No"])["display_value"] == "Yes"
    assert put("date", "2026-03-31")["value"] == "2026-03-31"
    assert put("number", 13)["value"] == 13
    assert put("currency", [99800, "USD"])["display_value"] == "$998"


def test_milestones_go_through_their_states(made: Firm) -> None:
    story = made.account.make("story", "stories", title="Go live", workspace_id=made.workspace["id"],
                              story_type="milestone", due_date="2026-03-31", fixed_fee=True)  # fmt: skip
    assert (story["state"], story["story_type"]) == ("not started", "milestone")
    path = f"stories/{story['id']}?include=story_state_changes"
    for state in ("started", "completed"):
        body = made.account.ok("PUT", path, made.manager["token"], json={"story": {"state": state}})
    row = results(body)[0]
    assert (row["state"], row["percentage_complete"], len(row["story_state_change_ids"])) == ("completed", 100, 3)
    assert made.account.refused("PUT", path, json={"story": {"state": "accepted"}})[0] == 422
    made.account.settings(extra_story_states=["accepted"])
    assert results(made.account.ok("PUT", path, json={"story": {"state": "accepted"}}))[0]["state"] == "accepted"


def test_client_approval_of_a_milestone_is_a_custom_date(made: Firm) -> None:
    story = made.account.make("story", "stories", title="UAT", workspace_id=made.workspace["id"],
                              story_type="deliverable")  # fmt: skip
    made.account.make("custom_field_value", "custom_field_values", made.manager["token"], subject_type="Story",
                      subject_id=story["id"], value="2026-03-30",
                      custom_field_id=made.account.credentials["custom_fields"]["client_approved_on"])  # fmt: skip
    body = made.account.get("stories", story_type="deliverable", include="custom_field_values")
    value = body["custom_field_values"][results(body)[0]["custom_field_value_ids"][0]]
    assert (value["custom_field_name"], value["value"]) == ("Client Approved On", "2026-03-30")
    assert made.account.get("subscribed_events", event_types="story:custom_field_value_created")["count"] == 1


def test_bookings_are_written_with_resource_id_and_read_with_another(made: Firm) -> None:
    resource = made.account.rows("workspace_resources", user_id=made.consultants[0]["id"])[0]
    made.account.make("workspace_allocation", "workspace_allocations", resource_id=resource["id"], hard=True,
                      start_date="2026-03-02", end_date="2026-03-13", minutes=4800)  # fmt: skip
    found = made.account.rows("workspace_allocations", overlaps_with_date_range="2026-03-13:2026-03-31", type="hard")
    assert found[0]["workspace_resource_id"] == resource["id"] and "resource_id" not in found[0]


def test_assignments_link_people_and_tasks(made: Firm) -> None:
    story = made.account.make("story", "stories", title="Build", workspace_id=made.workspace["id"])
    made.account.make("assignment", "assignments", story_id=story["id"], assignee_id=made.consultants[0]["id"])
    row = made.account.rows(f"stories/{story['id']}", include="assignees,current_assignments")[0]
    assert row["assignee_ids"] == [made.consultants[0]["id"]] and len(row["current_assignment_ids"]) == 1


def test_unknown_settings_are_named(kantata: Account) -> None:
    answer = kantata.call("POST", "/_sim/settings", json={"with_meta": False, "nonsense": 1})
    assert answer.status_code == 400 and "nonsense" in answer.json()["error"]
    assert kantata.ok("GET", "/_sim/settings")["with_meta"] is True
