"""Records over REST: answers of writes, references, merging sublists, validation, collections, metadata."""

from __future__ import annotations

import pytest

from tests.contract.simulators.netsuite_account import Account, detail

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
STRICT = {"X-NetSuite-PropertyNameValidation": "Error"}


def test_a_create_answers_204_with_location_and_no_body(netsuite: Account) -> None:
    answer = netsuite.record("POST", "customer", {"companyName": "Acme", "subsidiary": {"id": "1"}})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Location"].startswith(f"{netsuite.base_url}/services/rest/record/v1/customer/")
    assert netsuite.client.get(answer.headers["Location"]).json()["companyName"] == "Acme"


def test_put_by_eid_answers_the_same_for_insert_and_update(netsuite: Account) -> None:
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}}
    first = netsuite.record("PUT", "customer/eid:C-1", body)
    second = netsuite.record("PUT", "customer/eid:C-1", body | {"email": "a@acme.example"})
    assert (first.status_code, first.content) == (second.status_code, second.content) == (204, b"")
    assert first.headers["Location"] == second.headers["Location"]
    assert netsuite.read("customer/eid:C-1")["email"] == "a@acme.example"


def test_put_needs_an_external_id_of_plain_characters(netsuite: Account) -> None:
    customer = netsuite.customer()
    assert netsuite.record("PUT", f"customer/{customer}", {}).status_code == 405
    refused = netsuite.record("PUT", "customer/eid:A|B", {"companyName": "x", "subsidiary": {"id": "1"}})
    assert (refused.status_code, detail(refused)["o:errorCode"]) == (400, "INVALID_PARAMETER")


def test_eid_stands_for_any_id_in_a_url(netsuite: Account) -> None:
    netsuite.customer("C-1")
    assert netsuite.record("PATCH", "customer/eid:C-1", {"phone": "1"}).status_code == 204
    assert netsuite.read("customer/eid:C-1")["phone"] == "1"
    assert netsuite.record("DELETE", "customer/eid:C-1").status_code == 204
    gone = netsuite.record("GET", "customer/eid:C-1")
    assert (gone.status_code, detail(gone)["o:errorCode"]) == (404, "NONEXISTENT_ID")


def test_a_taken_external_id_is_refused_on_post(netsuite: Account) -> None:
    netsuite.customer("C-1")
    body = {"companyName": "Other", "subsidiary": {"id": "1"}, "externalId": "C-1"}
    answer = netsuite.record("POST", "customer", body)
    assert (answer.status_code, detail(answer)["o:errorCode"]) == (400, "DUP_RCRD")
    assert "already exists" in detail(answer)["detail"]


@pytest.mark.parametrize("reference", [{"id": "3"}, "3", 3, {"id": 3}])
def test_a_reference_may_be_written_in_every_documented_form(netsuite: Account, reference: object) -> None:
    customer = netsuite.customer(terms=reference)
    shown = netsuite.read(f"customer/{customer}")["terms"]
    assert (shown["id"], shown["refName"]) == ("3", "Net 30")
    assert shown["links"][0]["href"].endswith("/record/v1/term/3")


def test_a_reference_to_nothing_names_its_path(netsuite: Account) -> None:
    netsuite.customer()
    answer = netsuite.record("POST", "invoice", netsuite.invoice_body({"item": {"id": "99999"}, "amount": 1}))
    assert answer.status_code == 400
    assert detail(answer)["o:errorCode"] == "INVALID_CONTENT"
    assert detail(answer)["o:errorPath"] == "item.items[0].item"


def test_all_missing_fields_are_told_at_once(netsuite: Account) -> None:
    answer = netsuite.record("POST", "job", {"email": "x@y.example"})
    assert [d["o:errorPath"] for d in answer.json()["o:errorDetails"]] == ["companyName", "parent"]


def test_an_unknown_property_is_dropped_and_only_a_header_tells(netsuite: Account) -> None:
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}, "emial": "lost@acme.example"}
    answer = netsuite.record("PUT", "customer/eid:C-1", body)
    assert answer.status_code == 204 and "emial" in answer.headers["Warning"]
    assert "lost@" not in str(netsuite.read("customer/eid:C-1"))
    assert (
        "Warning"
        not in netsuite.record(
            "PUT", "customer/eid:C-1", body, headers={"X-NetSuite-PropertyNameValidation": "Ignore"}
        ).headers
    )


