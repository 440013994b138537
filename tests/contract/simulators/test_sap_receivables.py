"""What becomes of a billing document: its payment, its credit, its cancellation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.simulators.sap_tenant import (
    BILLS,
    CREDITS,
    JOURNAL,
    OCTOBER,
    Body,
    Tenant,
    item,
    request_body,
    said,
)

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


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
