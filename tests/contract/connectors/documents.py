"""An invoice document for the connectors' tests, as the invoice process would have written it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import uuid4

from pydantic import TypeAdapter

from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import InvoiceDocument, InvoiceLine, InvoiceTotals, TaxSubtotal
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision

STANDARD = TaxDecision(TaxCategory.STANDARD, Decimal("19.00"), None, "de-19")
OUTSIDE = TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal(0), "no VAT", "us-none")
_JSON = TypeAdapter(InvoiceDocument)


def as_json(document: InvoiceDocument) -> bytes:
    return _JSON.dump_json(document)


def line(net: str, currency: str, tax: TaxDecision, source: ExternalRef | None, **changes: object) -> InvoiceLine:
    """50 minutes at 40.00 an hour, 33.33, unless told otherwise."""
    values: dict[str, object] = {
        "line_id": str(uuid4()),
        "wip_id": str(uuid4()),
        "contract_line_id": "line-1",
        "project_id": derived_id("project", "p"),
        "description": "Consulting",
        "quantity": Decimal(50),
        "unit": "minute",
        "unit_price": Decimal("40.00"),
        "price_base_quantity": Decimal(60),
        "net": Money(Decimal(net), currency),
        "tax": tax,
        "source_ref": source,
    }
    return InvoiceLine(**(values | changes))  # type: ignore[arg-type]


def document(
    lines: Sequence[InvoiceLine],
    *,
    legal_entity: str = "DE",
    customer_id: str = "",
    project_id: str = "",
    issued_on: date = date(2026, 10, 31),
) -> InvoiceDocument:
    """Totals by EN 16931: tax on the sum of the lines, all of one tax decision."""
    currency, tax = lines[0].net.currency, lines[0].tax
    net = sum((each.net for each in lines), Money.zero(currency))
    amount = Money(net.amount * tax.rate / 100, currency).rounded()
    return InvoiceDocument(
        invoice_id=derived_id("invoice", str(uuid4())),
        legal_entity_id=legal_entity,
        customer_id=customer_id or derived_id("customer", "c"),
        contract_id=derived_id("contract", "k"),
        contract_reference="C-2026-7",
        project_id=project_id or derived_id("project", "p"),
        purchase_order="PO-77",
        currency=currency,
        issued_on=issued_on,
        due_on=date(2026, 11, 30),
        period_end=date(2026, 10, 31),
        lines=tuple(lines),
        totals=InvoiceTotals(net, amount, net + amount, (TaxSubtotal(tax, net, amount),)),
    )
