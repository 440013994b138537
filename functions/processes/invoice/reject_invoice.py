"""Step: the invoice or credit memo will not be posted. It ends; its work is open again, nothing is taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from events.credit_memo_rejected.v1 import CreditMemoRejected
from events.envelope import AnyEnvelope
from events.invoice_rejected.v1 import InvoiceRejected
from functions.processes.crediting import take_back
from functions.processes.open_exception import fault_in
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.invoice_life import advance


class RejectInvoice(Input):
    invoice_id: str
    correlation_id: str
    error: dict[str, Any] = Field(default_factory=dict)


@process_step(RejectInvoice, wire=AwsPorts.from_env)
def handler(command: RejectInvoice, ports: Ports) -> dict[str, int | str]:
    """The end is written before the claims are released: a crash in between leaves work claimed, never billed twice."""
    invoice = ports.invoices.get(command.invoice_id)
    code, facts = fault_in(command.error) if command.error else ("cancelled", {})

    def change(now: Invoice) -> Invoice:
        if now.status in (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED):
            return now
        return replace(advance(now, InvoiceStatus.REJECTED), rejected_by=code)

    expected = [InvoiceStatus.SEALED, InvoiceStatus.PRICED, InvoiceStatus.APPROVED, InvoiceStatus.SUBMITTED]
    event = rejection(invoice, code, facts.get("message", code), command, ports)
    ports.invoices.update(invoice.invoice_id, change, expected=expected, events=[event])
    released = take_back(invoice, ports) if invoice.credits else ports.wip.release(invoice.invoice_id)
    return {"invoice_id": invoice.invoice_id, "released": released}


def rejection(invoice: Invoice, code: str, reason: str, command: RejectInvoice, ports: Ports) -> AnyEnvelope:
    return announce(
        memo_rejected(invoice, code, reason) if invoice.credits else invoice_rejected(invoice, code, reason),
        process="invoice",
        subject=invoice.invoice_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=command.correlation_id,
        legal_entity=invoice.group.legal_entity_id,
    )


def invoice_rejected(invoice: Invoice, code: str, reason: str) -> InvoiceRejected:
    return InvoiceRejected(
        invoice_id=invoice.invoice_id,
        customer_id=invoice.group.customer_id,
        contract_id=invoice.group.contract_id,
        project_ids=invoice.project_ids,
        code=code,
        reason=reason,
    )


def memo_rejected(memo: Invoice, code: str, why: str) -> CreditMemoRejected:
    return CreditMemoRejected(
        memo_id=memo.invoice_id,
        invoice_id=memo.credits or "",
        customer_id=memo.group.customer_id,
        contract_id=memo.group.contract_id,
        project_ids=memo.project_ids,
        code=code,
        why=why,
    )
