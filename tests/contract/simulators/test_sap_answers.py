"""Envelopes, types, pages, ETags and refusals, as OData V2 and V4 of this vendor have them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.contract.simulators.sap_tenant import (
    BILLS,
    BILLS_V4,
    DEBITS,
    PARTNERS,
    PROJECTS,
    Tenant,
    customer_body,
    item,
    on,
    request_body,
    said,
)

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
SET = f"{PARTNERS}A_BusinessPartner"
PAYLOAD = "/IWBEP/CM_MGW_RT/020"


@pytest.mark.parametrize("accept", ["*/*", "application/xml", "application/atom+xml"])
def test_v2_answers_atom_unless_json_is_asked_for(sap: Tenant, accept: str) -> None:
    sap.customer()
    answer = sap.client.get(SET, headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.text)
    space = "{http://schemas.microsoft.com/ado/2007/08/dataservices}"
    assert root.find(f".//{space}OrganizationBPName1").text == "Company CUST-1"  # type: ignore[union-attr]
    assert sap.client.get(SET, params={"$format": "json"}, headers={"Accept": accept}).json()["d"]["results"]


def test_v2_decimals_are_text_and_dates_are_milliseconds(sap: Tenant) -> None:
    invoice = sap.invoice("I-1", item("1234.5"))
    assert (invoice["TotalNetAmount"], invoice["TransactionCurrency"]) == ("1234.50", "EUR")
    assert invoice["BillingDocumentDate"] == on("2026-10-31")
    assert invoice["LastChangeDateTime"].startswith("/Date(") and invoice["LastChangeDateTime"].endswith("+0000)/")
    assert invoice["CreationTime"].startswith("PT")


def test_v4_decimals_are_numbers_and_dates_are_bare(sap: Tenant) -> None:
    number = sap.invoice("I-1", item("1234.56"))["BillingDocument"]
    row = sap.client.get(f"{BILLS_V4}BillingDocument('{number}')").json()
    assert (row["TotalNetAmount"], row["BillingDocumentDate"]) == (1234.56, "2026-10-31")
    assert row["@odata.context"] and row["@odata.etag"].startswith("W/")
    items = sap.client.get(f"{BILLS_V4}BillingDocument('{number}')", params={"$expand": "_Item"}).json()["_Item"]
    assert [one["NetAmount"] for one in items] == [1234.56]


def test_yen_have_no_decimals(sap: Tenant) -> None:
    customer = sap.customer("JP", "1510")
    invoice = sap.invoice("I-JP", item("1000"), customer=customer, SalesOrganization="1510")
    assert (invoice["TotalNetAmount"], invoice["TaxAmount"], invoice["TotalGrossAmount"]) == ("1000", "100", "1100")


def test_the_count_is_a_text_in_v2_and_a_number_in_v4(sap: Tenant) -> None:
    sap.invoice("I-1")
    page = sap.read(f"{BILLS}A_BillingDocument", inlinecount="allpages", top="0")
    assert (page["__count"], page["results"]) == ("1", [])
    assert sap.client.get(f"{BILLS_V4}BillingDocument", params={"$count": "true"}).json()["@odata.count"] == 1
    assert sap.client.get(f"{BILLS}A_BillingDocument/$count").text == "1"


def test_pages_follow_each_other_to_the_end(sap: Tenant) -> None:
    sap.choose(page_size=3)
    wanted = {sap.customer(f"C-{number}") for number in range(8)}
    page = sap.read(SET, orderby="BusinessPartner", select="BusinessPartner")
    seen = [row["BusinessPartner"] for row in page["results"]]
    while "__next" in page:
        assert page["__next"].startswith(sap.base_url) and len(page["results"]) == 3
        page = sap.client.get(page["__next"]).json()["d"]
        seen += [row["BusinessPartner"] for row in page["results"]]
    assert len(seen) == 8 and set(seen) == wanted


def test_v4_pages_have_relative_links(sap: Tenant) -> None:
    sap.choose(page_size=1)
    customer = sap.customer()
    numbers = [sap.invoice(f"I-{number}", customer=customer)["BillingDocument"] for number in range(3)]
    path, seen = "BillingDocument?$orderby=BillingDocument", []
    while path:
        page = sap.client.get(BILLS_V4 + path).json()
        seen += [row["BillingDocument"] for row in page["value"]]
        path = page.get("@odata.nextLink", "")
        assert not path.startswith("http")
    assert seen == numbers


def test_top_and_skip_count_over_pages(sap: Tenant) -> None:
    sap.choose(page_size=2)
    for number in range(7):
        sap.customer(f"C-{number}")
    page = sap.read(SET, orderby="BusinessPartner", top="5", skip="1")
    rows = page["results"]
    while "__next" in page:
        page = sap.client.get(page["__next"]).json()["d"]
        rows += page["results"]
    assert [row["BusinessPartnerIDByExtSystem"] for row in rows] == [f"C-{number}" for number in range(1, 6)]


def test_leading_zeros_come_and_go_by_field(sap: Tenant) -> None:
    customer = sap.customer()
    made = sap.request(customer.zfill(10))
    assert made["SoldToParty"] == customer
    (number,) = sap.billed(made["DebitMemoRequest"].zfill(10))
    assert sap.document(number.zfill(10))["SoldToParty"] == customer.zfill(10)
    for text in (customer, customer.zfill(10)):
        assert len(sap.rows(f"{BILLS}A_BillingDocument", filter=f"SoldToParty eq '{text}'")) == 1


def test_what_is_kept_in_capitals_is_not_found_in_small_letters(sap: Tenant) -> None:
    sap.customer("cust-a")
    assert sap.rows(SET, filter="BusinessPartnerIDByExtSystem eq 'cust-a'") == []
    (row,) = sap.rows(SET, filter="BusinessPartnerIDByExtSystem eq 'CUST-A'")
    assert row["BusinessPartnerIDByExtSystem"] == "CUST-A"


def test_filters_know_dates_instants_and_guids(sap: Tenant) -> None:
    project = sap.project()
    path = f"{PROJECTS}A_EnterpriseProject"
    assert len(sap.rows(path, filter=f"ProjectUUID eq guid'{project['ProjectUUID']}'")) == 1
    assert len(sap.rows(path, filter="LastChangeDateTime gt datetimeoffset'2026-01-01T00:00:00Z'")) == 1
    assert sap.rows(path, filter="LastChangeDateTime gt datetimeoffset'2126-01-01T00:00:00Z'") == []
    sap.invoice("I-1")
    assert (
        len(sap.rows(f"{BILLS}A_BillingDocument", filter="BillingDocumentDate le datetime'2026-10-31T00:00:00'")) == 1
    )


def test_expand_goes_two_levels_deep(sap: Tenant) -> None:
    number = sap.invoice("I-1", item("10"), item("20"))["BillingDocument"]
    row = sap.read(f"{BILLS}A_BillingDocument('{number}')", expand="to_Item,to_Item/to_PricingElement,to_Partner")
    prices = [
        price["ConditionAmount"] for one in row["to_Item"]["results"] for price in one["to_PricingElement"]["results"]
    ]
    assert prices == ["10.00", "1.90", "20.00", "3.80"]
    assert row["to_Text"]["__deferred"]["uri"].endswith("/to_Text")


@pytest.mark.parametrize(
    "options",
    [
        {"$filter": "NoSuchField eq 'x'"},
        {"$filter": "BusinessPartner eq"},
        {"$filter": "BusinessPartner eq 5"},
        {"$select": "NoSuchField"},
        {"$expand": "to_Nowhere"},
        {"$orderby": "NoSuchField"},
        {"$top": "-1"},
        {"$nonsense": "1"},
    ],
)
def test_query_options_that_do_not_fit_are_refused(sap: Tenant, options: dict[str, str]) -> None:
    sap.customer()
    answer = sap.client.get(SET, params=options)
    assert answer.status_code == 400 and answer.json()["error"]["code"].startswith("/IWBEP/")


def test_a_change_needs_the_etag_and_the_right_one(sap: Tenant) -> None:
    path = f"{SET}('{sap.customer()}')"
    first = sap.client.get(path)
    assert first.headers["etag"] == first.json()["d"]["__metadata"]["etag"]
    change = {"SearchTerm1": "one"}
    assert sap.call("PATCH", path, change).status_code == 428
    assert sap.call("PATCH", path, change, headers={"If-Match": first.headers["etag"]}).status_code == 204
    assert sap.call("PATCH", path, change, headers={"If-Match": first.headers["etag"]}).status_code == 412
    assert sap.call("PATCH", path, change, headers={"If-Match": "*"}).status_code == 204
    assert sap.read(path)["SearchTerm1"] == "ONE"


def test_put_blanks_what_is_left_out_and_patch_does_not(sap: Tenant) -> None:
    path = f"{SET}('{sap.customer()}')"
    for_any = {"If-Match": "*"}
    sap.call("PATCH", path, {"SearchTerm2": "KEEP"}, headers=for_any)
    assert sap.call("MERGE", path, {"SearchTerm1": "A"}, headers=for_any).status_code == 204
    assert sap.read(path)["SearchTerm2"] == "KEEP"
    assert sap.call("PUT", path, {"OrganizationBPName1": "New"}, headers=for_any).status_code == 204
    assert (sap.read(path)["OrganizationBPName1"], sap.read(path)["SearchTerm2"]) == ("New", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NoSuchProperty", "x"),
        ("OrganizationBPName1", "n" * 41),
        ("BusinessPartnerIDByExtSystem", "x" * 21),
        ("BusinessPartnerFullName", "read only"),
        ("Customer", "17100099"),
        ("BusinessPartnerIsBlocked", "true"),
        ("to_Nowhere", []),
    ],
)
def test_properties_that_nobody_may_send_are_refused(sap: Tenant, name: str, value: Any) -> None:
    answer = sap.call("POST", SET, customer_body() | {name: value})
    assert said(answer) == (400, PAYLOAD)
    assert answer.json()["error"]["innererror"]["errordetails"][0]["target"] == name
    assert sap.rows(SET) == []


@pytest.mark.parametrize(
    "price",
    [{"ConditionRateValue": 100}, {"ConditionRateValue": "1.0000000001"}, {"ConditionRateValue": "much"}],
)
def test_decimals_must_be_text_within_their_digits(sap: Tenant, price: dict[str, Any]) -> None:
    row = item() | {"to_PricingElement": [{"ConditionType": "PMP0"} | price]}
    answer = sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer(), row))
    assert said(answer) == (400, PAYLOAD)


@pytest.mark.parametrize("name", ["NetAmount", "TaxAmount"])
def test_amounts_of_an_item_cannot_be_sent(sap: Tenant, name: str) -> None:
    answer = sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer(), item() | {name: "5"}))
    assert said(answer) == (400, PAYLOAD)


def test_a_refusal_by_the_application_names_class_and_number(sap: Tenant) -> None:
    answer = sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body("999"))
    body = answer.json()["error"]
    assert (answer.status_code, body["code"], body["message"]["value"]) == (
        400,
        "V1/302",
        "Sold-to party 999 not maintained",
    )
    assert body["innererror"]["application"]["service_id"] == "API_DEBIT_MEMO_REQUEST_SRV"
    assert body["innererror"]["errordetails"][0]["severity"] == "error"


def test_v4_refusals_have_their_own_shape(sap: Tenant) -> None:
    body = sap.bill("404404").json()["error"]
    assert body["message"].startswith("Reference document") and body["@SAP__common.numericSeverity"] == 4


def test_v2_refusals_are_xml_for_who_did_not_ask_for_json(sap: Tenant) -> None:
    answer = sap.client.get(f"{SET}('1')", headers={"Accept": "*/*"})
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("application/xml")


def test_the_version_is_part_of_the_project_services_path(sap: Tenant) -> None:
    assert sap.client.get(PROJECTS).status_code == 200
    assert sap.client.get(PROJECTS.replace(";v=0002", "")).status_code == 404


def test_a_warning_of_a_success_stands_in_a_header(sap: Tenant) -> None:
    body = request_body(sap.customer(), {"Material": "P001", "RequestedQuantity": "1"})
    answer = sap.call("POST", f"{DEBITS}A_DebitMemoRequest", body)
    assert answer.status_code == 201 and '"severity": "warning"' in answer.headers["sap-message"]


def test_long_names_emoji_and_right_to_left_text_survive(sap: Tenant) -> None:
    name = "شركة المعرفة 🧭 Zürich"
    number = sap.customer("U-1", OrganizationBPName1=name)
    assert sap.read(f"{SET}('{number}')")["OrganizationBPName1"] == name


def test_quotes_in_filters_are_doubled(sap: Tenant) -> None:
    sap.customer("Q-1", OrganizationBPName1="O'Neill")
    assert len(sap.rows(SET, filter="OrganizationBPName1 eq 'O''Neill'")) == 1


def test_metadata_lists_keys_lengths_and_functions(sap: Tenant) -> None:
    text = sap.client.get(f"{BILLS}$metadata").text
    root = ElementTree.fromstring(text)
    edm = "{http://schemas.microsoft.com/ado/2008/09/edm}"
    names = {one.get("Name") for one in root.iter(f"{edm}FunctionImport")}
    assert names == {"Cancel", "GetPDF"}
    amount = next(one for one in root.iter(f"{edm}Property") if one.get("Name") == "TotalNetAmount")
    assert (amount.get("Precision"), amount.get("Scale")) == ("16", "3")


def test_what_is_answered_adds_up(sap: Tenant) -> None:
    row = sap.invoice("I-1", item("0.333", "3"), item("19.99", "2.5"))
    assert Decimal(row["TotalNetAmount"]) + Decimal(row["TaxAmount"]) == Decimal(row["TotalGrossAmount"])
