"""The form of answers: results and maps, paging, orders, includes, error bodies."""

from __future__ import annotations

import pytest

from tests.contract.simulators.kantata_account import Account, Firm, firm, results

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


def test_results_hold_the_order_and_maps_do_not(kantata: Account) -> None:
    made = firm(kantata)
    kantata.entries(made.workspace["id"], made.consultants[0]["id"], 30)
    body = kantata.get("time_entries", order="created_at:asc", per_page=200)
    ids = [row["id"] for row in body["results"]]
    assert ids == sorted(ids, key=int)
    assert list(body["time_entries"]) != ids and set(body["time_entries"]) == set(ids)
    assert all(row["key"] == "time_entries" for row in body["results"])
    assert body["meta"] == {"count": 30, "page_count": 1, "page_number": 1, "page_size": 200}


def test_side_loaded_objects_of_the_same_type_are_not_results(kantata: Account) -> None:
    made = firm(kantata)
    parent = kantata.make("story", "stories", title="Phase", workspace_id=made.workspace["id"])
    child = kantata.make("story", "stories", title="Step", workspace_id=made.workspace["id"], parent_id=parent["id"])
    body = kantata.get(f"stories/{child['id']}", include="parent")
    assert [row["id"] for row in body["results"]] == [child["id"]]
    assert set(body["stories"]) == {child["id"], parent["id"]} and body["count"] == 1


def test_ids_are_strings_in_answers_and_integers_are_accepted(kantata: Account) -> None:
    made = firm(kantata)
    entry = kantata.make("time_entry", "time_entries", workspace_id=int(made.workspace["id"]),
                         date_performed="2026-03-02", time_in_minutes=90)  # fmt: skip
    assert entry["workspace_id"] == made.workspace["id"] and isinstance(entry["id"], str)


def test_linked_ids_are_there_when_included_but_for_the_recorded_ones(kantata: Account) -> None:
    made = firm(kantata)
    entry = kantata.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    assert {"user_id", "workspace_id", "story_id"} <= entry.keys()
    assert not {"role_id", "invoice_id", "active_submission_id", "external_reference_ids"} & entry.keys()
    body = kantata.get(f"time_entries/{entry['id']}", include="role,user,external_references")
    row = results(body)[0]
    assert row["role_id"] == made.consultants[0]["role_id"] and row["external_reference_ids"] == []
    assert body["users"][row["user_id"]]["full_name"] == "Ann" and body["external_references"] == {}


def test_linked_ids_follow_the_contract_or_all_show_by_setting(kantata: Account) -> None:
    made = firm(kantata)
    entry = kantata.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    kantata.settings(linked_ids="spec")
    assert "user_id" not in kantata.rows("time_entries")[0]
    kantata.settings(linked_ids="all")
    assert kantata.rows(f"time_entries/{entry['id']}")[0]["role_id"] == made.consultants[0]["role_id"]


def test_optional_fields_come_only_when_asked(kantata: Account) -> None:
    made = firm(kantata)
    path = f"workspaces/{made.workspace['id']}"
    assert "stage" not in kantata.rows(path)[0]
    row = kantata.rows(path, optional_fields="stage,minutes_logged")[0]
    assert (row["stage"], row["minutes_logged"]) == ("project", 0)


@pytest.fixture
def busy(kantata: Account) -> Firm:
    made = firm(kantata)
    for _ in range(3):
        kantata.entries(made.workspace["id"], made.consultants[0]["id"], 100)
    return made


def test_page_size_is_twenty_by_default_and_capped_at_two_hundred(busy: Firm) -> None:
    default, capped = busy.account.get("time_entries"), busy.account.get("time_entries", per_page=1000)
    assert (len(default["results"]), default["meta"]["page_count"], default["count"]) == (20, 15, 300)
    assert (len(capped["results"]), capped["meta"]["page_size"]) == (200, 200)


def test_pages_divide_the_list_and_end(busy: Firm) -> None:
    seen: list[str] = []
    for page in (1, 2, 3, 4):
        body = busy.account.get("time_entries", page=page, per_page=100, order="created_at:asc")
        seen += [row["id"] for row in body["results"]]
        assert body["count"] == 300
    assert len(seen) == 300 == len(set(seen))


def test_limit_and_offset_win_over_pages_when_both_are_given(busy: Firm) -> None:
    whole = [row["id"] for row in busy.account.get("time_entries", per_page=200)["results"]]
    part = busy.account.get("time_entries", limit=7, offset=10, page=3, per_page=50)
    assert [row["id"] for row in part["results"]] == whole[10:17]
    assert len(busy.account.get("time_entries", limit=7)["results"]) == 20


def test_rows_shift_when_something_changes_between_pages(busy: Firm) -> None:
    first = busy.account.get("time_entries", page=1, per_page=100, order="updated_at:asc")
    moved = first["results"][0]["id"]
    skipped = busy.account.get("time_entries", page=2, per_page=100, order="updated_at:asc")["results"][0]["id"]
    busy.account.ok("PUT", f"time_entries/{moved}", json={"time_entry": {"notes": "corrected"}})
    second = busy.account.get("time_entries", page=2, per_page=100, order="updated_at:asc")
    assert skipped not in [row["id"] for row in second["results"]]


def test_an_order_the_endpoint_lacks_falls_back_silently(kantata: Account) -> None:
    made = firm(kantata)
    for day in ("2026-03-02", "2026-03-09", "2026-03-05"):
        kantata.make("expense", "expenses", workspace_id=made.workspace["id"], date=day, amount_in_cents=100,
                     category="Meals")  # fmt: skip
    dates = [row["date"] for row in kantata.rows("expenses", order="updated_at:asc")]
    assert dates == ["2026-03-09", "2026-03-05", "2026-03-02"]
    kantata.settings(extra_orders={"expenses": ["updated_at"]})
    dates = [row["date"] for row in kantata.rows("expenses", order="updated_at:asc")]
    assert dates == ["2026-03-02", "2026-03-09", "2026-03-05"]


