"""The payments feed on the simulator: part paid, paid, once, ours only."""

from __future__ import annotations

from decimal import Decimal

import pytest

from events.commands import PostInvoice
from functions.connectors.netsuite.commands import posting
from functions.connectors.netsuite.pull_payments import pull_payments
from shared.domain.invoice import BillingGroup, Invoice, InvoiceDocument, InvoiceStatus
from shared.faults import Throttled
from tests.contract.connectors.documents import STANDARD, as_json, document, line
from tests.contract.connectors.netsuite_ports import NetSuiteFakes
from tests.contract.connectors.test_netsuite_commands import ready
from tests.contract.simulators.netsuite_account import Account

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate


class OurInvoices:
    """Those the fabric knows."""

    def __init__(self) -> None:
        self.known: dict[str, Invoice] = {}

    def find(self, invoice_id: str) -> Invoice | None:
        return self.known.get(invoice_id)


def with_invoices(account: Account, count: int, **changes: object) -> tuple[NetSuiteFakes, list[InvoiceDocument]]:
    """Invoices of 119.00 each, posted and known."""
    ports = ready(account, **changes)
    ports.invoices = OurInvoices()  # type: ignore[assignment]
    documents = []
    for number in range(count):
        of_invoice = document([line("100.00", "EUR", STANDARD, None)])
        ports.documents.put(f"doc-{number}", as_json(of_invoice))
        posting.step(
            PostInvoice(invoice_id=of_invoice.invoice_id, legal_entity_id="DE", document_key=f"doc-{number}"), ports
        )
        group = BillingGroup("DE", of_invoice.customer_id, of_invoice.contract_id, "monthly", "EUR", None)
        ports.invoices.known[of_invoice.invoice_id] = Invoice(  # type: ignore[attr-defined]
            of_invoice.invoice_id, group, of_invoice.period_end, 1, InvoiceStatus.POSTED
        )
        documents.append(of_invoice)
    return ports, documents


def pay(account: Account, invoice_id: str, amount: str | None = None) -> None:
    body = {} if amount is None else {"payment": float(amount)}
    answer = account.record("POST", f"invoice/eid:{invoice_id}/!transform/customerPayment", body)
    assert answer.status_code == 204, answer.text


def drain(ports: NetSuiteFakes) -> int:
    pages = 1
    while pull_payments(ports):
        pages += 1
        assert pages < 50, "the feed does not end"
    return pages


def test_an_invoice_nobody_paid_says_nothing(netsuite: Account) -> None:
    ports, _ = with_invoices(netsuite, 1)
    drain(ports)
    assert not ports.outbox.events


def test_part_and_full_payment_are_told_in_order_and_once(netsuite: Account) -> None:
    ports, (of_invoice,) = with_invoices(netsuite, 1)
    pay(netsuite, of_invoice.invoice_id, "50.00")
    drain(ports)
    pay(netsuite, of_invoice.invoice_id)
    drain(ports)
    drain(ports)
    first, second = ports.outbox.of_type("invoice.paid")
    assert (first.data.state, first.data.paid.amount, first.data.open.amount) == ("part_paid", Decimal(50), Decimal(69))
    assert (second.data.state, second.data.paid.amount, second.data.open.amount) == ("paid", Decimal(119), Decimal(0))
    assert first.sequence < second.sequence
    assert first.subject == second.subject == of_invoice.invoice_id
    assert first.correlationid == of_invoice.contract_id and first.legalentity == "DE"
    assert first.data.erp_number and first.data.paid.currency == "EUR"


def test_pages_end_and_no_payment_is_missed_or_repeated(netsuite: Account) -> None:
    ports, documents = with_invoices(netsuite, 7, page_size=2)
    for of_invoice in documents:
        pay(netsuite, of_invoice.invoice_id)
    assert drain(ports) >= 4
    drain(ports)
    told = [event.subject for event in ports.outbox.of_type("invoice.paid")]
    assert sorted(told) == sorted(of_invoice.invoice_id for of_invoice in documents)
    assert ports.counts.totals.get("duplicates_received", 0) == 0


def test_invoices_of_others_are_left_alone(netsuite: Account) -> None:
    ports, _ = with_invoices(netsuite, 0)
    netsuite.customer()
    netsuite.invoice("INV-OTHERS")
    pay(netsuite, "INV-OTHERS")
    drain(ports)
    assert not ports.outbox.events


def test_a_throttled_read_moves_no_cursor(netsuite: Account) -> None:
    ports, _ = with_invoices(netsuite, 1)
    netsuite.plant("throttle", path="suiteql")
    with pytest.raises(Throttled):
        pull_payments(ports)
    assert not ports.cursors.cursors
