"""From a priced request to a billing document: once, together or split, blocked, due, and read only then."""

from __future__ import annotations

import base64

import pytest

from tests.contract.simulators.sap_tenant import (
    ANY,
    BILLS,
    DEBITS,
    OCTOBER,
    ORDERS,
    Body,
    Tenant,
    item,
    on,
    request_body,
    said,
)

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


def test_a_second_try_to_bill_is_an_error_and_no_second_document(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    sap.billed(made)
    assert said(sap.bill(made)) == (400, "VF/108")
    assert len(sap.rows(f"{BILLS}A_BillingDocument")) == 1
    head = sap.read(f"{DEBITS}A_DebitMemoRequest('{made}')")
    assert head["OverallOrdReltdBillgStatus"] == "C"


def test_the_items_name_what_they_were_made_from(sap: Tenant) -> None:
    made = sap.request(sap.customer(), item(), item())["DebitMemoRequest"]
    (number,) = sap.billed(made)
    rows = sap.rows(f"{BILLS}A_BillingDocumentItem", filter=f"ReferenceSDDocument eq '{made}'")
    assert [(row["BillingDocument"], row["ReferenceSDDocumentItem"]) for row in rows] == [
        (number, "10"),
        (number, "20"),
    ]


def test_alike_references_merge_into_one_document(sap: Tenant) -> None:
    customer = sap.customer()
    made = [sap.request(customer, PurchaseOrderByCustomer=name, **OCTOBER)["DebitMemoRequest"] for name in ("A", "B")]
    (number,) = sap.billed(*made)
    row = sap.document(number)
    assert (row["TotalNetAmount"], row["PurchaseOrderByCustomer"]) == ("200.00", "")


def test_references_that_differ_split_into_several(sap: Tenant) -> None:
    customer = sap.customer()
    first = sap.request(customer, item(), item(CustomerPaymentTerms="NT60"), **OCTOBER)["DebitMemoRequest"]
    second = sap.request(customer, BillingDocumentDate=on("2026-11-01"))["DebitMemoRequest"]
    assert len(sap.billed(first, second)) == 3


def test_a_document_of_too_many_items_is_split(sap: Tenant) -> None:
    sap.choose(most_items=2)
    made = sap.request(sap.customer(), *[item()] * 5)["DebitMemoRequest"]
    totals = [sap.document(number)["TotalNetAmount"] for number in sap.billed(made)]
    assert totals == ["200.00", "200.00", "100.00"]


def test_the_type_asked_for_counts_where_it_may(sap: Tenant) -> None:
    customer = sap.customer()
    made = [sap.request(customer)["DebitMemoRequest"] for _ in range(2)]
    (plain,) = sap.billed(made[0])
    (asked,) = sap.billed(made[1], DefaultBillingDocumentType="F2")
    assert [sap.document(number)["BillingDocumentType"] for number in (plain, asked)] == ["L2", "F2"]


@pytest.mark.parametrize(
    "block", [{"HeaderBillingBlockReason": "08"}, {"to_Item": [item(ItemBillingBlockReason="08")]}]
)
def test_a_blocked_document_is_billed_once_it_is_free(sap: Tenant, block: Body) -> None:
    made = sap.make(f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer()) | block)["DebitMemoRequest"]
    assert sap.bill(made).status_code == 400
    if "to_Item" in block:
        path, free = (
            f"A_DebitMemoRequestItem(DebitMemoRequest='{made}',DebitMemoRequestItem='10')",
            "ItemBillingBlockReason",
        )
    else:
        path, free = f"A_DebitMemoRequest('{made}')", "HeaderBillingBlockReason"
    assert sap.call("PATCH", DEBITS + path, {free: ""}, headers=ANY).status_code == 204
    assert sap.bill(made).status_code == 200


def test_an_unpriced_item_is_not_billed(sap: Tenant) -> None:
    made = sap.request(sap.customer(), {"Material": "P001", "RequestedQuantity": "1"})["DebitMemoRequest"]
    assert "has no price" in sap.bill(made).text


def test_a_closed_period_takes_no_posting(sap: Tenant) -> None:
    made = sap.request(sap.customer(), **OCTOBER)["DebitMemoRequest"]
    sap.sim("POST", "periods/close", {"period": "2026-10", "company": "1010"})
    assert said(sap.bill(made)) == (400, "F5/201")
    sap.sim("POST", "periods/open", {"period": "2026-10", "company": "1010"})
    assert sap.bill(made).status_code == 200


