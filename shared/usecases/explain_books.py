"""The last steps of an explanation: tax, the document, the people who let it go, the ERP."""

from __future__ import annotations

from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine
from shared.usecases.reason import Reason, plain, ref_facts


def to_the_books(line: InvoiceLine, document: InvoiceDocument, invoice: Invoice) -> list[Reason]:
    reasons = [_tax(line, document), _invoice(line, document, invoice)]
    if invoice.approver or invoice.submitter:
        reasons.append(_release(invoice))
    if invoice.erp_ref:
        reasons.append(_erp(invoice, invoice.erp_ref))
    return reasons


def _release(invoice: Invoice) -> Reason:
    """People who stand for the document: who asked for it and who let it go."""
    asked = f"asked for by {invoice.submitter}" if invoice.submitter else ""
    let = f"approved for posting by {invoice.approver}" if invoice.approver else ""
    why = f": {invoice.reason}" if invoice.reason else ""
    facts = {"approver": invoice.approver or "", "submitter": invoice.submitter or "", "reason": invoice.reason or ""}
    return Reason("release", ", ".join(part for part in (asked, let) if part) + why, facts)


def _tax(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    tax = line.tax
    group = next(
        each for each in document.totals.breakdown if (each.tax.category, each.tax.rate) == (tax.category, tax.rate)
    )
    why = f", {tax.reason}" if tax.reason else ""
    words = (
        f"category {tax.category.value} at {plain(tax.rate)} %{why}: {plain(group.amount.amount)} on "
        f"{plain(group.taxable.amount)} {group.taxable.currency}, the sum of all lines so taxed"
    )
    return Reason("tax", words, {"rule": tax.rule, "category": tax.category.value, "rate": plain(tax.rate)})


def _invoice(line: InvoiceLine, document: InvoiceDocument, invoice: Invoice) -> Reason:
    totals = document.totals
    words = (
        f"line {line.line_id} of {len(document.lines)}, issued {document.issued_on.isoformat()}, due "
        f"{document.due_on.isoformat()}: net {plain(totals.net.amount)}, tax {plain(totals.tax.amount)}, gross "
        f"{plain(totals.gross.amount)} {document.currency}"
    )
    facts = {"invoice_id": invoice.invoice_id, "status": invoice.status.value, "approver": invoice.approver or ""}
    return Reason("invoice", words, facts | {"document_key": invoice.document_key or ""})


def _erp(invoice: Invoice, ref: ExternalRef) -> Reason:
    gross = plain(invoice.erp_gross.amount) if invoice.erp_gross else ""
    at = invoice.posted_at.isoformat() if invoice.posted_at else ""
    return Reason(
        "erp",
        f"posted as {invoice.erp_number or ref.id}{f' at {at}' if at else ''}{f', gross {gross}' if gross else ''}",
        ref_facts("erp", ref) | {"number": invoice.erp_number or "", "posted_at": at},
    )