def test_only_skips_missing_ids_where_a_path_is_not_found(busy: Firm) -> None:
    some = busy.account.get("time_entries")["results"][0]["id"]
    assert [row["id"] for row in busy.account.get("time_entries", only=f"{some},999999")["results"]] == [some]
    status, body = busy.account.refused("GET", "time_entries/999999")
    assert (status, body["errors"][0]["type"]) == (404, "system")


def test_json_suffix_is_the_same_resource(kantata: Account) -> None:
    made = firm(kantata)
    wid = made.workspace["id"]
    assert kantata.get("workspaces.json")["results"] == kantata.get("workspaces")["results"]
    assert kantata.get(f"workspaces/{wid}.json")["results"] == [{"key": "workspaces", "id": wid}]


def test_meta_can_be_absent_as_in_older_answers(kantata: Account) -> None:
    kantata.settings(with_meta=False)
    assert kantata.get("roles").keys() == {"count", "results", "roles"}


def test_timestamps_are_pacific_and_whole_seconds(kantata: Account) -> None:
    row = firm(kantata).workspace
    assert row["created_at"][-6:] in ("-08:00", "-07:00") and len(row["created_at"]) == 25


def test_updated_at_moves_at_every_change_and_not_without_one(kantata: Account) -> None:
    made = firm(kantata)
    entry = kantata.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    stamps = [entry["updated_at"]]
    for notes in ("a", "b", "c"):
        body = {"time_entry": {"notes": notes}}
        stamps.append(results(kantata.ok("PUT", f"time_entries/{entry['id']}", json=body))[0]["updated_at"])
    assert stamps == sorted(set(stamps))
    same = results(kantata.ok("PUT", f"time_entries/{entry['id']}", json={"time_entry": {"notes": "c"}}))[0]
    assert same["updated_at"] == stamps[-1]


def test_updated_after_takes_utc_and_offsets(kantata: Account) -> None:
    made = firm(kantata)
    entry = kantata.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    assert kantata.get("time_entries", updated_after="2020-01-01T00:00:00Z")["count"] == 1
    assert kantata.get("time_entries", updated_before="2020-01-01T00:00:00-08:00")["count"] == 0
    assert kantata.get("time_entries", created_after=entry["created_at"])["count"] in (0, 1)
    assert kantata.refused("GET", "time_entries", params={"updated_after": "yesterday"})[0] == 400


def test_create_answers_200_and_delete_204(kantata: Account) -> None:
    made = firm(kantata)
    body = {"time_entry": {"workspace_id": made.workspace["id"], "date_performed": "2026-03-02", "time_in_minutes": 5}}
    created = kantata.call("POST", "time_entries", json=body)
    entry_id = created.json()["results"][0]["id"]
    deleted = kantata.call("DELETE", f"time_entries/{entry_id}")
    assert (created.status_code, deleted.status_code, deleted.content) == (200, 204, b"")
    assert kantata.refused("GET", f"time_entries/{entry_id}")[0] == 404


def test_rails_forms_are_read_like_json(kantata: Account) -> None:
    made = firm(kantata)
    form = (
        f"invoice[workspace_id]={made.workspace['id']}&invoice[payment_schedule]=0&invoice[draft]=false"
        "&invoice[fixed_fee_items][][notes]=Monthly%20charge&invoice[fixed_fee_items][][amount]=500"
        "&invoice[fixed_fee_items][][notes]=Setup&invoice[fixed_fee_items][][amount]=20"
    )
    made_invoice = results(kantata.ok("POST", "invoices?include=fixed_fee_items", content=form))[0]
    assert made_invoice["balance_in_cents"] == 52000 and len(made_invoice["fixed_fee_item_ids"]) == 2


def test_every_answer_names_its_request(kantata: Account) -> None:
    first, second = kantata.call("GET", "roles"), kantata.client.get("/api/v1/roles")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_missing_and_unknown_tokens_get_the_oauth_error(kantata: Account) -> None:
    expected = {"errors": [{"type": "oauth", "message": "Invalid OAuth 2 Request"}]}
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic abc"}):
        answer = kantata.client.get("/api/v1/workspaces", headers=headers)
        assert (answer.status_code, answer.json()) == (401, expected)


def test_validation_errors_name_the_field(kantata: Account) -> None:
    status, body = kantata.refused("POST", "workspaces", json={"workspace": {"creator_role": "maven"}})
    assert status == 422
    assert body == {"errors": [{"type": "validation", "message": "Please give your project a title", "field": "title"}]}
    status, body = kantata.refused("POST", "workspaces", json={"workspace": {"title": "No role"}})
    assert (status, body["errors"][0]["field"]) == (422, "creator_role")


def test_old_endpoints_answer_errors_in_the_old_form(kantata: Account) -> None:
    status, body = kantata.refused("POST", "external_payments", json={"external_payment": {}})
    assert status == 422 and body.keys() == {"error_message"}


def test_broken_json_and_a_missing_wrapper_are_bad_requests(kantata: Account) -> None:
    json_type = {"Content-Type": "application/json"}
    headers = json_type | {"Authorization": f"Bearer {kantata.token}"}
    assert kantata.client.post("/api/v1/stories", content="{oops", headers=headers).status_code == 400
    assert kantata.refused("POST", "stories", json={"task": {}})[0] == 400


def test_unknown_resources_and_wrong_methods_are_not_found(kantata: Account) -> None:
    assert kantata.refused("GET", "unicorns")[0] == 404
    assert kantata.refused("POST", "resolutions", json={"resolution": {}})[0] == 404
