"""The life of invoices (notes, A3; checklist 1, 2, 4, 6 and 9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.simulators.business_central_account import NO_ID, Body, Tenant, error, line

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate
TOTALS = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")


def totals(document: Body) -> tuple[float, ...]:
    return tuple(document[name] for name in TOTALS)


def refusal(tenant: Tenant, invoice: Body, action: str = "post") -> str:
    status, code, text = error(tenant.act(f"salesInvoices({invoice['id']})", action))
    assert status == 400 and code.startswith("Application_"), (status, code)
    return text


def test_posting_keeps_the_id_and_gives_another_number(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft()
    assert (draft["number"], draft["status"], totals(draft)) == ("1001", "Draft", (1500, 285, 1785))
    tenant.post(f"salesInvoices({draft['id']})")
    posted = tenant.read(f"salesInvoices({draft['id']})")
    assert (posted["number"], posted["status"], posted["remainingAmount"]) == ("PS-INV103001", "Open", 1785)
    assert posted["lastModifiedDateTime"] > draft["lastModifiedDateTime"]
    assert [row["id"] for row in tenant.lines(posted)] == [row["id"] for row in tenant.lines(draft)]
    assert "draft invoice only" in refusal(tenant, posted)


def test_two_drafts_may_have_one_external_number_and_both_are_found_by_it(tenant: Tenant) -> None:
    tenant.customer()
    made = {tenant.draft("eng9-2026-10-r1")["id"] for _ in range(2)}
    found = tenant.list(
        "salesInvoices", filter="externalDocumentNumber eq 'eng9-2026-10-r1' and customerNumber eq 'C-1'"
    )
    assert {row["id"] for row in found} == made and {row["externalDocumentNumber"] for row in found} == {
        "ENG9-2026-10-R1"
    }
    for invoice in found:
        tenant.post(f"salesInvoices({invoice['id']})")  # no check at posting, unless the tenant has one
    tenant.choose(refuse_duplicate_numbers=True)
    assert "already exists" in refusal(tenant, tenant.draft("eng9-2026-10-r1"))


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"customerNumber": ""}, 'A "customerNumber" or a "customerId" must be provided.'),
        ({"customerNumber": "NOBODY"}, "The sell-to customer cannot be found."),
        ({"customerId": "11111111-1111-1111-1111-111111111111"}, "The sell-to customer cannot be found."),
        ({"currencyCode": "XXX"}, 'The "currencyCode" does not match to a Currency.'),
    ],
)
def test_a_draft_without_a_known_customer_or_currency_is_refused(tenant: Tenant, fields: Any, text: str) -> None:
    tenant.customer()
    answer = tenant.call("POST", "salesInvoices", {"customerNumber": "C-1"} | fields)
    assert error(answer) == (400, "Application_DialogException", text)


@pytest.mark.parametrize("name", ["number", "status", "remainingAmount", "customerName", *TOTALS])
def test_what_the_erp_works_out_cannot_be_written(tenant: Tenant, name: str) -> None:
    tenant.customer()
    value: Any = 1 if "mount" in name else "Paid"
    answer = tenant.call("POST", "salesInvoices", {"customerNumber": "C-1", name: value})
    assert error(answer)[:2] == (400, "BadRequest_InvalidOperation")


def test_references_of_36_characters_are_too_long(tenant: Tenant) -> None:
    tenant.customer()
    for name in ("externalDocumentNumber", "customerPurchaseOrderReference"):
        answer = tenant.call("POST", "salesInvoices", {"customerNumber": "C-1", name: "x" * 36})
        assert error(answer)[:2] == (400, "Application_StringExceededLength")
    assert len(tenant.draft("y" * 35)["externalDocumentNumber"]) == 35


def test_a_line_is_about_an_item_or_an_account_never_both(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft()
    item, account = tenant.list("items")[0], tenant.list("accounts", filter="number eq '40100'")[0]
    where = f"salesInvoices({draft['id']})/salesInvoiceLines"
    both = tenant.call("POST", where, {"itemId": item["id"], "accountId": account["id"]})
    assert error(both)[2] == 'Both "itemId" and "accountId" are specified. Specify only one of them.'
    made = tenant.make(where, {"itemId": item["id"], "quantity": 1, "unitPrice": 10})
    assert (made["lineType"], made["lineObjectNumber"], made["accountId"]) == ("Item", item["number"], NO_ID)
    comment = tenant.make(where, {"lineType": "Comment", "description": "See the report"})
    assert (comment["quantity"], comment["amountExcludingTax"]) == (0, 0)
    closed = tenant.call("POST", where, line(lineObjectNumber="12100"))
    assert error(closed)[1] == "Application_FieldValidationException"  # no direct posting
    for change in ({"sequence": 5}, {"documentId": NO_ID}, {"lineObjectNumber": "40200"}):
        answer = tenant.call("PATCH", f"salesInvoiceLines({made['id']})", change, headers={"If-Match": "*"})
        assert error(answer)[2].startswith(f'The value for "{next(iter(change))}" cannot be modified.')


def test_tax_follows_the_customers_area_and_the_lines_code(tenant: Tenant) -> None:
    areas = {row["code"]: row["id"] for row in tenant.list("taxAreas")}
    tenant.customer("C-1")
    tenant.customer("C-2", taxAreaId=areas["EU"])
    assert totals(tenant.draft("A", {"quantity": 1, "unitPrice": 100})) == (100, 19, 119)
    mixed = tenant.draft("B", {"quantity": 1, "unitPrice": 100, "taxCode": "VAT7"}, {"quantity": 1, "unitPrice": 100})
    assert totals(mixed) == (200, 26, 226)
    assert totals(tenant.draft("C", {"quantity": 1, "unitPrice": 100}, customerNumber="C-2")) == (100, 0, 100)
    tenant.sim("POST", "tax-rates", {"company": "DE", "area": "EU", "group": "VAT19", "percent": None})
    body = {"customerNumber": "C-2", "salesInvoiceLines": [line(quantity=1, unitPrice=1)]}
    assert "VAT Posting Setup does not exist" in error(tenant.call("POST", "salesInvoices", body))[2]
    unknown = {"customerNumber": "C-1", "salesInvoiceLines": [line(taxCode="VAT99")]}
    assert error(tenant.call("POST", "salesInvoices", unknown))[1] == "Internal_InvalidTableRelation"


def test_tax_is_rounded_by_line_or_over_the_document(tenant: Tenant) -> None:
    tenant.customer()
    lines = [{"quantity": 1, "unitPrice": 0.13}] * 3  # 19 % of 0.13 is 0.0247, of 0.39 is 0.0741
    assert totals(tenant.draft("A", *lines)) == (0.39, 0.06, 0.45)
    tenant.choose(tax_rounding="document")
    by_document = tenant.draft("B", *lines)
    assert totals(by_document) == (0.39, 0.07, 0.46)
    taxes = [Decimal(str(row["netTaxAmount"])) for row in tenant.lines(by_document)]
    assert taxes == [Decimal("0.02"), Decimal("0.03"), Decimal("0.02")]


def test_a_line_amount_is_rounded_half_away_from_zero_to_the_currency(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft(
        "A", {"quantity": 1.5, "unitPrice": 0.35}, {"quantity": -1.5, "unitPrice": 0.35, "taxCode": "VAT0"}
    )
    assert [row["netAmount"] for row in tenant.lines(draft)] == [0.53, -0.53]
    tenant.company = tenant.companies["JP"]
    tenant.customer()
    yen = tenant.draft("Y", {"quantity": 7.25, "unitPrice": 18250}, {"quantity": 1.5, "unitPrice": 1})
    assert (totals(yen), yen["currencyCode"]) == ((132315, 13231, 145546), "JPY")


def test_discounts_of_line_and_document_are_taken_before_tax(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft("A", {"quantity": 10, "unitPrice": 10, "discountPercent": 10},
                         {"quantity": 1, "unitPrice": 30, "discountAmount": 20}, discountAmount=10)  # fmt: skip
    assert totals(draft) == (90, 17.1, 107.1)
    shown = [
        (row["amountExcludingTax"], row["invoiceDiscountAllocation"], row["netAmount"]) for row in tenant.lines(draft)
    ]
    assert shown == [(90, 9, 81), (10, 1, 9)]


def test_a_foreign_currency_needs_a_currency_record_and_the_local_one_has_no_id(tenant: Tenant) -> None:
    tenant.customer()
    foreign = tenant.draft("A", currencyCode="USD")
    dollars = next(row for row in tenant.list("currencies") if row["code"] == "USD")
    assert (foreign["currencyCode"], foreign["currencyId"]) == ("USD", dollars["id"])
    local = tenant.draft("B", currencyCode="EUR")
    assert (local["currencyCode"], local["currencyId"]) == ("EUR", NO_ID)


def test_a_blocked_customer_is_refused_on_the_draft_or_later_at_post(tenant: Tenant) -> None:
    made = tenant.customer()
    draft = tenant.draft()
    tenant.change(f"customers({made['id']})", {"blocked": "Invoice"})
    assert "blocked with type Invoice" in refusal(tenant, draft)
    answer = tenant.call("POST", "salesInvoices", {"customerNumber": "C-1"})
    assert "cannot create this type of document" in error(answer)[2]
    tenant.change(f"customers({made['id']})", {"blocked": "_x0020_"})
    tenant.post(f"salesInvoices({draft['id']})")


def test_a_closed_date_is_refused_at_post_and_not_before(tenant: Tenant) -> None:
    tenant.customer()
    tenant.sim("POST", "posting-dates", {"company": "DE", "from": "2026-11-01"})
    draft = tenant.draft()
    assert refusal(tenant, draft) == "Posting Date is not within your range of allowed posting dates."
    assert tenant.list("generalLedgerSetup")[0]["allowPostingFrom"] == "2026-11-01"
    tenant.change(f"salesInvoices({draft['id']})", {"postingDate": "2026-11-01"})
    tenant.post(f"salesInvoices({draft['id']})")


def test_a_draft_needs_lines_with_quantities_and_may_need_approval(tenant: Tenant) -> None:
    tenant.customer()
    empty = tenant.make("salesInvoices", {"customerNumber": "C-1"})
    assert refusal(tenant, empty) == "Please add at least one line item to the invoice."
    assert "quantity" in refusal(tenant, tenant.draft("A", {"unitPrice": 5}))
    tenant.choose(approval="1000", require_external_number=True)
    large = tenant.draft("B")
    assert "approval" in refusal(tenant, large)
    tenant.sim("POST", "approvals", {"id": large["id"]})
    tenant.post(f"salesInvoices({large['id']})")
    assert "External Document No." in refusal(tenant, tenant.draft("", {"quantity": 1, "unitPrice": 1}))


def test_a_posted_invoice_does_not_change_and_does_not_go(tenant: Tenant) -> None:
    tenant.customer()
    posted = tenant.posted()
    path, line_id = f"salesInvoices({posted['id']})", tenant.lines(posted)[0]["id"]
    anyway = {"If-Match": "*"}
    for method, where, body in (
        ("PATCH", path, {"externalDocumentNumber": "X"}),
        ("PATCH", f"salesInvoiceLines({line_id})", {"quantity": 1}),
        ("POST", f"{path}/salesInvoiceLines", line(quantity=1)),
        ("DELETE", f"salesInvoiceLines({line_id})", None),
        ("DELETE", path, None),
    ):
        answer = tenant.call(method, where, body, headers=anyway)
        assert error(answer)[:2] == (400, "Application_DialogException"), where
    assert tenant.read(path)["@odata.etag"] == posted["@odata.etag"]


def test_a_draft_can_be_deleted_with_its_lines(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft()
    gone = tenant.lines(draft)[0]["id"]
    assert tenant.call("DELETE", f"salesInvoices({draft['id']})", headers={"If-Match": "*"}).status_code == 204
    assert tenant.call("GET", f"salesInvoices({draft['id']})").status_code == 404
    assert tenant.call("GET", f"salesInvoiceLines({gone})").status_code == 404


def test_post_and_send_needs_an_address_and_a_failure_posts_nothing(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft()
    assert "email is empty" in refusal(tenant, draft, "postAndSend")
    tenant.change(f"salesInvoices({draft['id']})", {"email": "ap@harbor.example"})
    tenant.post(f"salesInvoices({draft['id']})", "postAndSend")
    assert error(tenant.act(f"salesInvoices({draft['id']})", "explode"))[1] == "BadRequest_MethodNotImplemented"


def test_messages_follow_the_language_and_codes_do_not(tenant: Tenant) -> None:
    tenant.customer()
    answers = [tenant.call("POST", "salesInvoices", {}, headers={"Accept-Language": tag})
               for tag in ("en-US", "de-DE,de;q=0.9", "fr-FR")]  # fmt: skip
    assert {error(answer)[:2] for answer in answers} == {(400, "Application_DialogException")}
    english, german, french = (error(answer)[2] for answer in answers)
    assert english == french != german and "muss" in german
