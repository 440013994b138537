"""From a priced request to a billing document, its payment, its credit and its cancellation."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.simulators.sap_tenant import (
    BILLS,
    CREDITS,
    DEBITS,
    JOURNAL,
    ORDERS,
    PARTNERS,
    Body,
    Tenant,
    customer_body,
    item,
    on,
    request_body,
    said,
)

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate
ANY = {"If-Match": "*"}
OCTOBER = {"BillingDocumentDate": on("2026-10-31")}


def credit_body(customer: str, invoice: str, *items: Body, **head: Any) -> Body:
    body = request_body(customer, *items, kind="CreditMemoRequest", ReferenceSDDocument=invoice, **OCTOBER)
    return body | head


def receivables(sap: Tenant) -> list[tuple[str, str]]:
    """(invoice named, amount) of customers' items, oldest first."""
    rows = sap.rows(f"{JOURNAL}A_OperationalAcctgDocItemCube", filter="FinancialAccountType eq 'D'")
    return [(row["InvoiceReference"], row["AmountInTransactionCurrency"]) for row in rows]


def cancel(sap: Tenant, number: str) -> Body:
    answer = sap.call("POST", f"{BILLS}Cancel?BillingDocument='{number}'")
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["d"]["results"]
    return dict(row)


@pytest.mark.parametrize(
    ("rate", "per", "quantity", "net"),
    [
        ("100", "1", "1.5", "150.00"),
        ("10", "3", "1", "3.33"),
        ("0.005", "1", "1", "0.01"),
        ("-20.004", "1", "1", "-20.00"),
    ],
)
def test_net_is_quantity_times_rate_per_quantity(sap: Tenant, rate: str, per: str, quantity: str, net: str) -> None:
    price = {"ConditionType": "PPR0", "ConditionRateValue": rate, "ConditionQuantity": per}
    row = item(quantity=quantity) | {"to_PricingElement": {"results": [price]}}
    made = sap.request(sap.customer(), row)
    assert made["TotalNetAmount"] == net
    assert made["to_Item"]["results"][0]["to_PricingElement"]["results"][0]["ConditionAmount"] == net


def test_many_may_be_made_under_one_purchase_order(sap: Tenant) -> None:
    customer = sap.customer()
    numbers = {sap.request(customer, PurchaseOrderByCustomer="INV-1")["DebitMemoRequest"] for _ in range(2)}
    found = sap.rows(f"{DEBITS}A_DebitMemoRequest", filter="PurchaseOrderByCustomer eq 'INV-1'")
    assert {row["DebitMemoRequest"] for row in found} == numbers and len(numbers) == 2


def test_a_purchase_order_of_36_characters_is_too_long(sap: Tenant) -> None:
    answer = sap.call(
        "POST", f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer(), PurchaseOrderByCustomer="x" * 36)
    )
    assert answer.status_code == 400


def test_tax_follows_from_where_the_parties_are(sap: Tenant) -> None:
    at_home = sap.customer("DE")
    in_the_union = sap.customer(
        "FR",
        to_BusinessPartnerAddress=[{"Country": "FR"}],
        to_BusinessPartnerTax=[{"BPTaxType": "FR0", "BPTaxNumber": "FR40303265045"}],
    )
    outside = sap.customer("CH", to_BusinessPartnerAddress=[{"Country": "CH"}])
    found = [sap.invoice(f"I-{one}", customer=one)["TaxAmount"] for one in (at_home, in_the_union, outside)]
    assert found == ["19.00", "0.00", "0.00"]


def test_a_classification_given_decides_over_countries(sap: Tenant) -> None:
    free = sap.invoice("I-1", CustomerTaxClassification1="0")
    reduced = sap.invoice("I-2", item(ProductTaxClassification1="2"), customer=free["SoldToParty"])
    assert (free["TaxAmount"], reduced["TaxAmount"]) == ("0.00", "7.00")


