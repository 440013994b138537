"""One request, one billing document: found by our reference or made, whatever an earlier attempt left behind.

An earlier attempt may have left nothing, a request that is not billed, or a billing document. Source:
docs/connectors/sap_s4hana.md, "Posting once".
"""

from __future__ import annotations

from functions.connectors.sap_s4hana.client import BILLING, Row
from functions.connectors.sap_s4hana.making import Making
from functions.connectors.sap_s4hana.mapping import Body, reference
from functions.connectors.sap_s4hana.odata import literal, plain
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.posted import BILL_FIELDS, standing_of
from functions.connectors.sap_s4hana.request_body import kind_of
from shared.domain.invoice import InvoiceDocument
from shared.faults import BusinessException, Transient

LANE = "posting"
ACTION = "BillingDocument/SAP__self.CreateFromSDDocument"


def find_bill(document_id: str, document: InvoiceDocument, ports: SapPorts) -> Row | None:
    """The billing document under our reference `document_id`. Raises as `standing_of`."""
    rows = ports.sap.rows(
        BILLING,
        "A_BillingDocument",
        filter=f"PurchaseOrderByCustomer eq {literal(reference(document_id))}",
        select=BILL_FIELDS,
        lane=LANE,
    )
    return standing_of(rows, document)


def find_request(document: InvoiceDocument, ports: SapPorts) -> str | None:
    """Number of the request under our reference; the oldest, should two ever stand."""
    kind = kind_of(document)
    rows = ports.sap.rows(
        kind.service,
        kind.heads,
        filter=f"PurchaseOrderByCustomer eq {literal(reference(document.invoice_id))}",
        select=kind.key,
        lane=LANE,
    )
    return min((str(row[kind.key]) for row in rows), key=lambda number: plain(number).zfill(10), default=None)


def make_request(document: InvoiceDocument, body: Body, mine: Making, ports: SapPorts) -> str:
    """Its number, found where an earlier attempt may have made it."""
    kind = kind_of(document)
    known = find_request(document, ports) if mine.again else None
    if known is not None:
        return known
    made = mine.make(kind.key, lambda: ports.sap.create(kind.service, kind.heads, body, lane=LANE))
    if not made.get(kind.key):
        raise Transient("unknown_outcome", cause="erp_rows_unreadable")
    return str(made[kind.key])


def bill(document: InvoiceDocument, request: str, ports: SapPorts) -> Row:
    """The billing document of a request, as it stands. Refused because it was billed before, it is looked up.

    Raises as `standing_of`, and Transient("erp_record_not_visible").
    """
    try:
        made = ports.sap.act(ACTION, _bill_body(document, request, ports), lane=LANE)
    except BusinessException:
        found = find_bill(document.invoice_id, document, ports)
        if found is None:
            raise
        return found
    numbers = [plain(row.get("BillingDocument", "")) for row in made if isinstance(row, dict)]
    if len(numbers) > 1:
        raise BusinessException(
            "erp_invoice_split", invoice_id=document.invoice_id, erp_ids=",".join(sorted(numbers))[:200]
        )
    if not numbers or not numbers[0]:
        raise Transient("unknown_outcome", cause="erp_rows_unreadable")
    found = ports.sap.one(BILLING, f"A_BillingDocument({literal(numbers[0])})", select=BILL_FIELDS, lane=LANE)
    if found is None:
        raise Transient("erp_record_not_visible", record="BillingDocument", number=numbers[0])
    return found


def _bill_body(document: InvoiceDocument, request: str, ports: SapPorts) -> Body:
    """V4 writes dates plain."""
    kind, on = kind_of(document), document.issued_on.isoformat()
    return {
        "_Control": {
            "DefaultBillingDocumentDate": on,
            "DefaultBillingDocumentType": kind.billing_type(ports.erp),
            "AutomPostingToAcctgIsDisabled": False,
        },
        "_Reference": [{"SDDocument": request, "SDDocumentCategory": kind.category, "BillingDocumentDate": on}],
    }
