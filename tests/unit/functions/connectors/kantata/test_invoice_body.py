"""What of an invoice is shown in Kantata."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from events.commands import ReportInvoice
from functions.connectors.kantata.invoice_body import invoice_body, own_work
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceLine
from tests.contract.connectors.documents import OUTSIDE, document, line


def entry(id_: str, net: str, kind: str = "time_entry") -> InvoiceLine:
    return line(net, "USD", OUTSIDE, ExternalRef("kantata", kind, id_))


def report(**changes: Any) -> ReportInvoice:
    zero = Decimal(0)
    values: dict[str, Any] = {"invoice_id": "inv", "document_key": "d", "status": "posted", "currency": "USD"}
    return ReportInvoice(
        **(values | {"net": zero, "tax": zero, "gross": zero, "paid": zero, "number": "INV7"} | changes)
    )


def test_time_and_expenses_are_listed_by_their_ids_once() -> None:
    lines = [entry("9", "10"), entry("10", "5"), entry("9", "1"), entry("3", "7", "expense")]
    assert own_work(lines) == {"time_entry_ids": [9, 10], "expense_ids": [3]}


def test_an_entry_taken_back_on_the_same_invoice_is_not_listed() -> None:
    assert own_work([entry("9", "10"), entry("9", "-10"), entry("8", "-3"), entry("7", "1")]) == {"time_entry_ids": [7]}


def test_a_corrected_entry_is_listed() -> None:
    assert own_work([entry("9", "10"), entry("9", "-10"), entry("9", "15")]) == {"time_entry_ids": [9]}


def test_what_is_not_kantatas_own_is_one_item_in_main_units() -> None:
    lines = [entry("9", "10.00"), line("500.00", "USD", OUTSIDE, None, description="Instalment 1")]
    body = invoice_body(report(), document(lines, legal_entity="US"), "77")
    assert body is not None
    assert body["additional_items"] == [{"notes": "Instalment 1", "amount": Decimal("500.00")}]
    assert (body["workspace_id"], body["time_entry_ids"], body["payment_schedule"]) == (77, [9], 30)
    assert body["suppress_emails"] is True


def test_our_reference_rides_inside() -> None:
    of_invoice = document([entry("9", "10.00")], legal_entity="US")
    body = invoice_body(report(invoice_id=of_invoice.invoice_id), of_invoice, "77")
    assert body is not None
    reference = body["external_reference"]
    assert (reference["service_name"], reference["service_model_ref"]) == ("billweave", of_invoice.invoice_id)
    assert (reference["external_status"], reference["external_message"]) == ("posted", "INV7")


def test_an_invoice_that_only_takes_back_makes_nothing() -> None:
    assert invoice_body(report(), document([entry("9", "-10.00")], legal_entity="US"), "77") is None


def test_of_an_invoice_of_several_contracts_only_the_reported_ones_work_is_listed() -> None:
    mine, other = replace(entry("9", "10.00"), contract_id="c-1"), replace(entry("10", "5.00"), contract_id="c-2")
    shared = document([mine, other], legal_entity="US")
    body = invoice_body(report(invoice_id="report-2", contract_id="c-2"), shared, "78")
    assert body is not None
    assert (body["workspace_id"], body["time_entry_ids"]) == (78, [10])
    assert body["external_reference"]["service_model_ref"] == "report-2"
