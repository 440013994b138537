"""PostCreditMemo: the memo stands in the books once, under our memo id, set against the invoice it is for.

Posting applies it as far as the invoice is open, and no API tells afterwards how far that was. Where that is less than the
memo it is noted before the memo is made, so that an attempt after a lost answer can tell as well.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from events.commands import PostCreditMemo, PostCreditMemoResult
from functions.connectors.business_central.books import LANE, Books, find_ours, refuse_undone
from functions.connectors.business_central.client import Row
from functions.connectors.business_central.mapping import DRAFTS, memo_body, posted, status_of, totals_of
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.settings import SYSTEM
from shared.adapters.invoice_document import read_document
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Duplicate, Poison

KIND = "salesCreditMemos"


def post_credit_memo(command: PostCreditMemo, ports: BusinessCentralPorts) -> PostCreditMemoResult:
    """The ERP's totals, read back. Raises Duplicate with the first result when it stood already.

    Raises BusinessException("erp_invoice_missing") when Business Central has no such invoice posted,
    ("amount_disagreement") when it reckons other totals, ("erp_invoice_dead") when memo or invoice was cancelled there.
    """
    document = read_document(ports.documents.get(command.document_key))
    books = Books(KIND, document, ports)
    with ports.tenant.slot(LANE):
        before = books.standing_before()
        if before.posted is not None:
            raise Duplicate("invoice_stands_already", result=_stands(before.posted, document, ports).model_dump_json())
        invoice = _invoice(document, ports)
        _note_room(open_on(invoice), document, ports)
        row = books.enter(before.drafts, lambda: memo_body(document, str(invoice["id"]), ports.erp))
    return _result(row, document, ports)


def _stands(row: Row, document: InvoiceDocument, ports: BusinessCentralPorts) -> PostCreditMemoResult:
    refuse_undone(row, document.invoice_id)
    gross = totals_of(row)[2]
    if gross != document.totals.gross.amount:
        raise BusinessException(
            "amount_disagreement",
            invoice_id=document.invoice_id,
            erp_id=str(row["id"]),
            ours=str(document.totals.gross.amount),
            theirs=str(gross),
        )
    return _result(row, document, ports)


def _result(row: Row, document: InvoiceDocument, ports: BusinessCentralPorts) -> PostCreditMemoResult:
    """A memo that is used up shows "Paid"; of another only the room that its invoice had says how much was taken."""
    found = posted(row, "credit_memo", "creditMemoDate")
    room = ports.references.canonical(_room(document))
    applied = found.gross if status_of(row) == "Paid" else Decimal(room) if room is not None else None
    return PostCreditMemoResult(**found.model_dump(), applied=applied)


def _note_room(room: Decimal, document: InvoiceDocument, ports: BusinessCentralPorts) -> None:
    """The first word stands: a later attempt may see the invoice after the memo has reached it."""
    known = ports.references.canonical(_room(document))
    if known is None and room < document.totals.gross.amount:
        ports.references.link(_room(document), str(room))


def _room(document: InvoiceDocument) -> ExternalRef:
    return ExternalRef(SYSTEM, "open_before", document.invoice_id)


def _invoice(document: InvoiceDocument, ports: BusinessCentralPorts) -> Row:
    rows = find_ours("salesInvoices", document.credits or document.invoice_id, document, ports)
    found = [row for row in rows if status_of(row) not in DRAFTS]
    if not found:
        raise BusinessException("erp_invoice_missing", invoice_id=document.credits or "", memo_id=document.invoice_id)
    refuse_undone(found[0], document.credits or "")
    return found[0]


def open_on(invoice: Row) -> Decimal:
    """Raises Poison("erp_invoice_unreadable")."""
    try:
        return Decimal(str(invoice["remainingAmount"]))
    except (KeyError, InvalidOperation) as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(invoice.get("id", ""))) from exc
