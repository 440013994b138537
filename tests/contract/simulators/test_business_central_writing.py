"""What creates and updates accept and refuse, and concurrency by etag (notes, A2, A3; checklist 3 and 6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.business_central_account import NO_ID, Tenant, error

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"nonsense": 1}, "BadRequest"),
        ({"id": NO_ID}, "BadRequest_InvalidOperation"),
        ({"balanceDue": 5}, "BadRequest_InvalidOperation"),
        ({"lastModifiedDateTime": "2026-01-01T00:00:00Z"}, "BadRequest_InvalidOperation"),
        ({"displayName": 5}, "BadRequest"),
        ({"taxLiable": "yes"}, "BadRequest"),
        ({"creditLimit": "100"}, "BadRequest"),
        ({"taxAreaId": "DOMESTIC"}, "BadRequest"),
        ({"displayName": "x" * 101}, "Application_StringExceededLength"),
        ({"city": "x" * 31}, "Application_StringExceededLength"),
        ({"type": "Robot"}, "Application_EvaluateException"),
        ({"displayName": ""}, "Application_DialogException"),
        ({"country": "ZZ"}, "Internal_InvalidTableRelation"),
        ({"currencyCode": "XXX"}, "Application_DialogException"),
        ({"taxAreaId": "11111111-1111-1111-1111-111111111111"}, "Application_DialogException"),
        ({"paymentTermsId": "11111111-1111-1111-1111-111111111111"}, "Application_DialogException"),
    ],
)
def test_a_customer_is_refused_for_what_the_page_does_not_take(tenant: Tenant, fields: Any, code: str) -> None:
    answer = tenant.call("POST", "customers", {"number": "C-1", "displayName": "Company"} | fields)
    assert error(answer)[:2] == (400, code)
    assert tenant.list("customers") == []


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"displayName": NaN}', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_a_bad_request(tenant: Tenant, body: bytes) -> None:
    assert error(tenant.call("POST", "customers", body))[:2] == (400, "BadRequest")


def test_a_number_taken_is_refused_and_one_not_given_is_made(tenant: Tenant) -> None:
    tenant.customer("C-1")
    taken = tenant.call("POST", "customers", {"number": "c-1", "displayName": "Again"})
    assert error(taken)[:2] == (400, "Internal_EntityWithSameKeyExists") and "C-1" in error(taken)[2]
    made = [tenant.make("customers", {"displayName": name})["number"] for name in ("A", "B")]
    assert made == ["C00010", "C00020"]
    tenant.choose(manual_numbers=False)
    assert "enter numbers manually" in error(tenant.call("POST", "customers", {"number": "C-9", "displayName": "X"}))[2]


def test_texts_keep_every_character_and_codes_are_capitals(tenant: Tenant) -> None:
    name = "Łódź 株式会社 😀 שלום"
    made = tenant.make("customers", {"number": " kd-9 ", "displayName": name, "addressLine1": "Straße\t1"})
    assert (made["number"], made["displayName"], made["addressLine1"]) == ("KD-9", name, "Straße\t1")
    assert tenant.read(f"customers({made['id']})")["displayName"] == name


def test_a_change_needs_the_etag_of_what_it_changes(tenant: Tenant) -> None:
    made = tenant.customer()
    path = f"customers({made['id']})"
    assert error(tenant.call("PATCH", path, {"city": "Bonn"}))[:2] == (400, "BadRequest_InvalidToken")
    assert error(tenant.call("DELETE", path))[:2] == (400, "BadRequest_InvalidToken")
    changed = tenant.change(path, {"city": "Bonn"}, made["@odata.etag"])
    assert changed["@odata.etag"] != made["@odata.etag"]
    stale = {"If-Match": made["@odata.etag"]}
    assert error(tenant.call("PATCH", path, {"city": "Ulm"}, headers=stale))[:2] == (409, "Request_EntityChanged")
    tenant.choose(stale_status=412)
    assert error(tenant.call("PATCH", path, {"city": "Ulm"}, headers=stale))[:2] == (412, "Request_EntityChanged")
    assert tenant.read(path)["city"] == "Bonn"
    assert tenant.change(path, {"city": "Ulm"})["city"] == "Ulm"
    assert tenant.call("DELETE", path, headers={"If-Match": "*"}).status_code == 204


def test_a_line_change_makes_a_new_etag_and_timestamp_on_the_head(tenant: Tenant) -> None:
    tenant.customer()
    head = tenant.draft()
    path = f"salesInvoices({head['id']})"
    seen = [(head["@odata.etag"], head["lastModifiedDateTime"], head["totalAmountExcludingTax"])]

    def look() -> None:
        now = tenant.read(path)
        seen.append((now["@odata.etag"], now["lastModifiedDateTime"], now["totalAmountExcludingTax"]))

    line = tenant.lines(head)[0]
    tenant.change(f"{path}/salesInvoiceLines({line['id']})", {"quantity": 2})
    look()
    more = {"lineType": "Account", "lineObjectNumber": "40100", "quantity": 1, "unitPrice": 5}
    added = tenant.make(f"{path}/salesInvoiceLines", more)
    look()
    tenant.call("DELETE", f"salesInvoiceLines({added['id']})", headers={"If-Match": "*"})
    look()
    assert [total for _, _, total in seen] == [1500, 300, 305, 300]
    assert len({etag for etag, _, _ in seen}) == 4
    assert [stamp for _, stamp, _ in seen] == sorted({stamp for _, stamp, _ in seen})
    stale = tenant.call("PATCH", path, {"email": "a@b.example"}, headers={"If-Match": head["@odata.etag"]})
    assert stale.status_code == 409


def test_deep_insert_works_all_or_nothing_and_deep_update_does_not(tenant: Tenant) -> None:
    tenant.customer()
    bad = {"customerNumber": "C-1", "salesInvoiceLines": [{"lineType": "Account", "lineObjectNumber": "40100"},
                                                          {"lineType": "Account", "lineObjectNumber": "99999"}]}  # fmt: skip
    assert error(tenant.call("POST", "salesInvoices", bad))[2] == "Account does not exist."
    assert tenant.list("salesInvoices") == []
    made = tenant.draft()
    deep = tenant.call("PATCH", f"salesInvoices({made['id']})", {"salesInvoiceLines": []}, headers={"If-Match": "*"})
    assert error(deep)[:2] == (400, "BadRequest")


def test_methods_a_page_does_not_have_are_405(tenant: Tenant) -> None:
    value = {"code": "P-1", "displayName": "Project"}
    assert error(tenant.call("POST", "dimensionValues", value))[:2] == (405, "BadRequest_MethodNotAllowed")
    assert tenant.call("POST", "generalLedgerEntries", {}).status_code == 405
    assert tenant.call("POST", f"{tenant.api}/companies", {}).status_code == 405
    assert tenant.call("PUT", "customers", {}).status_code == 405


def test_a_tenant_with_its_own_page_writes_dimension_values(tenant: Tenant) -> None:
    tenant.choose(dimension_values="writable")
    project = next(row for row in tenant.list("dimensions") if row["code"] == "PROJECT")
    body = {"code": "P-1", "displayName": "Project", "dimensionId": project["id"]}
    assert tenant.make("dimensionValues", body)["code"] == "P-1"
    assert error(tenant.call("POST", "dimensionValues", body))[1] == "Internal_EntityWithSameKeyExists"
    assert [row["code"] for row in tenant.list(f"dimensions({project['id']})/dimensionValues")] == ["P-1"]


def test_an_extension_makes_a_dimension_value_of_each_project(tenant: Tenant) -> None:
    tenant.make("projects", {"number": "P-0", "displayName": "Before"})
    tenant.choose(project_dimension="PROJECT")
    tenant.make(
        "projects", {"number": "P-1", "displayName": "A project with a name that is longer than fifty characters"}
    )
    found = tenant.list("dimensionValues")
    assert [(row["code"], len(row["displayName"])) for row in found] == [("P-1", 50)]


def test_a_project_has_four_fields(tenant: Tenant) -> None:
    made = tenant.make("projects", {"number": "P-1", "displayName": "Site survey"})
    shown = {name for name in made if not name.startswith("@")}
    assert shown == {"id", "number", "displayName", "lastModifiedDateTime"}
    assert error(tenant.call("POST", "projects", {"customerNumber": "C-1"}))[:2] == (400, "BadRequest")
    tenant.choose(jobs_set_up=False)
    refused = tenant.call("POST", "projects", {"number": "P-2", "displayName": "X"})
    assert error(refused)[1] == "Application_FieldValidationException"


def test_dimensions_are_set_on_head_and_line_and_only_if_known(tenant: Tenant) -> None:
    tenant.customer()
    for code in ("P-1", "P-2"):
        tenant.dimension_value(code)
    head = tenant.draft(shortcutDimension2Code="p-1")
    path = f"salesInvoices({head['id']})"
    assert head["shortcutDimension2Code"] == "P-1"
    shown = tenant.list(f"{path}/dimensionSetLines")
    assert [(row["code"], row["valueCode"], row["parentType"]) for row in shown] == [
        ("PROJECT", "P-1", "Sales_x0020_Invoice")]  # fmt: skip
    line = tenant.lines(head)[0]
    own = tenant.list(f"salesInvoiceLines({line['id']})/dimensionSetLines")[0]
    where = f"salesInvoiceLines({line['id']})/dimensionSetLines"
    assert tenant.change(f"{where}({own['id']})", {"valueCode": "P-2"})["valueCode"] == "P-2"
    assert error(tenant.call("POST", where, {"code": "PROJECT", "valueCode": "P-1"}))[2].startswith(
        "The dimension set line"
    )
    assert "does not match" in error(tenant.call("POST", where, {"code": "DEPARTMENT", "valueCode": "NO"}))[2]
    refused = tenant.call("PATCH", path, {"shortcutDimension1Code": "NO"}, headers={"If-Match": "*"})
    assert error(refused)[1] == "Internal_InvalidTableRelation"
    tenant.post(path)
    fixed = tenant.call("PATCH", f"{where}({own['id']})", {"valueCode": "P-1"}, headers={"If-Match": "*"})
    assert "read only" in error(fixed)[2]


def test_time_lands_in_a_sheet_that_has_to_be_there(tenant: Tenant) -> None:
    tenant.make("projects", {"number": "P-1", "displayName": "Site survey"})
    employee = tenant.make("employees", {"number": "E-1", "givenName": "Ada", "surname": "Byron"})
    assert employee["displayName"] == "Ada Byron"
    body = {"employeeNumber": "E-1", "jobNumber": "P-1", "date": "2026-10-07", "quantity": 7.25}
    assert "no time sheet" in error(tenant.call("POST", "timeRegistrationEntries", body))[2]
    sheet = {"company": tenant.company, "employee": "E-1", "date": "2026-10-09"}
    assert tenant.sim("POST", "time-sheets", sheet).json() == {"sheet": "2026-10-05"}
    made = tenant.make("timeRegistrationEntries", body)
    assert "lastModfiedDateTime" in made and "lastModifiedDateTime" not in made  # misspelt in the real API
    assert (made["status"], made["unitOfMeasureCode"], made["quantity"]) == ("Open", "HOUR", 7.25)
    assert error(tenant.call("PATCH", f"timeRegistrationEntries({made['id']})", {"status": "Approved"},
                             headers={"If-Match": "*"}))[1] == "BadRequest_InvalidOperation"  # fmt: skip
    tenant.sim("POST", "time-entries", {"id": made["id"], "status": "Approved"})
    found = tenant.list("timeRegistrationEntries", filter="status eq 'Approved'")
    assert [row["id"] for row in found] == [made["id"]]
    assert tenant.list(f"employees({employee['id']})/timeRegistrationEntries") == found
    late = tenant.call("PATCH", f"timeRegistrationEntries({made['id']})", {"quantity": 1}, headers={"If-Match": "*"})
    assert "Status must be equal to 'Open'" in error(late)[2]
