"""One row of salesInvoices -> invoice.paid, where it shows other money than we know of.

A payment moves nothing on the invoice but its remaining amount, so an event is ordered by when it was seen, and known by
what we knew before: seen again before that is recorded, it is the same event. Source: docs/connectors/business_central.md.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from events.envelope import AnyEnvelope, make_envelope
from events.invoice_paid.v1 import InvoicePaid
from events.values import Amount, Ref
from functions.connectors.business_central.client import Row
from functions.connectors.business_central.mapping import UNDONE, status_of
from functions.connectors.business_central.settings import SYSTEM
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice
from shared.faults import Poison

SOURCE = "billweave/connectors/business_central"
_MICROSECONDS = 1_000_000


def amounts(row: Row) -> tuple[Decimal, Decimal]:
    """(total, unpaid). Raises Poison("payment_unreadable")."""
    try:
        return Decimal(str(row["totalAmountIncludingTax"])), Decimal(str(row["remainingAmount"]))
    except (KeyError, InvalidOperation) as exc:
        raise Poison("payment_unreadable", erp_id=str(row.get("id", ""))) from exc


def is_news(row: Row, invoice: Invoice) -> bool:
    """Whether the money against it is not what was told last. What was cancelled shows nothing open, and is not paid."""
    if status_of(row) in UNDONE:
        return False
    total, unpaid = amounts(row)
    known = invoice.paid.amount if invoice.paid else Decimal(0)
    return total - unpaid != known


def paid_event(row: Row, invoice: Invoice, seen_at: datetime, before: int) -> AnyEnvelope:
    """before: the sequence of what was told last of this invoice, 0 for nothing."""
    total, unpaid = amounts(row)
    currency = str(row["currencyCode"])
    number = max(int(seen_at.timestamp() * _MICROSECONDS), before + 1)
    data = InvoicePaid(
        invoice_id=invoice.invoice_id,
        erp_ref=Ref(system=SYSTEM, kind="invoice", id=str(row["id"])),
        erp_number=str(row.get("number", "")),
        state="paid" if unpaid == 0 else "part_paid",
        paid=Amount(amount=total - unpaid, currency=currency),
        open=Amount(amount=unpaid, currency=currency),
        seen_on=seen_at.date(),
    )
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, invoice.invoice_id, str(before), str(unpaid.normalize())),
        source=SOURCE,
        subject=invoice.invoice_id,
        occurred_at=seen_at,
        correlation_id=invoice.group.contract_id,
        legal_entity=invoice.group.legal_entity_id,
        sequence=number,
    )
