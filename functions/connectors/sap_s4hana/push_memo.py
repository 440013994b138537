"""PostCreditMemo: the memo stands in S/4HANA once, under our memo id, made against the billing document of its invoice.

How much of it the invoice took is read from the journal: what its customer's items on that invoice come to below zero is
what found no room, because it was paid before.
"""

from __future__ import annotations

from decimal import Decimal

from events.commands import PostCreditMemo, PostCreditMemoResult
from functions.connectors.sap_s4hana.billing import LANE, bill, find_bill, make_request
from functions.connectors.sap_s4hana.client import JOURNAL, Row
from functions.connectors.sap_s4hana.journal import ITEMS, condition, owed
from functions.connectors.sap_s4hana.making import making
from functions.connectors.sap_s4hana.odata import plain
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.posted import check_total, memo_posted
from functions.connectors.sap_s4hana.request_body import request_body
from shared.adapters.invoice_document import read_document
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Duplicate


def post_credit_memo(command: PostCreditMemo, ports: SapPorts) -> PostCreditMemoResult:
    """SAP's totals, read back. Raises Duplicate with the first result when it stood already.

    Raises BusinessException("erp_invoice_missing") when SAP has no such invoice, ("amount_disagreement") when the memo
    stands there with another total, ("erp_invoice_dead") when it or its invoice was cancelled there.
    """
    document = read_document(ports.documents.get(command.document_key))
    mine = making("credit_memo", document.invoice_id, ports)
    with ports.sap.slot(LANE):
        invoice = _invoice(document, ports)
        if mine.again and (row := find_bill(document.invoice_id, document, ports)) is not None:
            check_total(row, document)
            result = memo_posted(row, _applied(row, invoice, ports))
            raise Duplicate("invoice_stands_already", result=result.model_dump_json())
        against = plain(invoice["BillingDocument"])
        body = request_body(document, str(invoice["SoldToParty"]), ports.erp, against)
        row = bill(document, make_request(document, body, mine, ports), ports)
        return memo_posted(row, _applied(row, invoice, ports))


def _invoice(document: InvoiceDocument, ports: SapPorts) -> Row:
    found = find_bill(document.credits or "", document, ports) if document.credits else None
    if found is None:
        raise BusinessException("erp_invoice_missing", invoice_id=document.credits or "", memo_id=document.invoice_id)
    return found


def _applied(memo: Row, invoice: Row, ports: SapPorts) -> Decimal | None:
    """None while the invoice is not in the journal."""
    rows = ports.sap.rows(JOURNAL, ITEMS, filter=condition(invoice), lane=LANE)
    if not rows:
        return None
    left = owed(rows, str(invoice["TransactionCurrency"])).left
    return max(memo_posted(memo, None).gross + min(left, Decimal(0)), Decimal(0))
