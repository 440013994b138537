"""External references: one per object and service, found by filters, the work list of what has none yet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.kantata_account import Account, Firm, firm, results

pytest_plugins = ["tests.contract.simulators.kantata_fixtures"]
pytestmark = pytest.mark.estate


@pytest.fixture
def made(kantata: Account) -> Firm:
    return firm(kantata)


def _refer(made: Firm, subject_type: str, subject_id: str, **values: Any) -> dict[str, Any]:
    body = {"subject_type": subject_type, "subject_id": int(subject_id), "service_name": "erp-x",
            "service_model": "InvoiceLine", "service_model_ref": "4711"} | values  # fmt: skip
    path = "external_references/create_or_update"
    return results(made.account.ok("POST", path, json={"external_reference": body}))[0]


def test_create_or_update_keeps_one_per_service(made: Firm) -> None:
    entry = made.account.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    first = _refer(made, "TimeEntry", entry["id"], status="pending")
    second = _refer(made, "TimeEntry", entry["id"], status="successful", external_status="posted")
    other = _refer(made, "TimeEntry", entry["id"], service_name="crm-y")
    assert first["id"] == second["id"] != other["id"]
    assert (second["status"], second["external_status"], second["subject_id"]) == (
        "successful", "posted", int(entry["id"]))  # fmt: skip
    assert made.account.get("external_references", subject_type="TimeEntry")["count"] == 2


def test_a_plain_create_is_refused_when_there_is_one(made: Firm) -> None:
    wid = made.workspace["id"]
    _refer(made, "Workspace", wid)
    body = {"external_reference": {"subject_type": "Workspace", "subject_id": wid, "service_name": "erp-x",
                                   "service_model": "Job", "service_model_ref": "1"}}  # fmt: skip
    status, answer = made.account.refused("POST", "external_references", json=body)
    assert (status, answer["errors"][0]["field"]) == (422, "service_name")


def test_subject_type_is_mandatory_in_lists(made: Firm) -> None:
    status, body = made.account.refused("GET", "external_references", params={"service_name": "erp-x"})
    assert status == 400 and "subject_type" in body["errors"][0]["message"]


def test_lists_filter_by_service_model_and_ref(made: Firm) -> None:
    _refer(made, "Workspace", made.workspace["id"], service_model="Job", service_model_ref="JOB-1")
    found = made.account.rows("external_references", subject_type="Workspace", service_name="erp-x",
                              service_model="Job", service_model_ref="JOB-1", include="subject")  # fmt: skip
    assert [row["subject_ref"] for row in found] == [{"key": "workspaces", "id": made.workspace["id"]}]
    assert made.account.get("external_references", subject_type="Workspace", service_model_ref="JOB-2")["count"] == 0


def test_objects_are_found_by_their_reference(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"], 3)
    _refer(made, "TimeEntry", entries[0]["id"], service_model_ref="A1")
    _refer(made, "TimeEntry", entries[1]["id"], service_model_ref="B2", service_name="crm-y", status="failed")
    count = lambda **params: made.account.get("time_entries", **params)["count"]  # noqa: E731
    assert count(external_reference_service_name="erp-x") == 1
    assert count(external_reference_service_model_ref="A1") == 1
    assert count(external_reference_service_name="erp-x", external_reference_service_model_ref="B2") == 0
    assert count(external_reference_service_model_refs="A1,B2,C3") == 2
    assert count(external_reference_status="failed") == 1
    assert count(has_external_references="true") == 2 and count(has_external_references="false") == 1
    assert count(without_external_reference_service_name="erp-x") == 2


def test_too_many_refs_are_a_bad_request(made: Firm) -> None:
    refs = ",".join(str(n) for n in range(201))
    assert made.account.refused("GET", "invoices", params={"external_reference_service_model_refs": refs})[0] == 400


def test_the_ref_filter_can_be_typed_as_the_contract_has_it(made: Firm) -> None:
    made.account.settings(integer_service_model_ref=True)
    asked = {"external_reference_service_model_ref": "INV-1"}
    assert made.account.refused("GET", "invoices", params=asked)[0] == 400


def test_references_are_written_inside_the_object_too(made: Firm) -> None:
    reference = {"service_name": "crm-y", "service_model": "Opportunity", "service_model_ref": "006A"}
    project = made.account.make("workspace", "workspaces", title="Second", creator_role="maven",
                                external_reference=reference)  # fmt: skip
    found = made.account.rows("workspaces", external_reference_service_model_ref="006A")
    assert [row["id"] for row in found] == [project["id"]]
    again = {"workspace": {"external_reference": reference}}
    assert made.account.refused("PUT", f"workspaces/{project['id']}", json=again)[0] == 422


def test_a_reference_that_cannot_be_made_undoes_the_object(made: Firm) -> None:
    body = {"workspace": {"title": "Third", "creator_role": "maven", "external_reference": {"service_name": "crm-y"}}}
    assert made.account.refused("POST", "workspaces", json=body)[0] == 422
    assert made.account.get("workspaces", search="Third")["count"] == 0


def test_submissions_share_one_subject_type(made: Firm) -> None:
    entries = made.account.entries(made.workspace["id"], made.consultants[0]["id"])
    sheet = made.account.approve(made.workspace["id"], entries)
    _refer(made, "Submission", sheet["id"])
    assert made.account.get("timesheet_submissions", without_external_reference_service_name="erp-x")["count"] == 0


def test_deleting_a_reference_puts_the_object_back_on_the_work_list(made: Firm) -> None:
    entry = made.account.entries(made.workspace["id"], made.consultants[0]["id"])[0]
    reference = _refer(made, "TimeEntry", entry["id"])
    made.account.ok("DELETE", f"external_references/{reference['id']}")
    assert made.account.get("time_entries", without_external_reference_service_name="erp-x")["count"] == 1


def test_references_make_no_events_and_move_no_stamp(made: Firm) -> None:
    before = made.account.get("subscribed_events")["count"]
    _refer(made, "Workspace", made.workspace["id"])
    assert made.account.get("subscribed_events")["count"] == before
    assert made.account.rows("workspaces")[0]["updated_at"] == made.workspace["updated_at"]


def test_unknown_subjects_are_refused(made: Firm) -> None:
    for subject in (("Unicorn", 1), ("TimeEntry", 999999)):
        body = {"external_reference": {"subject_type": subject[0], "subject_id": subject[1], "service_name": "e",
                                       "service_model": "m", "service_model_ref": "r"}}  # fmt: skip
        assert made.account.refused("POST", "external_references/create_or_update", json=body)[0] == 422
