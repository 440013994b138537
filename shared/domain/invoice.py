"""Invoice: claims WIP, is sealed, priced, approved, submitted, posted, paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.tax import TaxDecision


class InvoiceStatus(StrEnum):
    DRAFT = "draft"
    SEALED = "sealed"
    PRICED = "priced"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    POSTED = "posted"
    PAID = "paid"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BillingGroup:
    """What goes on one invoice together."""

    legal_entity_id: str
    customer_id: str
    contract_id: str
    billing_schedule: str
    currency: str
    purchase_order: str | None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One WIP item on an invoice; net = round(quantity / price_base_quantity * unit_price), parts as on the item."""

    line_id: str
    wip_id: str
    contract_line_id: str
    project_id: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    price_base_quantity: Decimal
    net: Money
    tax: TaxDecision
    source_ref: ExternalRef | None = None


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    tax: TaxDecision
    taxable: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """net = sum of line nets; tax = sum of subtotals; gross = net + tax."""

    net: Money
    tax: Money
    gross: Money
    breakdown: tuple[TaxSubtotal, ...]


@dataclass(frozen=True, slots=True)
class Invoice:
    """The head. Its items are the WIP claimed by `invoice_id`; its lines stand in the document written when priced.

    period_end: bills what was worked on or before it. item_count and net are written when sealed.
    document_key: where the priced document lies (immutable). erp_number, erp_ref, erp_gross: what the ERP answered.
    """

    invoice_id: str
    group: BillingGroup
    period_end: date
    sequence: int
    status: InvoiceStatus
    item_count: int = 0
    net: Money | None = None
    totals: InvoiceTotals | None = None
    issued_on: date | None = None
    due_on: date | None = None
    document_key: str | None = None
    erp_ref: ExternalRef | None = None
    erp_number: str | None = None
    erp_gross: Money | None = None
    paid: Money | None = None
    last_approval_at: datetime | None = None
    posted_at: datetime | None = None
    erp_sequence: int = 0
    """The ERP's version that `paid` was read from; an older one changes nothing."""
    rejected_by: str | None = None
    approver: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """All an ERP needs to write the invoice, and all explain needs; immutable, stored once under `document_key`."""

    invoice_id: str
    legal_entity_id: str
    customer_id: str
    contract_id: str
    contract_reference: str
    project_id: str
    purchase_order: str | None
    currency: str
    issued_on: date
    due_on: date
    period_end: date
    lines: tuple[InvoiceLine, ...]
    totals: InvoiceTotals
