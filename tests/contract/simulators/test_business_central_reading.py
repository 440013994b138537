"""Lists, filters, pages and the forms of values (notes, A2; checklist 5 and 10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.business_central_account import NO_ID, Tenant, error

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["number"] for row in rows]


def pages(tenant: Tenant, path: str, size: int, **params: str) -> list[list[dict[str, Any]]]:
    found = []
    url: str | None = tenant.url(path)
    query: dict[str, str] | None = {f"${name}": value for name, value in params.items()}
    while url is not None:
        answer = tenant.call("GET", url, params=query or None, headers={"Prefer": f"odata.maxpagesize={size}"})
        assert answer.headers["Preference-Applied"] == f"odata.maxpagesize={size}"
        found.append(answer.json()["value"])
        url, query = answer.json().get("@odata.nextLink"), None
    return found


def test_companies_are_listed_and_read_by_id(tenant: Tenant) -> None:
    rows = tenant.call("GET", f"{tenant.api}/companies").json()["value"]
    assert {row["name"]: row["id"] for row in rows} == tenant.companies
    one = tenant.call("GET", f"{tenant.api}/companies({tenant.company})").json()
    assert one["@odata.context"].endswith("$metadata#companies/$entity") or one["name"] == "DE"
    missing = tenant.call("GET", f"{tenant.api}/companies({NO_ID})/customers")
    assert error(missing)[:2] == (404, "Internal_CompanyNotFound")


def test_companies_do_not_see_each_others_records(tenant: Tenant) -> None:
    made = tenant.customer()
    tenant.company = tenant.companies["US"]
    assert tenant.list("customers") == []
    assert tenant.call("GET", f"customers({made['id']})").status_code == 404


def test_an_entity_has_etag_context_and_empty_values_in_their_forms(tenant: Tenant) -> None:
    made = tenant.customer()
    assert made["@odata.etag"].startswith('W/"J') and made["@odata.context"].endswith("/customers/$entity")
    assert (made["blocked"], made["type"]) == ("_x0020_", "Company")
    assert (made["currencyId"], made["currencyCode"]) == (NO_ID, "EUR")
    assert (made["paymentTermsId"], made["addressLine2"], made["balanceDue"]) == (NO_ID, "", 0)
    draft = tenant.draft()
    assert draft["promisedPayDate"] == "0001-01-01" and draft["lastModifiedDateTime"].endswith("Z")
    assert len(draft["lastModifiedDateTime"]) == len("2026-01-31T20:05:51.603Z")


def test_a_blank_in_an_option_is_an_xml_name_and_both_forms_are_understood(tenant: Tenant) -> None:
    journal = tenant.list("journals")[0]
    made = tenant.make(
        f"journals({journal['id']})/journalLines", {"accountType": "G/L Account", "accountNumber": "40100"}
    )
    assert made["accountType"] == "G_x002F_L_x0020_Account"
    again = {"accountType": "G_x002F_L_x0020_Account", "accountNumber": "40200"}
    assert tenant.make(f"journals({journal['id']})/journalLines", again)["accountType"] == made["accountType"]
    tenant.choose(encode_enums=False)
    assert tenant.read(f"journals({journal['id']})/journalLines({made['id']})")["accountType"] == "G/L Account"


def test_filters_order_selection_and_count(tenant: Tenant) -> None:
    for number, city in (("C-1", "Hamburg"), ("C-2", "Köln"), ("C-3", "Hamburg")):
        tenant.customer(number, city=city)
    assert numbers(tenant.list("customers", filter="city eq 'Hamburg'", orderby="number desc")) == ["C-3", "C-1"]
    assert numbers(tenant.list("customers", filter="contains(city,'ö')")) == ["C-2"]
    assert numbers(tenant.list("customers", filter="number eq 'c-2'")) == ["C-2"]
    assert numbers(tenant.list("customers", filter="blocked eq ' '", top=1, skip=1)) == ["C-2"]
    counted = tenant.read("customers", count="true", top=1, select="number")
    assert counted["@odata.count"] == 3 and set(counted["value"][0]) == {"@odata.etag", "number"}
    assert tenant.call("GET", "customers/$count").text == "3"


def test_a_list_by_change_time_goes_on_after_the_last_one_seen(tenant: Tenant) -> None:
    first = tenant.customer("C-1")
    second = tenant.customer("C-2")
    newer = tenant.list("customers", filter=f"lastModifiedDateTime gt {first['lastModifiedDateTime']}",
                        orderby="lastModifiedDateTime")  # fmt: skip
    assert numbers(newer) in (["C-2"], [])  # both may be of one millisecond: a cursor overlaps
    changed = tenant.change(f"customers({first['id']})", {"city": "Bonn"})
    assert changed["lastModifiedDateTime"] > first["lastModifiedDateTime"]
    newest = tenant.list("customers", filter=f"lastModifiedDateTime gt {second['lastModifiedDateTime']}")
    assert numbers(newest) == ["C-1"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"filter": "city eq 'A' or number eq 'B'"}, "BadRequest"),
        ({"filter": "nonsense eq 1"}, "BadRequest"),
        ({"filter": "number eq"}, "BadRequest_InvalidRequestUrl"),
        ({"filter": "balanceDue eq 'x'"}, "BadRequest_InvalidRequestUrl"),
        ({"orderby": "nonsense"}, "BadRequest"),
        ({"select": "nonsense"}, "BadRequest"),
        ({"expand": "nonsense"}, "BadRequest"),
        ({"search": "x"}, "BadRequest"),
    ],
)
def test_queries_it_cannot_do_are_refused(tenant: Tenant, params: dict[str, str], code: str) -> None:
    tenant.customer()
    answer = tenant.call("GET", "customers", params={f"${name}": value for name, value in params.items()})
    assert error(answer)[:2] == (400, code)


def test_or_on_one_field_works_and_a_lambda_is_ignored(tenant: Tenant) -> None:
    tenant.customer("C-1")
    tenant.customer("C-2")
    assert len(tenant.list("customers", filter="number eq 'C-1' or number eq 'C-2'")) == 2
    assert len(tenant.list("customers", filter="defaultDimensions/any(d: d/dimensionCode eq 'X')")) == 2


def test_pages_end_and_hold_everything_once(tenant: Tenant) -> None:
    for n in range(7):
        tenant.customer(f"C-{n}")
    plain = pages(tenant, "customers", 3)
    assert [len(page) for page in plain] == [3, 3, 1]
    assert numbers([row for page in plain for row in page]) == [f"C-{n}" for n in range(7)]
    assert [len(page) for page in pages(tenant, "customers", 3, top="5")] == [3, 2]
    ordered = pages(tenant, "customers", 2, orderby="lastModifiedDateTime desc")
    assert sorted(numbers([row for page in ordered for row in page])) == [f"C-{n}" for n in range(7)]


def test_pages_without_order_shift_when_records_come_and_go_before_them(tenant: Tenant) -> None:
    for n in range(4):
        tenant.customer(f"C-{n}")
    first = tenant.call("GET", "customers", headers={"Prefer": "odata.maxpagesize=2"}).json()
    tenant.customer("A-NEW")
    second = tenant.call("GET", first["@odata.nextLink"]).json()
    assert numbers(first["value"])[-1] == numbers(second["value"])[0] == "C-1"  # seen twice


def test_ordered_pages_do_not_shift_even_when_the_last_one_seen_is_gone(tenant: Tenant) -> None:
    made = [tenant.customer(f"C-{n}") for n in range(4)]
    prefer = {"Prefer": "odata.maxpagesize=2"}
    first = tenant.call("GET", "customers", params={"$orderby": "number"}, headers=prefer).json()
    tenant.customer("A-NEW")
    gone = tenant.call("DELETE", f"customers({made[1]['id']})", headers={"If-Match": "*"})
    assert gone.status_code == 204
    second = tenant.call("GET", first["@odata.nextLink"], headers=prefer).json()
    assert numbers(second["value"]) == ["C-2", "C-3"]


def test_a_page_may_not_be_larger_than_20_000(tenant: Tenant) -> None:
    answer = tenant.call("GET", "customers", headers={"Prefer": "odata.maxpagesize=20001"})
    assert answer.status_code == 413


def test_expansions_bring_lines_dimensions_and_the_customer(tenant: Tenant) -> None:
    tenant.customer()
    tenant.dimension_value("P-7")
    made = tenant.draft(shortcutDimension2Code="P-7")
    inner = "salesInvoiceLines($select=quantity;$expand=dimensionSetLines($select=valueCode)),customer($select=number)"
    whole = tenant.read(f"salesInvoices({made['id']})", expand=inner)
    assert whole["customer"]["number"] == "C-1"
    assert whole["salesInvoiceLines"][0]["quantity"] == 10
    assert whole["salesInvoiceLines"][0]["dimensionSetLines"] == [{"valueCode": "P-7"}]
    assert tenant.read(f"salesInvoices({made['id']})/customer")["number"] == "C-1"


def test_lines_are_listed_only_for_a_document(tenant: Tenant) -> None:
    tenant.customer()
    made = tenant.draft()
    assert error(tenant.call("GET", "salesInvoiceLines")) == (
        400, "Application_DialogException", "You must specify an Id or a Document Id to get the lines.")  # fmt: skip
    found = tenant.list("salesInvoiceLines", filter=f"documentId eq {made['id']}")
    assert [row["sequence"] for row in found] == [10000]
    assert tenant.read(f"salesInvoiceLines({found[0]['id']})")["documentId"] == made["id"]
    assert error(tenant.call("GET", "journalLines"))[1] == "Application_DialogException"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nonsense", 404, "BadRequest_ResourceNotFound"),
        ("customers(", 404, "BadRequest_NotFound"),
        (f"customers({NO_ID})", 404, "Internal_RecordNotFound"),
        ("customers(abc)", 404, "Internal_RecordNotFound"),
        ("dimensionSetLines", 404, "BadRequest_ResourceNotFound"),
    ],
)
def test_a_path_that_leads_nowhere_is_404(tenant: Tenant, path: str, status: int, code: str) -> None:
    assert error(tenant.call("GET", path))[:2] == (status, code)


def test_metadata_and_service_document_name_the_sets(tenant: Tenant) -> None:
    text = tenant.call("GET", f"{tenant.api}/$metadata").text
    assert '<EntityType Name="salesInvoice">' in text and 'Property Name="externalDocumentNumber"' in text
    names = [one["name"] for one in tenant.call("GET", tenant.api).json()["value"]]
    assert {"customers", "salesInvoices", "journals"} <= set(names)


def test_a_read_only_replica_lags(tenant: Tenant) -> None:
    made = tenant.customer()
    aside = {"Data-Access-Intent": "ReadOnly"}
    assert tenant.call("GET", "customers", headers=aside).json()["value"] == []
    assert len(tenant.list("customers")) == 1
    tenant.sim("POST", "clock", {"advance_s": 2})
    assert tenant.call("GET", f"customers({made['id']})", headers=aside).json()["number"] == "C-1"
    tenant.change(f"customers({made['id']})", {"city": "Bonn"})
    assert tenant.call("GET", f"customers({made['id']})", headers=aside).json()["city"] == ""
