"""Our records -> Business Central bodies, and its answers back. With document_lines.py the only place with its field names.

Amounts and quantities are Decimals that travel as JSON numbers. Source: docs/connectors/business_central.md, "Records".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from events.commands import EnsureErpProject, PostInvoiceResult
from events.values import Party, Ref
from functions.connectors.business_central.document_lines import line_bodies
from functions.connectors.business_central.odata import option
from functions.connectors.business_central.settings import SYSTEM, BusinessCentralSettings
from functions.connectors.business_central.texts import cut, number_of, reference_of
from shared.domain.invoice import InvoiceDocument
from shared.faults import Poison

Body = dict[str, Any]
DRAFTS = frozenset({"Draft", "In Review"})
UNDONE = frozenset({"Canceled", "Corrective"})
NO_DATE = "0001-01-01"


def customer_body(party: Party, legal_entity_id: str, settings: BusinessCentralSettings) -> Body:
    """What we keep of a customer; `number` is its key, the currency is set when it is made and then left alone."""
    address = party.address
    area = settings.tax_area(legal_entity_id, address.country)
    found = {
        "number": number_of(party.customer_id),
        "displayName": cut(party.name, 100),
        "type": "Company",
        "addressLine1": cut(address.street, 100),
        "city": cut(address.city, 30),
        "postalCode": cut(address.postal_code.strip().upper(), 20),
        "country": address.country,
        "taxRegistrationNumber": cut(party.tax_number or "", 20),
        "currencyCode": party.currency,
        "taxAreaId": area or "",
    }
    return {name: value for name, value in found.items() if value}


def project_body(command: EnsureErpProject) -> Body:
    """`projects` has these two fields and no customer, currency or dates: the invoices have them."""
    return {"number": number_of(command.project_id), "displayName": cut(command.name, 100)}


def invoice_body(document: InvoiceDocument, settings: BusinessCentralSettings) -> Body:
    """The body of POST salesInvoices, lines with it: made whole or not at all."""
    body = _head(document, settings) | {
        "invoiceDate": document.issued_on.isoformat(),
        "dueDate": document.due_on.isoformat(),
        "salesInvoiceLines": line_bodies(document, settings),
    }
    if document.purchase_order:
        body["customerPurchaseOrderReference"] = cut(document.purchase_order, 35)
    return body


def memo_body(document: InvoiceDocument, credited: str, settings: BusinessCentralSettings) -> Body:
    """The body of POST salesCreditMemos. credited: id of the posted invoice, which posting sets it against."""
    return _head(document, settings) | {
        "creditMemoDate": document.issued_on.isoformat(),
        "invoiceId": credited,
        "salesCreditMemoLines": line_bodies(document, settings),
    }


def _head(document: InvoiceDocument, settings: BusinessCentralSettings) -> Body:
    return {
        "externalDocumentNumber": reference_of(document.invoice_id),
        "postingDate": document.issued_on.isoformat(),
        "customerNumber": number_of(document.customer_id),
        "currencyCode": document.currency,
        settings.project_field: number_of(document.project_id),
    }


def status_of(row: Mapping[str, Any]) -> str:
    return option(row.get("status"))


def totals_of(row: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal]:
    """(net, tax, gross). Raises Poison("erp_invoice_unreadable")."""
    names = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")
    try:
        net, tax, gross = (Decimal(str(row[name])) for name in names)
    except (KeyError, InvalidOperation) as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(row.get("id", ""))) from exc
    return net, tax, gross


def posted(row: Mapping[str, Any], kind: str, dated: str) -> PostInvoiceResult:
    """A posted document -> what the saga is told: the ERP's own totals. kind: of the reference. dated: its date's field.

    Raises Poison("erp_invoice_unreadable") if a total, the number or the date is missing.
    """
    net, tax, gross = totals_of(row)
    try:
        due = str(row.get("dueDate") or NO_DATE)
        return PostInvoiceResult(
            ref=Ref(system=SYSTEM, kind=kind, id=str(row["id"])),
            number=str(row["number"]),
            net=net,
            tax=tax,
            gross=gross,
            currency=str(row["currencyCode"]),
            issued_on=date.fromisoformat(str(row[dated])),
            due_on=None if due == NO_DATE else date.fromisoformat(due),
        )
    except (KeyError, ValueError) as exc:
        raise Poison("erp_invoice_unreadable", invoice=str(row.get("id", ""))) from exc