def test_the_pdf_is_one(sap: Tenant) -> None:
    number = sap.invoice("I-1")["BillingDocument"]
    answer = sap.client.get(f"{BILLS}GetPDF?BillingDocument='{number}'").json()["d"]["GetPDF"]
    assert base64.b64decode(answer["BillingDocumentBinary"]).startswith(b"%PDF-1.4")


def test_a_billing_plan_bills_what_is_due_and_free(sap: Tenant) -> None:
    def part(day: str, amount: str, block: str = "") -> Body:
        return {"BillingPlanBillingDate": on(day), "BillingPlanAmount": amount, "BillingBlockReason": block}

    parts = [part("2026-10-15", "300"), part("2026-10-20", "500", "02"), part("2026-12-31", "200")]
    row = item("1000") | {"to_BillingPlan": {"to_BillingPlanItem": {"results": parts}}}
    body = request_body(sap.customer(), row, kind="SalesOrder", **OCTOBER)
    order = sap.make(f"{ORDERS}A_SalesOrder", body)["SalesOrder"]
    (first,) = sap.billed(order, category="C")
    assert sap.document(first)["TotalNetAmount"] == "300.00"
    plan = sap.rows(f"{ORDERS}A_SlsOrderItemBillingPlanItem", filter=f"SalesOrder eq '{order}'")
    assert [one["BillingPlanRelatedBillgStatus"] for one in plan] == ["C", "A", "A"]
    key = f"SalesOrder='{order}',SalesOrderItem='10',BillingPlan='{plan[1]['BillingPlan']}',BillingPlanItem='20'"
    path = f"{ORDERS}A_SlsOrderItemBillingPlanItem({key})"
    assert sap.call("PATCH", path, {"BillingPlanMilestoneUsage": "01"}, headers=ANY).status_code == 400
    assert sap.call("PATCH", path, {"BillingBlockReason": ""}, headers=ANY).status_code == 204
    (second,) = sap.billed(order, category="C")
    assert sap.document(second)["TotalNetAmount"] == "500.00"
    assert sap.read(f"{ORDERS}A_SalesOrder('{order}')")["OverallOrdReltdBillgStatus"] == "B"


def test_what_was_billed_is_not_changed_nor_deleted(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    sap.billed(made)
    path = f"{DEBITS}A_DebitMemoRequestItem(DebitMemoRequest='{made}',DebitMemoRequestItem='10')"
    assert sap.call("PATCH", path, {"RequestedQuantity": "2"}, headers=ANY).status_code == 400
    assert sap.call("DELETE", f"{DEBITS}A_DebitMemoRequest('{made}')", headers=ANY).status_code == 400


def test_a_request_can_be_deleted_before_it_is_billed(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    assert sap.call("DELETE", f"{DEBITS}A_DebitMemoRequest('{made}')", headers=ANY).status_code == 204
    assert sap.rows(f"{DEBITS}A_DebitMemoRequestItem") == []


def test_billing_documents_are_read_only(sap: Tenant) -> None:
    number = sap.invoice("I-1")["BillingDocument"]
    path = f"{BILLS}A_BillingDocument('{number}')"
    assert sap.call("POST", f"{BILLS}A_BillingDocument", {}).status_code == 405
    assert sap.call("DELETE", path, headers=ANY).status_code == 405


def test_unposted_documents_have_no_accounting_document(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    (number,) = sap.billed(made, AutomPostingToAcctgIsDisabled=True)
    row = sap.document(number)
    assert (row["AccountingDocument"], row["AccountingPostingStatus"], row["InvoiceClearingStatus"]) == ("", "A", "")


def test_long_texts_stand_beside_head_and_items(sap: Tenant) -> None:
    text = {"Language": "EN", "LongTextID": "0001", "LongText": "What no 40 characters hold. " * 20}
    made = sap.request(sap.customer(), item(to_Text=[text]), to_Text={"results": [text]})
    (row,) = made["to_Item"]["results"]
    assert row["to_Text"]["results"][0]["LongText"] == text["LongText"] == made["to_Text"]["results"][0]["LongText"]


def test_a_document_named_twice_in_one_call_is_billed_not_at_all(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    assert "referenced twice" in sap.bill(made, made.zfill(10)).text
    assert sap.rows(f"{BILLS}A_BillingDocument") == []
