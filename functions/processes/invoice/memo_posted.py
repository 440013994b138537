"""A posted credit memo: what its invoice has open from now on, and what of it the ERP could not set against it."""

from __future__ import annotations

from dataclasses import replace

from events.commands import PostInvoiceResult
from events.credit_memo_posted.v1 import CreditMemoPosted
from events.envelope import AnyEnvelope
from events.values import Amount
from functions.processes.from_events import as_amount
from shared.domain.invoice import Invoice, InvoiceStatus, InvoiceTotals
from shared.domain.money import Money
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.trouble import raise_trouble
from shared.usecases.priced_shares import credited_shares

UNAPPLIED = "credit_unapplied"
BOOKED = (InvoiceStatus.POSTED, InvoiceStatus.PAID)


def memo_posting(
    memo: Invoice, posted: PostInvoiceResult, totals: InvoiceTotals, correlation_id: str, ports: Ports
) -> AnyEnvelope:
    applied = applied_of(posted)
    return announce(
        CreditMemoPosted(
            memo_id=memo.invoice_id,
            invoice_id=memo.credits or "",
            customer_id=memo.group.customer_id,
            contract_id=memo.group.contract_id,
            project_ids=memo.project_ids,
            erp_ref=posted.ref,
            erp_number=posted.number,
            net=as_amount(totals.net),
            tax=as_amount(totals.tax),
            gross=as_amount(totals.gross),
            erp_gross=Amount(amount=posted.gross, currency=posted.currency),
            applied=as_amount(applied) if applied else None,
            issued_on=memo.issued_on or posted.issued_on,
        ),
        process="invoice",
        subject=memo.invoice_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=correlation_id,
        legal_entity=memo.group.legal_entity_id,
    )


def applied_of(posted: PostInvoiceResult) -> Money | None:
    """None where the ERP does not say."""
    applied = getattr(posted, "applied", None)
    return None if applied is None else Money(applied, posted.currency)


def note_on_invoice(memo: Invoice, posted: PostInvoiceResult, totals: InvoiceTotals, ports: Ports) -> None:
    """Counted once per memo, however often it is told. Nothing else of the invoice changes."""

    def change(now: Invoice) -> Invoice:
        if memo.invoice_id in now.credit_memos:
            return now
        zero = Money.zero(now.group.currency)
        return replace(
            now,
            credited=(now.credited or zero) + totals.gross,
            credit_applied=(now.credit_applied or zero) + (applied_of(posted) or totals.gross),
            credit_memos=(*now.credit_memos, memo.invoice_id),
            shares=credited_shares(now, memo),
        )

    ports.invoices.update(memo.credits or "", change, expected=BOOKED)


def tell_unapplied(memo: Invoice, posted: PostInvoiceResult, correlation_id: str, ports: Ports) -> None:
    """The invoice was paid before: the customer has the rest to his credit until somebody refunds or uses it."""
    applied = applied_of(posted)
    if applied is None or applied.amount >= posted.gross:
        return
    raise_trouble(
        ports,
        UNAPPLIED,
        memo.invoice_id,
        legal_entity_id=memo.group.legal_entity_id,
        correlation_id=correlation_id,
        facts={
            "number": posted.number,
            "credits": memo.credits or "",
            "gross": f"{posted.gross} {posted.currency}",
            "applied": f"{applied.amount} {applied.currency}",
        },
    )