def test_an_unknown_property_is_refused_when_the_header_says_error(netsuite: Account) -> None:
    netsuite.customer()
    body = netsuite.invoice_body({"quantity": 1, "rate": 1, "ratee": 2}, mmemo="x")
    answer = netsuite.record("POST", "invoice", body, headers=STRICT)
    assert answer.status_code == 400
    assert {d["o:errorPath"] for d in answer.json()["o:errorDetails"]} == {"mmemo", "item.items[0].ratee"}


def test_invalid_values_are_refused_unless_the_header_says_otherwise(netsuite: Account) -> None:
    body = {"companyName": "Acme", "subsidiary": {"id": "1"}, "terms": {"id": "77"}}
    assert netsuite.record("PUT", "customer/eid:C-1", body).status_code == 400
    lenient = {"X-NetSuite-PropertyValueValidation": "Ignore"}
    assert netsuite.record("PUT", "customer/eid:C-1", body, headers=lenient).status_code == 204


def test_keyless_lines_double_on_a_repeated_put_unless_replaced(netsuite: Account) -> None:
    netsuite.customer()
    body = netsuite.invoice_body({"quantity": 10, "rate": 150})
    totals = []
    for query in ("", "", "?replace=item"):
        assert netsuite.record("PUT", f"invoice/eid:I-1{query}", body).status_code == 204
        totals.append(netsuite.read("invoice/eid:I-1")["total"])
    assert totals == [1500, 3000, 1500]


def test_lines_with_their_key_are_changed_in_place(netsuite: Account) -> None:
    netsuite.customer()
    netsuite.invoice("I-1", {"line": 1, "quantity": 10, "rate": 150}, {"line": 2, "amount": 40})
    netsuite.write("PATCH", "invoice/eid:I-1", {"item": {"items": [{"line": 1, "quantity": 4}]}})
    shown = netsuite.read("invoice/eid:I-1", expandSubResources="true")
    assert [(row["line"], row["amount"]) for row in shown["item"]["items"]] == [(1, 600), (2, 40)]
    assert shown["total"] == 640


def test_a_sublist_is_a_link_until_expanded_and_has_its_own_url(netsuite: Account) -> None:
    netsuite.customer()
    invoice = netsuite.invoice("I-1", {"quantity": 2, "rate": 50})
    folded = netsuite.read(f"invoice/{invoice}")["item"]
    assert list(folded) == ["links"]
    lines = netsuite.client.get(folded["links"][0]["href"]).json()
    assert lines["totalResults"] == 1
    assert netsuite.client.get(lines["items"][0]["links"][0]["href"]).json()["amount"] == 100
    assert netsuite.read(f"invoice/{invoice}", expandSubResources="true")["item"]["count"] == 1


def test_fields_and_simple_enums_shape_the_answer(netsuite: Account) -> None:
    netsuite.customer()
    invoice = netsuite.invoice()
    assert set(netsuite.read(f"invoice/{invoice}", fields="total,status")) == {"links", "total", "status"}
    assert netsuite.read(f"invoice/{invoice}")["status"] == {"id": "A", "refName": "Open"}
    assert netsuite.read(f"invoice/{invoice}", simpleEnumFormat="true")["status"] == "A"


