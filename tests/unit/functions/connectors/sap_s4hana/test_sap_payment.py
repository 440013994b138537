"""A billing document of the payments feed: ours or not, how much, in which order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.invoice_paid.v1 import InvoicePaid
from functions.connectors.sap_s4hana.odata import day
from functions.connectors.sap_s4hana.payment import is_settled, is_touched, our_id, paid_event
from functions.connectors.sap_s4hana.posted import posted, standing_of
from shared.domain.identity import derived_id
from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus
from shared.faults import BusinessException, Poison
from tests.contract.connectors.documents import STANDARD, document, line

OURS = derived_id("invoice", "1")
INVOICE = Invoice(
    OURS, BillingGroup("DE", "c", "k", "monthly", "EUR", None), date(2026, 10, 31), 1, InvoiceStatus.POSTED
)
BILL: dict[str, Any] = {
    "BillingDocument": "0090000001",
    "BillingDocumentDate": day(date(2026, 10, 31)),
    "BillingDocumentIsCancelled": False,
    "CancelledBillingDocument": "",
    "InvoiceClearingStatus": "B",
    "PurchaseOrderByCustomer": OURS.replace("-", ""),
    "TotalNetAmount": "100.000",
    "TaxAmount": "19.000",
    "TotalGrossAmount": "119.000",
    "TransactionCurrency": "EUR",
}


def item(amount: str, on: date = date(2026, 11, 5)) -> dict[str, str]:
    return {"AmountInTransactionCurrency": amount, "PostingDate": day(on)}


def told(bill: dict[str, Any], *items: dict[str, str]) -> tuple[InvoicePaid, int, str]:
    event = paid_event(bill, items, INVOICE)
    assert isinstance(event.data, InvoicePaid)
    return event.data, event.sequence, event.id


def test_a_part_is_what_the_journal_has_and_comes_before_the_rest() -> None:
    part, first, one = told(BILL, item("119.00"), item("-19.00"))
    whole, second, other = told(BILL | {"InvoiceClearingStatus": "C"}, item("119.00"), item("-19.00"), item("-100.00"))
    assert (part.state, part.paid.amount, part.open.amount) == ("part_paid", Decimal("19.00"), Decimal("100.00"))
    assert (whole.state, whole.paid.amount, whole.open.amount) == ("paid", Decimal("119.00"), Decimal(0))
    assert first < second and one != other
    assert (part.erp_number, part.seen_on) == ("90000001", date(2026, 11, 5))


def test_cleared_is_cleared_though_no_item_names_the_invoice() -> None:
    data, _, _ = told(BILL | {"InvoiceClearingStatus": "C"}, item("119.00"))
    assert (data.state, data.paid.amount) == ("paid", Decimal("119.00"))


def test_the_same_state_is_the_same_event() -> None:
    items = (item("119.00"), item("-19.00"))
    assert told(BILL, *items)[2] == told(dict(BILL), *items)[2]


@pytest.mark.parametrize("items", [(), ({"PostingDate": day(date(2026, 11, 5))},), (item("much"),)])
def test_items_that_say_no_amount_are_poison(items: tuple[dict[str, str], ...]) -> None:
    with pytest.raises(Poison):
        paid_event(BILL, items, INVOICE)


@pytest.mark.parametrize("text", ["", "PO-77", "x" * 32, "8f1a7c0e52a44d0b9d630b6f5f3f2b11", OURS])
def test_what_others_write_as_purchase_order_is_not_ours(text: str) -> None:
    assert our_id({"PurchaseOrderByCustomer": text}) is None


def test_our_reference_reads_as_our_id() -> None:
    assert our_id(BILL) == OURS


@pytest.mark.parametrize(
    ("changes", "touched", "settled"),
    [
        ({"InvoiceClearingStatus": "A"}, False, False),
        ({"InvoiceClearingStatus": ""}, False, False),
        ({"InvoiceClearingStatus": "B"}, True, False),
        ({"InvoiceClearingStatus": "C"}, True, True),
        ({"InvoiceClearingStatus": "C", "BillingDocumentIsCancelled": True}, False, True),
        ({"InvoiceClearingStatus": "C", "CancelledBillingDocument": "90000002"}, False, True),
    ],
)
def test_a_cancelled_invoice_is_settled_and_not_paid(changes: dict[str, Any], touched: bool, settled: bool) -> None:
    row = BILL | changes
    assert (is_touched(row), is_settled(row)) == (touched, settled)


def test_of_several_billing_documents_the_living_one_counts() -> None:
    of = document([line("100.00", "EUR", STANDARD, None)])
    dead, reversal = BILL | {"BillingDocumentIsCancelled": True}, BILL | {"CancelledBillingDocument": "90000001"}
    assert standing_of([], of) is None
    assert standing_of([dead, reversal, BILL], of) == BILL
    for rows, code in (([dead, reversal], "erp_invoice_dead"), ([BILL, dict(BILL)], "erp_invoice_split")):
        with pytest.raises(BusinessException) as refused:
            standing_of(rows, of)
        assert refused.value.code == code


def test_totals_are_saps_to_the_currencys_unit() -> None:
    result = posted(BILL | {"TransactionCurrency": "JPY", "TotalGrossAmount": "119.000"})
    assert (str(result.gross), result.issued_on, result.due_on) == ("119", date(2026, 10, 31), None)


@pytest.mark.parametrize("name", ["TotalNetAmount", "TaxAmount", "TotalGrossAmount", "BillingDocumentDate"])
def test_a_billing_document_without_a_total_or_a_date_is_poison(name: str) -> None:
    with pytest.raises(Poison):
        posted({key: value for key, value in BILL.items() if key != name})
