"""Step: sealed -> priced. Tax is decided, totals follow EN 16931, the document is written once and for all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter

from functions.processes.contract_of_day import contract_of_invoice
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceStatus
from shared.domain.money import Money
from shared.domain.policies import Policies
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts
from shared.usecases.price_invoice import price_invoice


class PriceInvoice(BaseModel):
    invoice_id: str
    correlation_id: str


@process_step(PriceInvoice, wire=AwsPorts.from_env)
def handler(command: PriceInvoice, ports: Ports) -> dict[str, object]:
    invoice = ports.invoices.get(command.invoice_id)
    if invoice.status is InvoiceStatus.DRAFT:
        raise BusinessException("invoice_not_sealed", invoice_id=invoice.invoice_id)
    if invoice.status is InvoiceStatus.SEALED:
        invoice = price(invoice, ports)
    return summary(invoice, ports.policies.current())


def price(invoice: Invoice, ports: Ports) -> Invoice:
    items = list(ports.wip.claimed_by(invoice.invoice_id))
    check_seal(invoice, items)
    policies = ports.policies.current()
    contract = contract_of_invoice(invoice, ports)
    priced, document = price_invoice(
        invoice,
        items,
        contract=contract,
        customer=ports.customers.get(invoice.group.customer_id),
        policies=policies,
        issued_on=issue_date(invoice, policies, ports),
    )
    body = TypeAdapter(InvoiceDocument).dump_json(document)
    priced = replace(priced, document_key=key_of(document, body))
    ports.documents.put(key_of(document, body), body)

    def change(now: Invoice) -> Invoice:
        return now if now.status is not InvoiceStatus.SEALED else priced

    return ports.invoices.update(invoice.invoice_id, change, expected=[InvoiceStatus.SEALED, InvoiceStatus.PRICED])


def key_of(document: InvoiceDocument, body: bytes) -> str:
    """Holds what the document says: another pricing of the invoice, on another day, never lies under this key."""
    return f"invoices/{document.invoice_id}/{hashlib.sha256(body).hexdigest()[:16]}.json"


def check_seal(invoice: Invoice, items: list[WipItem]) -> None:
    """What is claimed is what was sealed, to the cent and the count; anything else stops here, before money moves."""
    net = sum((item.value for item in items), Money.zero(invoice.group.currency))
    if len(items) != invoice.item_count or net != invoice.net:
        raise BusinessException(
            "seal_broken",
            invoice_id=invoice.invoice_id,
            sealed=f"{invoice.item_count} items, {invoice.net.amount if invoice.net else None}",
            found=f"{len(items)} items, {net.amount}",
        )


def issue_date(invoice: Invoice, policies: Policies, ports: Ports) -> date:
    """Today in the legal entity's calendar, but not before the period it bills has ended."""
    entity = policies.legal_entity(invoice.group.legal_entity_id)
    if entity is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=invoice.group.legal_entity_id)
    return max(invoice.period_end, ports.clock.now().astimezone(ZoneInfo(entity.time_zone)).date())


def summary(invoice: Invoice, policies: Policies) -> dict[str, object]:
    """What the saga needs to know; never the lines."""
    if invoice.totals is None:
        raise BusinessException("invoice_not_priced", invoice_id=invoice.invoice_id, status=invoice.status.value)
    gross = invoice.totals.gross
    threshold = policies.approval_over.get(gross.currency)
    return {
        "invoice_id": invoice.invoice_id,
        "legal_entity_id": invoice.group.legal_entity_id,
        "document_key": invoice.document_key,
        "currency": gross.currency,
        "gross": str(gross.amount),
        "needs_approval": invoice.approver is None and threshold is not None and gross.amount > threshold,
    }