def test_collections_hold_ids_and_links_only_and_page(netsuite: Account) -> None:
    for number in range(5):
        netsuite.customer(f"C-{number}")
    page = netsuite.read("customer", limit=2, offset=2)
    assert (page["count"], page["offset"], page["totalResults"], page["hasMore"]) == (2, 2, 5, True)
    assert all(set(row) == {"links", "id"} for row in page["items"])
    assert {link["rel"] for link in page["links"]} >= {"self", "next", "previous", "first", "last"}
    assert netsuite.read("customer", limit=2, offset=4)["hasMore"] is False
    assert netsuite.record("GET", "customer", params={"limit": 2, "offset": 3}).status_code == 400
    assert netsuite.record("GET", "customer", params={"limit": 1001}).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('externalId IS "I-2"', {"I-2"}),
        ('externalId IS_NOT "I-2"', {"I-1", "I-3"}),
        ('externalId START_WITH "I-" AND NOT_A', None),
        ("total GREATER 150", {"I-2", "I-3"}),
        ("total BETWEEN [150, 250]", {"I-2"}),
        ('tranDate ON "2026-10-02"', {"I-2"}),
        ('tranDate ON_OR_AFTER "2026-10-02" AND total LESS 250', {"I-2"}),
        ('tranDate BEFORE "2026-10-02" OR (total EQUAL 300)', {"I-1", "I-3"}),
        ("status ANY_OF [A]", {"I-1", "I-2", "I-3"}),
        ("memo EMPTY", {"I-1", "I-2"}),
        ('memo CONTAIN "third"', {"I-3"}),
        ("nonsense EMPTY", None),
        ("total CONTAIN 5", None),
        ('lastModifiedDate ON_OR_AFTER "2026-01-31" AND externalId IS "I-1"', {"I-1"}),
    ],
)
def test_q_filters_a_collection(netsuite: Account, query: str, found: set[str] | None) -> None:
    netsuite.customer()
    ids = {}
    for number in (1, 2, 3):
        memo = {"memo": "the third"} if number == 3 else {}
        made = netsuite.invoice(f"I-{number}", {"amount": 100 * number}, tranDate=f"2026-10-0{number}", **memo)
        ids[made] = f"I-{number}"
    answer = netsuite.record("GET", "invoice", params={"q": query})
    if found is None:
        assert (answer.status_code, detail(answer)["o:errorQueryParam"]) == (400, "q")
    else:
        assert {ids[row["id"]] for row in answer.json()["items"]} == found


def test_broken_json_other_content_and_unknown_types_are_told_apart(netsuite: Account) -> None:
    url = "/services/rest/record/v1/customer"
    broken = netsuite.client.post(url, content="{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, detail(broken)["o:errorCode"]) == (400, "INVALID_CONTENT")
    assert netsuite.client.post(url, content="<x/>", headers={"Content-Type": "text/xml"}).status_code == 415
    assert netsuite.record("GET", "project").status_code == 404
    assert broken.headers["Content-Type"].startswith("application/vnd.oracle.resource+json; type=error")


def test_the_metadata_catalog_tells_types_schemas_and_openapi(netsuite: Account) -> None:
    names = {row["name"] for row in netsuite.read("metadata-catalog")["items"]}
    assert {"customer", "job", "invoice", "creditMemo", "customerPayment", "salesOrder", "charge", "timeBill"} <= names
    schema = netsuite.read("metadata-catalog/job")
    assert "TM" in schema["properties"]["jobBillingType"]["properties"]["id"]["enum"]
    openapi = netsuite.record("GET", "metadata-catalog?select=invoice", headers={"Accept": "application/swagger+json"})
    assert "/invoice/{id}" in openapi.json()["paths"] and openapi.json()["openapi"].startswith("3.")


def test_system_calls_tell_the_time_and_the_ceiling(netsuite: Account) -> None:
    moment = netsuite.call("GET", "/system/v1/serverTime").json()["serverTime"]
    assert len(moment) == len("2026-01-31T16:21:00.000Z") and moment.endswith("Z")
    assert netsuite.call("GET", "/system/v1/governanceLimits").json()["accountConcurrencyLimit"] == 5


def test_last_modified_moves_strictly_forward(netsuite: Account) -> None:
    customer = netsuite.customer()
    stamps = []
    for number in range(4):
        netsuite.write("PATCH", f"customer/{customer}", {"phone": str(number)})
        stamps.append(netsuite.read(f"customer/{customer}")["lastModifiedDate"])
    assert stamps == sorted(set(stamps))


def test_time_and_charges_are_kept_as_written(netsuite: Account) -> None:
    netsuite.customer()
    employee = netsuite.write("POST", "employee", {"firstName": "Ada", "lastName": "Byron", "subsidiary": {"id": "1"}})
    time = {"employee": {"id": employee}, "customer": {"externalId": "CUST-1"}, "hours": "7:30", "approvalStatus": "3"}
    made = netsuite.write("PUT", "timeBill/eid:T-1", time)
    assert netsuite.read(f"timeBill/{made}")["hours"] == "7:30"
    assert netsuite.rows("SELECT hours FROM timebill")[0]["hours"] == "7.5"
    assert netsuite.record("POST", "timeBill", time | {"hours": "7.5"}).status_code == 400
    charge = {"billTo": {"externalId": "CUST-1"}, "stage": "READY_FOR_BILLING", "rate": 100.0, "quantity": 1.5}
    assert netsuite.read(f"charge/{netsuite.write('POST', 'charge', charge)}")["amount"] == 150
    assert netsuite.record("POST", "charge", charge | {"stage": "SOMEDAY"}).status_code == 400
