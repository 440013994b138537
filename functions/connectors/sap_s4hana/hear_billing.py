"""A billing document that S/4HANA told of is read back: what it did to an invoice of ours is told before the next poll.

A credit memo made there by finance names its invoice in the journal only. Whatever is missed here the poll finds.
"""

from __future__ import annotations

from functions.connectors.sap_s4hana.announce_payments import LANE, announce
from functions.connectors.sap_s4hana.client import BILLING, JOURNAL, Row
from functions.connectors.sap_s4hana.journal import ITEMS, condition
from functions.connectors.sap_s4hana.odata import literal, plain
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.posted import BILL_FIELDS
from functions.connectors.sap_s4hana.wiring import AwsSapPorts
from shared.faults import Transient
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input


class BillingHeard(Input):
    billing_document: str
    raw_key: str | None = None


@queue_worker(BillingHeard, wire=AwsSapPorts.from_env)
def handler(heard: BillingHeard, ports: SapPorts) -> None:
    """Raises Transient("erp_record_not_visible"): an event may come before what it tells of can be read."""
    key = f"A_BillingDocument({literal(plain(heard.billing_document))})"
    row = ports.sap.one(BILLING, key, select=BILL_FIELDS, lane=LANE)
    if row is None:
        raise Transient("erp_record_not_visible", record="BillingDocument", number=heard.billing_document)
    is_invoice = row.get("BillingDocumentType") == ports.erp.invoice_type
    announce([row] if is_invoice else _credited(row, ports), ports)


def _credited(memo: Row, ports: SapPorts) -> list[Row]:
    """The invoices that a memo's own journal items name."""
    items = ports.sap.rows(JOURNAL, ITEMS, filter=condition(memo), lane=LANE)
    named = {str(item.get("InvoiceReference") or "") for item in items} - {"", str(memo["AccountingDocument"])}
    found: list[Row] = []
    for entry in sorted(named):
        question = f"AccountingDocument eq {literal(entry)} and CompanyCode eq {literal(str(memo['CompanyCode']))}"
        found += ports.sap.rows(BILLING, "A_BillingDocument", filter=question, select=BILL_FIELDS, lane=LANE)
    return [row for row in found if row.get("BillingDocumentType") == ports.erp.invoice_type]
