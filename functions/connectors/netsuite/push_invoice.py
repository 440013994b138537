"""PostInvoice: the invoice stands in NetSuite once, under our invoice id, with all lines and our tax.

A first attempt leaves a mark before it asks; a later one (redelivery, redrive, a person's retry) looks the invoice up
before it writes, because the answer of the first may have been lost. So may the answer of this one: then it is looked up
here, and once more when the message comes again, since NetSuite may take minutes to show what it committed.
"""

from __future__ import annotations

from events.commands import PostInvoice, PostInvoiceResult
from functions.connectors.netsuite.mapping import check_precision, invoice_body, posted, status_of
from functions.connectors.netsuite.ports import NetSuitePorts
from functions.connectors.netsuite.settings import SYSTEM
from shared.adapters.invoice_document import read_document
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Duplicate, Transient

LANE = "posting"
_DEAD = {"V": "voided", "E": "rejected"}


def post_invoice(command: PostInvoice, ports: NetSuitePorts) -> PostInvoiceResult:
    """The ERP's totals, read back. Raises Duplicate with the first result when it stood already.

    Raises BusinessException("amount_disagreement") when it stands there with another total, and
    BusinessException("erp_invoice_dead") when it was voided or rejected there, BusinessException("erp_currency_precision")
    when NetSuite would cut its amounts.
    """
    document = read_document(ports.documents.get(command.document_key))
    check_precision(document, ports.erp)
    if ports.references.canonical(_mark(document)) is not None:
        _raise_if_there(document, ports)
    currency_id = ports.currencies.id_of(document.currency, lane=LANE)
    body = invoice_body(document, currency_id, ports.erp)
    try:
        record = ports.netsuite.upsert(
            "invoice",
            document.invoice_id,
            body,
            replace="item",
            lane=LANE,
            asking=lambda: ports.references.link(_mark(document), document.invoice_id),
        )
    except Transient:
        _raise_if_there(document, ports)
        raise
    except Duplicate as taken:
        _raise_if_there(document, ports)
        raise BusinessException("erp_number_taken", **{**taken.facts, "invoice_id": document.invoice_id}) from taken
    if record is None:
        raise Transient("erp_record_not_visible", record="invoice", eid=document.invoice_id)
    return posted(record, document.currency)


def _mark(document: InvoiceDocument) -> ExternalRef:
    """Stands before NetSuite is asked, so no attempt goes unnoticed by the next; one that got no slot leaves none."""
    return ExternalRef(SYSTEM, "asked", document.invoice_id)


def _raise_if_there(document: InvoiceDocument, ports: NetSuitePorts) -> None:
    record = ports.netsuite.find("invoice", document.invoice_id, lane=LANE)
    if record is None:
        return
    if status_of(record) in _DEAD:
        raise BusinessException(
            "erp_invoice_dead",
            invoice_id=document.invoice_id,
            status=_DEAD[status_of(record)],
            erp_id=str(record["id"]),
        )
    result = posted(record, document.currency)
    if result.gross != document.totals.gross.amount:
        raise BusinessException(
            "amount_disagreement",
            invoice_id=document.invoice_id,
            erp_id=result.ref.id,
            ours=str(document.totals.gross.amount),
            theirs=str(result.gross),
        )
    raise Duplicate("invoice_stands_already", result=result.model_dump_json())
