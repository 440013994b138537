"""Step: submitted -> posted, with invoice.posted or credit_memo.posted; where the ERP's totals are not ours, an exception says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from events.commands import PostCreditMemoResult, PostInvoiceResult
from events.envelope import AnyEnvelope
from events.invoice_posted.v1 import InvoicePosted
from events.values import Amount
from functions.processes.from_events import as_amount, ref_of
from functions.processes.invoice.memo_posted import applied_of, memo_posting, note_on_invoice, tell_unapplied
from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceStatus, InvoiceTotals
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.runtime.wiring import AwsPorts
from shared.usecases.invoice_life import advance
from shared.usecases.invoice_of_id import number_kind

DISAGREEMENT = "amount_disagreement"


class RecordPosted(Input):
    invoice_id: str
    correlation_id: str
    posted: Annotated[PostCreditMemoResult | PostInvoiceResult, Field(union_mode="left_to_right")]


@process_step(RecordPosted, wire=AwsPorts.from_env)
def handler(command: RecordPosted, ports: Ports) -> dict[str, str]:
    invoice, posted = ports.invoices.get(command.invoice_id), command.posted
    ref = ref_of(posted.ref)
    ports.references.link(ref, invoice.invoice_id)
    kind = number_kind(invoice.group.legal_entity_id)
    ports.references.link(ExternalRef(ref.system, kind, posted.number), invoice.invoice_id)
    totals = priced_totals(invoice)
    update(invoice, command, totals, ports)
    compare(invoice, totals, command, ports)
    if invoice.credits:
        note_on_invoice(invoice, posted, totals, ports)
        tell_unapplied(invoice, posted, command.correlation_id, ports)
    return {"invoice_id": invoice.invoice_id, "number": posted.number}


def priced_totals(invoice: Invoice) -> InvoiceTotals:
    if invoice.totals is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id)
    return invoice.totals


def update(invoice: Invoice, command: RecordPosted, totals: InvoiceTotals, ports: Ports) -> None:
    posted, now = command.posted, ports.clock.now()

    def change(current: Invoice) -> Invoice:
        if current.status in (InvoiceStatus.POSTED, InvoiceStatus.PAID):
            return current
        return replace(
            advance(current, InvoiceStatus.POSTED),
            erp_ref=ref_of(posted.ref),
            erp_number=posted.number,
            erp_gross=Money(posted.gross, posted.currency),
            posted_at=now,
            paid=applied_of(posted) if current.credits else current.paid,
        )

    event = posting(invoice, command, totals, ports)
    ports.invoices.update(invoice.invoice_id, change, expected=[InvoiceStatus.SUBMITTED], events=[event])


def posting(invoice: Invoice, command: RecordPosted, totals: InvoiceTotals, ports: Ports) -> AnyEnvelope:
    posted = command.posted
    if invoice.credits:
        return memo_posting(invoice, posted, totals, command.correlation_id, ports)
    return announce(
        InvoicePosted(
            invoice_id=invoice.invoice_id,
            customer_id=invoice.group.customer_id,
            contract_id=invoice.group.contract_id,
            project_ids=invoice.project_ids,
            erp_ref=posted.ref,
            erp_number=posted.number,
            net=as_amount(totals.net),
            tax=as_amount(totals.tax),
            gross=as_amount(totals.gross),
            erp_gross=Amount(amount=posted.gross, currency=posted.currency),
            issued_on=invoice.issued_on or posted.issued_on,
            due_on=invoice.due_on or posted.due_on or posted.issued_on,
        ),
        process="invoice",
        subject=invoice.invoice_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=command.correlation_id,
        legal_entity=invoice.group.legal_entity_id,
    )


def compare(invoice: Invoice, totals: InvoiceTotals, command: RecordPosted, ports: Ports) -> None:
    """The invoice stays posted, the books are the ERP's; finance operations decide about the difference."""
    types = [policy.type for policy in ports.policies.current().exceptions if policy.type != DISAGREEMENT]
    close_trouble(ports, invoice.invoice_id, types)
    posted = command.posted
    ours = (totals.net.amount, totals.tax.amount, totals.gross.amount, totals.gross.currency)
    if ours == (posted.net, posted.tax, posted.gross, posted.currency):
        return
    raise_trouble(
        ports,
        DISAGREEMENT,
        invoice.invoice_id,
        legal_entity_id=invoice.group.legal_entity_id,
        correlation_id=command.correlation_id,
        facts={
            "number": posted.number,
            "ours": f"net {ours[0]} tax {ours[1]} gross {ours[2]} {ours[3]}",
            "erp": f"net {posted.net} tax {posted.tax} gross {posted.gross} {posted.currency}",
        },
    )
