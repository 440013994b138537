"""invoice.posted, invoice.rejected, credit_memo.posted: their outcome is carried back to delivery and sales."""

from __future__ import annotations

from events.credit_memo_posted.v1 import CreditMemoPosted
from events.envelope import AnyEnvelope
from events.invoice_posted.v1 import InvoicePosted
from events.invoice_rejected.v1 import InvoiceRejected
from shared.domain.source import Applied
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts


@event_consumer(InvoicePosted, InvoiceRejected, CreditMemoPosted, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    """Of a credit memo the invoice it is against is shown anew; it is noted there after the memo is, so this may wait."""
    noted = getattr(event.data, "memo_id", None)
    if noted and noted not in ports.invoices.get(event.data.invoice_id).credit_memos:
        raise Transient("credit_not_noted_yet", invoice_id=event.data.invoice_id, memo_id=noted)
    return start_feedback(event.data.invoice_id, event, ports)


def start_feedback(invoice_id: str, event: AnyEnvelope, ports: Ports) -> Applied:
    """One saga per invoice and event: its name holds both ids, 73 characters.

    An invoice that ended before it was priced was never shown anywhere: there is nothing to carry back.
    """
    if ports.invoices.get(invoice_id).document_key is None:
        return Applied.NEW
    payload = {"invoice_id": invoice_id, "correlation_id": event.correlationid}
    started = ports.sagas.start("billing_status_feedback", f"{invoice_id}-{event.id}", payload)
    return Applied.NEW if started else Applied.DUPLICATE
