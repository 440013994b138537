"""A posted invoice whole: its document, both parties, the ERP's number. What an electronic invoice is written from."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from functions.experience.invoices import document_of
from shared.domain.invoice import Invoice, InvoiceDocument
from shared.domain.money import Money
from shared.domain.parties import LegalEntity
from shared.domain.tax import TaxCategory
from shared.einvoice.issued import Issued
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.invoice_of_id import invoice_of_id


def issued(ports: Ports, any_id: str) -> dict[str, Any]:
    """Amounts as texts. Raises BusinessException("invoice_unknown" | "invoice_not_posted" | "legal_entity_unknown")."""
    found = invoice_of_id(any_id, ports)
    credited = ports.invoices.find(found.credits) if found.credits else None
    told = Issued(
        number=_number(found),
        document=document_of(found, ports),
        seller=_seller(found, ports),
        buyer=ports.customers.get(found.group.customer_id),
        credited_number=credited.erp_number if credited else None,
        credited_on=credited.issued_on if credited else None,
        tax_in=declared_tax(document_of(found, ports)),
    )
    view: dict[str, Any] = _writer().dump_python(told, mode="json")
    return view


def declared_tax(document: InvoiceDocument) -> Money | None:
    """BT-111: the tax in the currency of the seller's books; None where those are the invoice's, or nothing is taxed."""
    taxed = any(group.tax.category is not TaxCategory.OUTSIDE_SCOPE for group in document.totals.breakdown)
    return document.book.tax if document.book and taxed else None


@cache
def _writer() -> TypeAdapter[Issued]:
    return TypeAdapter(Issued)


def _number(invoice: Invoice) -> str:
    if invoice.erp_number is None:
        raise BusinessException("invoice_not_posted", invoice_id=invoice.invoice_id, status=invoice.status.value)
    return invoice.erp_number


def _seller(invoice: Invoice, ports: Ports) -> LegalEntity:
    entity = ports.policies.current().legal_entity(invoice.group.legal_entity_id)
    if entity is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=invoice.group.legal_entity_id)
    return entity