def test_a_sales_areas_classification_counts(sap: Tenant) -> None:
    tax = {"DepartureCountry": "DE", "CustomerTaxCategory": "TTX1", "CustomerTaxClassification": "0"}
    body = customer_body("T-1")
    body["to_Customer"]["to_CustomerSalesArea"][0]["to_SalesAreaTax"] = [tax]
    number = sap.make(f"{PARTNERS}A_BusinessPartner", body)["BusinessPartner"]
    assert sap.invoice("I-1", customer=number)["TaxAmount"] == "0.00"


def test_tax_is_on_the_sum_or_per_item_as_the_tenant_rounds(sap: Tenant) -> None:
    customer, lines = sap.customer(), [item("0.13")] * 10
    on_sum = sap.invoice("I-1", *lines, customer=customer)
    sap.choose(tax_rounding="item")
    per_item = sap.invoice("I-2", *lines, customer=customer)
    assert (on_sum["TaxAmount"], per_item["TaxAmount"]) == ("0.25", "0.20")


def test_items_carry_their_tax_as_a_pricing_element(sap: Tenant) -> None:
    number = sap.invoice("I-1", item("200"))["BillingDocument"]
    (row,) = sap.rows(f"{BILLS}A_BillingDocument('{number}')/to_Item", expand="to_PricingElement")
    tax = next(one for one in row["to_PricingElement"]["results"] if one["ConditionType"] == "TTX1")
    assert (tax["ConditionRateValue"], tax["ConditionAmount"], tax["TaxCode"]) == ("19.000000000", "38.00", "A1")


def test_tax_cannot_be_given_as_a_condition(sap: Tenant) -> None:
    row = item() | {"to_PricingElement": [{"ConditionType": "TTX1", "ConditionRateValue": "19"}]}
    assert said(sap.call("POST", f"{DEBITS}A_DebitMemoRequest", request_body(sap.customer(), row)))[1] == "VK/001"


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


def test_payments_move_the_clearing_status_and_not_the_stamp(sap: Tenant) -> None:
    invoice = sap.invoice("I-1")
    number = invoice["BillingDocument"]
    assert invoice["InvoiceClearingStatus"] == "A"
    sap.sim("POST", "payments", {"billing_document": number, "amount": "19"})
    part = sap.document(number)
    paid = sap.sim("POST", "payments", {"reference": "I-1"}).json()
    whole = sap.document(number)
    assert [part["InvoiceClearingStatus"], whole["InvoiceClearingStatus"], paid["open"]] == ["B", "C", "0"]
    assert whole["LastChangeDateTime"] == invoice["LastChangeDateTime"]
    entry = invoice["AccountingDocument"]
    assert receivables(sap) == [("", "119.00"), (entry, "-19.00"), (entry, "-100.00")]


def test_more_than_is_open_cannot_be_paid(sap: Tenant) -> None:
    number = sap.invoice("I-1")["BillingDocument"]
    assert sap.sim("POST", "payments", {"billing_document": number, "amount": "119.01"}).status_code == 400


def test_a_credit_memo_is_set_against_the_invoice_it_names(sap: Tenant) -> None:
    customer = sap.customer()
    invoice = sap.invoice("I-1", customer=customer)
    made = sap.make(f"{CREDITS}A_CreditMemoRequest", credit_body(customer, invoice["BillingDocument"], item("40")))
    (memo,) = sap.billed(made["CreditMemoRequest"], category="K")
    row = sap.document(memo)
    assert (row["BillingDocumentType"], row["TotalGrossAmount"]) == ("G2", "47.60")
    assert sap.document(invoice["BillingDocument"])["InvoiceClearingStatus"] == "B"
    assert receivables(sap)[1] == (invoice["AccountingDocument"], "-47.60")


