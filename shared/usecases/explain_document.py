"""What became of a line on its document: tax, invoice, release, credit, the number in the ERP."""

from __future__ import annotations

from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceLine
from shared.usecases.explain_reason import Reason, plain, ref_facts


def credit_of(document: InvoiceDocument, memo: Invoice) -> Reason:
    by = f", asked by {memo.submitter}" if memo.submitter else ""
    yes = f", approved by {memo.approver}" if memo.approver else ""
    return Reason(
        "credit",
        f"given back of invoice {document.credits}: {document.reason or 'no reason kept'}{by}{yes}",
        {
            "invoice_id": document.credits or "",
            "reason": document.reason or "",
            "submitter": memo.submitter or "",
            "approver": memo.approver or "",
        },
    )


def tax_of(line: InvoiceLine, document: InvoiceDocument) -> Reason:
    tax = line.tax
    group = next(
        each for each in document.totals.breakdown if (each.tax.category, each.tax.rate) == (tax.category, tax.rate)
    )
    why = f", {tax.reason}" if tax.reason else ""
    words = (
        f"category {tax.category.value} at {plain(tax.rate)} %{why}: {plain(group.amount.amount)} on "
        f"{plain(group.taxable.amount)} {group.taxable.currency}, the sum of all lines so taxed"
    )
    facts = {"rule": tax.rule, "category": tax.category.value, "rate": plain(tax.rate)}
    return Reason("tax", words, facts | ({"code": tax.code} if tax.code else {}))


def invoice_of(line: InvoiceLine, document: InvoiceDocument, invoice: Invoice) -> Reason:
    totals = document.totals
    words = (
        f"line {line.line_id} of {len(document.lines)}, issued {document.issued_on.isoformat()}, due "
        f"{document.due_on.isoformat()}: net {plain(totals.net.amount)}, tax {plain(totals.tax.amount)}, gross "
        f"{plain(totals.gross.amount)} {document.currency}"
    )
    if invoice.approver:
        words += f"; approved by {invoice.approver}"
        words += f" at {invoice.approved_at.isoformat()}" if invoice.approved_at else ""
    facts = {"invoice_id": invoice.invoice_id, "status": invoice.status.value, "approver": invoice.approver or ""}
    facts |= {"approved_at": invoice.approved_at.isoformat() if invoice.approved_at else ""}
    facts |= {"submitter": invoice.submitter or "", "document_key": invoice.document_key or ""}
    return Reason("invoice", words, facts)


def release(invoice: Invoice) -> list[Reason]:
    """People who stand for the document, where there are any: who asked for it and who let it go."""
    if not (invoice.approver or invoice.submitter):
        return []
    asked = f"asked for by {invoice.submitter}" if invoice.submitter else ""
    let = f"approved for posting by {invoice.approver}" if invoice.approver else ""
    why = f": {invoice.reason}" if invoice.reason else ""
    facts = {"approver": invoice.approver or "", "submitter": invoice.submitter or "", "reason": invoice.reason or ""}
    return [Reason("release", ", ".join(part for part in (asked, let) if part) + why, facts)]


def erp_of(invoice: Invoice, ref: ExternalRef) -> Reason:
    gross = plain(invoice.erp_gross.amount) if invoice.erp_gross else ""
    at = invoice.posted_at.isoformat() if invoice.posted_at else ""
    return Reason(
        "erp",
        f"posted as {invoice.erp_number or ref.id}{f' at {at}' if at else ''}{f', gross {gross}' if gross else ''}",
        ref_facts("erp", ref) | {"number": invoice.erp_number or "", "posted_at": at},
    )
