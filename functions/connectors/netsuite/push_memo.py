"""PostCreditMemo: the memo stands in NetSuite once, under our memo id, set against the invoice it is for.

As with an invoice a mark is left before the first attempt, a later one looks before it writes, and a lost answer is looked
up at once. How much is applied is read from the invoice first: NetSuite refuses more than that has open. A later attempt
that sees no memo cannot know whether what the invoice has open is before or after an unseen first one: it writes the memo
without a word about applying, which leaves what stands as it stands, and applies once it sees it.
"""

from __future__ import annotations

from typing import Any

from events.commands import PostCreditMemo, PostCreditMemoResult
from functions.connectors.netsuite.mapping import Body, status_of
from functions.connectors.netsuite.memo_body import apply_body, memo_body, memo_posted
from functions.connectors.netsuite.ports import NetSuitePorts
from functions.connectors.netsuite.settings import SYSTEM
from shared.adapters.invoice_document import read_document
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Duplicate, Transient

LANE = "posting"
RECORD = "creditMemo"


def post_credit_memo(command: PostCreditMemo, ports: NetSuitePorts) -> PostCreditMemoResult:
    """The ERP's totals, read back. Raises Duplicate with the first result when it stood already.

    Raises BusinessException("erp_invoice_missing") when NetSuite has no such invoice, ("amount_disagreement") when the
    memo stands there with another total, ("erp_invoice_dead") when it was voided there.
    """
    document = read_document(ports.documents.get(command.document_key))
    asked = ports.references.canonical(_mark(document)) is not None
    if asked:
        _raise_if_there(document, ports)
    body = memo_body(document, ports.currencies.id_of(document.currency, lane=LANE), ports.erp)
    if not asked:
        body["apply"] = apply_body(_invoice(document, ports), document.totals.gross.amount)
    record = _written(document, body, ports)
    result = memo_posted(record, document.currency)
    return _applied(result, document, ports) if asked else result


def _written(document: InvoiceDocument, body: Body, ports: NetSuitePorts) -> dict[str, Any]:
    """PUT, then as it stands. Raises Duplicate where its answer was lost and it is there."""
    try:
        record = ports.netsuite.upsert(
            RECORD,
            document.invoice_id,
            body,
            replace="item,apply" if "apply" in body else "item",
            lane=LANE,
            asking=lambda: _ask(document, ports, first="apply" in body),
        )
    except Transient:
        _raise_if_there(document, ports)
        raise
    except Duplicate as taken:
        _raise_if_there(document, ports)
        raise BusinessException("erp_number_taken", **{**taken.facts, "invoice_id": document.invoice_id}) from taken
    if record is None:
        raise Transient("erp_record_not_visible", record=RECORD, eid=document.invoice_id)
    return record


def _ask(document: InvoiceDocument, ports: NetSuitePorts, *, first: bool) -> None:
    """The mark; of two first attempts at once only one is the first.

    The other read the invoice before or after that one's memo was set against it, and would take that back with what it
    believes to be open. Raises Transient: it comes again as a later attempt.
    """
    ports.references.link(_mark(document), document.invoice_id)
    if first and not ports.cursors.write(f"{SYSTEM}:first:{document.invoice_id}", {"asked": 1}, expected={}):
        raise Transient("erp_record_not_visible", record=RECORD, eid=document.invoice_id)


def _applied(result: PostCreditMemoResult, document: InvoiceDocument, ports: NetSuitePorts) -> PostCreditMemoResult:
    """Set against its invoice, as far as that has room, where nothing of it is yet.

    Raises Transient("erp_record_not_visible"): the next attempt finds it as it stands.
    """
    if result.applied != 0:
        return result
    apply = apply_body(_invoice(document, ports), document.totals.gross.amount)
    if not apply["items"]:  # paid before, or another attempt set it against the invoice a moment ago
        record = ports.netsuite.find(RECORD, document.invoice_id, lane=LANE)
    else:
        record = ports.netsuite.upsert(RECORD, document.invoice_id, {"apply": apply}, replace="apply", lane=LANE)
    if record is None:  # what was seen before says nothing of what is applied now
        raise Transient("erp_record_not_visible", record=RECORD, eid=document.invoice_id)
    return memo_posted(record, document.currency)


def _mark(document: InvoiceDocument) -> ExternalRef:
    return ExternalRef(SYSTEM, "asked", document.invoice_id)


def _invoice(document: InvoiceDocument, ports: NetSuitePorts) -> dict[str, Any]:
    found = ports.netsuite.find("invoice", document.credits or "", lane=LANE)
    if found is None:
        raise BusinessException("erp_invoice_missing", invoice_id=document.credits or "", memo_id=document.invoice_id)
    return found


def _raise_if_there(document: InvoiceDocument, ports: NetSuitePorts) -> None:
    record = ports.netsuite.find(RECORD, document.invoice_id, lane=LANE)
    if record is None:
        return
    if status_of(record) == "V":
        raise BusinessException(
            "erp_invoice_dead", invoice_id=document.invoice_id, status="voided", erp_id=str(record["id"])
        )
    result = memo_posted(record, document.currency)
    if result.gross != document.totals.gross.amount:
        raise BusinessException(
            "amount_disagreement",
            invoice_id=document.invoice_id,
            erp_id=result.ref.id,
            ours=str(document.totals.gross.amount),
            theirs=str(result.gross),
        )
    applied = _applied(result, document, ports)
    raise Duplicate("invoice_stands_already", result=applied.model_dump_json())
