"""Step: priced -> submitted, with invoice.requested or credit_memo.requested in the same transaction."""

from __future__ import annotations

from dataclasses import replace

from events.credit_memo_requested.v1 import CreditMemoRequested
from events.envelope import AnyEnvelope
from events.invoice_requested.v1 import InvoiceRequested
from functions.processes.from_events import as_amount
from shared.domain.invoice import Invoice, InvoiceStatus, InvoiceTotals
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.accounting_periods import is_open
from shared.usecases.check_approver import check_not_submitter
from shared.usecases.invoice_life import advance


class SubmitInvoice(Input):
    invoice_id: str
    correlation_id: str
    approver: str | None = None


@process_step(SubmitInvoice, wire=AwsPorts.from_env)
def handler(command: SubmitInvoice, ports: Ports) -> dict[str, str]:
    invoice = ports.invoices.get(command.invoice_id)
    check_not_submitter(command.approver, invoice.submitter)

    def change(now: Invoice) -> Invoice:
        if now.status in (InvoiceStatus.SUBMITTED, InvoiceStatus.POSTED, InvoiceStatus.PAID):
            return now
        approved_at = ports.clock.now() if command.approver else None
        return replace(advance(now, InvoiceStatus.SUBMITTED), approver=command.approver, approved_at=approved_at)

    check_period(invoice, ports)
    expected = [InvoiceStatus.PRICED, InvoiceStatus.APPROVED]
    ports.invoices.update(invoice.invoice_id, change, expected=expected, events=[requested(invoice, command, ports)])
    return {"invoice_id": invoice.invoice_id}


def check_period(invoice: Invoice, ports: Ports) -> None:
    """The month may have been closed while the invoice waited for its approval."""
    if invoice.status not in (InvoiceStatus.PRICED, InvoiceStatus.APPROVED) or invoice.issued_on is None:
        return
    calendar = ports.accounting_calendars.of(invoice.group.legal_entity_id)
    if not is_open(calendar, invoice.issued_on):
        raise BusinessException(
            "posting_period_closed", invoice_id=invoice.invoice_id, issued_on=invoice.issued_on.isoformat()
        )


def requested(invoice: Invoice, command: SubmitInvoice, ports: Ports) -> AnyEnvelope:
    if invoice.totals is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id)
    return announce(
        memo_requested(invoice, invoice.totals, command)
        if invoice.credits
        else invoice_requested(invoice, invoice.totals),
        process="invoice",
        subject=invoice.invoice_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=command.correlation_id,
        legal_entity=invoice.group.legal_entity_id,
    )


def memo_requested(memo: Invoice, totals: InvoiceTotals, command: SubmitInvoice) -> CreditMemoRequested:
    return CreditMemoRequested(
        memo_id=memo.invoice_id,
        invoice_id=memo.credits or "",
        customer_id=memo.group.customer_id,
        contract_id=memo.group.contract_id,
        project_ids=memo.project_ids,
        reason=memo.reason or "",
        submitter=memo.submitter or "",
        approver=command.approver,
        items=memo.item_count,
        net=as_amount(totals.net),
        tax=as_amount(totals.tax),
        gross=as_amount(totals.gross),
    )


def invoice_requested(invoice: Invoice, totals: InvoiceTotals) -> InvoiceRequested:
    return InvoiceRequested(
        invoice_id=invoice.invoice_id,
        customer_id=invoice.group.customer_id,
        contract_id=invoice.group.contract_id,
        project_ids=invoice.project_ids,
        period_end=invoice.period_end,
        items=invoice.item_count,
        net=as_amount(totals.net),
        tax=as_amount(totals.tax),
        gross=as_amount(totals.gross),
    )
