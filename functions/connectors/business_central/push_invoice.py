"""PostInvoice: the invoice stands in the legal entity's books once, under our invoice id, with our totals."""

from __future__ import annotations

from events.commands import PostInvoice, PostInvoiceResult
from functions.connectors.business_central.books import LANE, Books, refuse_undone
from functions.connectors.business_central.mapping import invoice_body, posted
from functions.connectors.business_central.ports import BusinessCentralPorts
from shared.adapters.invoice_document import read_document
from shared.faults import BusinessException, Duplicate

KIND = "salesInvoices"


def post_invoice(command: PostInvoice, ports: BusinessCentralPorts) -> PostInvoiceResult:
    """The ERP's totals, read back. Raises Duplicate with the first result when it stood already.

    Raises BusinessException("amount_disagreement") when Business Central reckons other totals, before anything is
    posted or when it stands there so, and ("erp_invoice_dead") when it was cancelled there.
    """
    document = read_document(ports.documents.get(command.document_key))
    books = Books(KIND, document, ports)
    with ports.tenant.slot(LANE):
        before = books.standing_before()
        if before.posted is None:
            row = books.enter(before.drafts, lambda: invoice_body(document, ports.erp))
            return posted(row, "invoice", "invoiceDate")
    refuse_undone(before.posted, document.invoice_id)
    result = posted(before.posted, "invoice", "invoiceDate")
    if result.gross != document.totals.gross.amount:
        raise BusinessException(
            "amount_disagreement",
            invoice_id=document.invoice_id,
            erp_id=result.ref.id,
            ours=str(document.totals.gross.amount),
            theirs=str(result.gross),
        )
    raise Duplicate("invoice_stands_already", result=result.model_dump_json())
