"""invoice.paid: what the ERP says was paid is kept, newest word wins, and carried back."""

from __future__ import annotations

from dataclasses import replace

from events.envelope import AnyEnvelope
from events.invoice_paid.v1 import InvoicePaid
from functions.processes.billing_status_feedback.start import start_feedback
from functions.processes.from_events import money_of
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.source import Applied
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts

_BEFORE_POSTED = (InvoiceStatus.PRICED, InvoiceStatus.APPROVED, InvoiceStatus.SUBMITTED)


@event_consumer(InvoicePaid, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    paid: InvoicePaid = event.data
    invoice = ports.invoices.get(paid.invoice_id)
    if invoice.status in _BEFORE_POSTED:
        raise Transient("invoice_posting_not_recorded_yet", invoice_id=invoice.invoice_id)
    if event.sequence < invoice.erp_sequence:
        return Applied.STALE
    ports.invoices.update(
        invoice.invoice_id,
        lambda now: with_payment(now, paid, event.sequence),
        expected=[InvoiceStatus.POSTED, InvoiceStatus.PAID],
    )
    return start_feedback(invoice.invoice_id, event, ports)


def with_payment(invoice: Invoice, paid: InvoicePaid, sequence: int) -> Invoice:
    """Paid and posted go back and forth as the bank does: a bounced payment opens the invoice again."""
    if sequence <= invoice.erp_sequence:
        return invoice
    status = InvoiceStatus.PAID if paid.state == "paid" else InvoiceStatus.POSTED
    return replace(invoice, status=status, paid=money_of(paid.paid), erp_sequence=sequence)