def test_a_credit_memo_without_items_takes_the_invoices(sap: Tenant) -> None:
    customer = sap.customer()
    number = sap.invoice("I-1", item("40"), item("60"), customer=customer)["BillingDocument"]
    body = credit_body(customer, number)
    del body["to_Item"]
    made = sap.make(f"{CREDITS}A_CreditMemoRequest", body)
    sap.billed(made["CreditMemoRequest"], category="K")
    assert made["TotalNetAmount"] == "100.00" and sap.document(number)["InvoiceClearingStatus"] == "C"


def test_a_credit_memo_against_nothing_is_refused(sap: Tenant) -> None:
    answer = sap.call("POST", f"{CREDITS}A_CreditMemoRequest", credit_body(sap.customer(), "99999999", item()))
    assert said(answer) == (400, "V1/044")


def test_an_approval_is_waited_for(sap: Tenant) -> None:
    sap.choose(approval_for=["CR"])
    customer = sap.customer()
    number = sap.invoice("I-1", customer=customer)["BillingDocument"]
    made = sap.make(f"{CREDITS}A_CreditMemoRequest", credit_body(customer, number, item("5")))["CreditMemoRequest"]
    assert "not approved" in sap.bill(made, category="K").text
    assert sap.call("POST", f"{CREDITS}releaseApprovalRequest?CreditMemoRequest='{made}'").status_code == 200
    assert sap.bill(made, category="K").status_code == 200


def test_cancelling_makes_a_document_and_frees_the_source(sap: Tenant) -> None:
    made = sap.request(sap.customer(), PurchaseOrderByCustomer="I-1", **OCTOBER)["DebitMemoRequest"]
    (number,) = sap.billed(made)
    row = cancel(sap, number)
    reversal = sap.document(row["CancellationBillingDocument"])
    assert (row["SystemMessageType"], reversal["BillingDocumentType"]) == ("S", "S1")
    assert (reversal["CancelledBillingDocument"], reversal["TotalGrossAmount"]) == (number, "119.00")
    original = sap.document(number)
    assert original["BillingDocumentIsCancelled"] and original["InvoiceClearingStatus"] == "C"
    assert sum(Decimal(amount) for _, amount in receivables(sap)) == 0
    assert len(sap.billed(made)) == 1


def test_a_refused_cancellation_is_a_200_with_an_error_row(sap: Tenant) -> None:
    number = sap.invoice("I-1")["BillingDocument"]
    assert cancel(sap, number)["SystemMessageType"] == "S"
    again = cancel(sap, number)
    assert (again["SystemMessageType"], again["CancellationBillingDocument"]) == ("E", "")
    paid = sap.invoice("I-2", customer=sap.customer("C-2"))["BillingDocument"]
    sap.sim("POST", "payments", {"billing_document": paid})
    assert cancel(sap, paid)["SystemMessageType"] == "E"
    sap.plant("cancel_refused", path="Cancel", text="Locked by another process")
    assert cancel(sap, paid)["SystemMessageText"] == "Locked by another process"


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


def test_prices_are_given_with_their_item_and_changed_later(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    (price,) = sap.rows(f"{DEBITS}A_DebitMemoReqItemPrcgElmnt")
    body = {"DebitMemoRequest": made, "DebitMemoRequestItem": "10", "ConditionType": "PMP0"}
    assert sap.call("POST", f"{DEBITS}A_DebitMemoReqItemPrcgElmnt", body).status_code == 405
    change = {"ConditionRateValue": "70.50"}
    assert sap.call("PATCH", price["__metadata"]["uri"], change, headers=ANY).status_code == 204
    assert sap.read(f"{DEBITS}A_DebitMemoRequest('{made}')")["TotalNetAmount"] == "70.50"


def test_a_document_named_twice_in_one_call_is_billed_not_at_all(sap: Tenant) -> None:
    made = sap.request(sap.customer())["DebitMemoRequest"]
    assert "referenced twice" in sap.bill(made, made.zfill(10)).text
    assert sap.rows(f"{BILLS}A_BillingDocument") == []
