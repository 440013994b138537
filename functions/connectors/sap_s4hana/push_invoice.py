"""PostInvoice: the invoice stands in S/4HANA once: a debit memo request under our reference, and its billing document.

A later attempt (redelivery, redrive, a person's retry) looks for both before it writes, because the answer of the first may
have been lost between them.
"""

from __future__ import annotations

from events.commands import PostInvoice, PostInvoiceResult
from functions.connectors.sap_s4hana.billing import LANE, bill, find_bill, make_request
from functions.connectors.sap_s4hana.making import making
from functions.connectors.sap_s4hana.partner import need_partner
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.posted import check_total, posted
from functions.connectors.sap_s4hana.request_body import request_body
from shared.adapters.invoice_document import read_document
from shared.faults import Duplicate


def post_invoice(command: PostInvoice, ports: SapPorts) -> PostInvoiceResult:
    """SAP's totals, read back. Raises Duplicate with the first result when it stood already.

    Raises BusinessException("amount_disagreement") when it stands there with another total, ("erp_invoice_dead") when it was
    cancelled there, ("erp_invoice_split") when SAP made several of it, ("erp_customer_missing").
    """
    document = read_document(ports.documents.get(command.document_key))
    mine = making("invoice", document.invoice_id, ports)
    with ports.sap.slot(LANE):
        if mine.again and (row := find_bill(document.invoice_id, document, ports)) is not None:
            check_total(row, document)
            raise Duplicate("invoice_stands_already", result=posted(row).model_dump_json())
        customer = need_partner(document.customer_id, ports, lane=LANE)
        body = request_body(document, str(customer["BusinessPartner"]), ports.erp)
        request = make_request(document, body, mine, ports)
        return posted(bill(document, request, ports))
