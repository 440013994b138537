"""One billing document with its journal items -> invoice.paid. Amounts are in the invoice's currency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from uuid import UUID

from events.envelope import AnyEnvelope, make_envelope
from events.invoice_paid.v1 import InvoicePaid
from events.values import Amount, Ref
from functions.connectors.sap_s4hana.client import Row
from functions.connectors.sap_s4hana.journal import owed
from functions.connectors.sap_s4hana.odata import amount, plain
from functions.connectors.sap_s4hana.settings import SYSTEM
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice
from shared.faults import Poison

SOURCE = "billweave/connectors/sap_s4hana"
PART, CLEARED = "B", "C"


def our_id(row: Row) -> str | None:
    """Our invoice ids are UUIDs of version 5, kept without hyphens; whatever others write there is not ours."""
    text = str(row.get("PurchaseOrderByCustomer") or "")
    try:
        found = UUID(text) if len(text) == 32 else None
    except ValueError:
        return None
    return str(found) if found is not None and found.version == 5 else None


def is_cancelled(row: Row) -> bool:
    """A cancelled invoice and its cancellation read as cleared, too."""
    return row.get("BillingDocumentIsCancelled") is True or bool(row.get("CancelledBillingDocument"))


def is_touched(row: Row) -> bool:
    """Whether something is set against it."""
    return not is_cancelled(row) and row.get("InvoiceClearingStatus") in (PART, CLEARED)


def is_settled(row: Row) -> bool:
    """Whether nothing more can come of it."""
    return is_cancelled(row) or row.get("InvoiceClearingStatus") == CLEARED


def paid_event(row: Row, items: Sequence[Row], invoice: Invoice) -> AnyEnvelope:
    """The sequence counts what is booked on it, so that a part comes before the rest. Raises Poison("payment_unreadable")."""
    booked = owed(items, str(row.get("TransactionCurrency", "")))
    total, unpaid = _amounts(row, booked.left)
    cleared = row["InvoiceClearingStatus"] == CLEARED
    number = 2 * booked.items + cleared
    currency = str(row["TransactionCurrency"])
    data = InvoicePaid(
        invoice_id=invoice.invoice_id,
        erp_ref=Ref(system=SYSTEM, kind="invoice", id=plain(row["BillingDocument"])),
        erp_number=plain(row["BillingDocument"]),
        state="paid" if unpaid == 0 else "part_paid",
        paid=Amount(amount=total - unpaid, currency=currency),
        open=Amount(amount=unpaid, currency=currency),
        seen_on=booked.last_on,
    )
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, invoice.invoice_id, str(number), str(unpaid.normalize())),
        source=SOURCE,
        subject=invoice.invoice_id,
        occurred_at=datetime.combine(booked.last_on, time(), UTC),
        correlation_id=invoice.group.contract_id,
        legal_entity=invoice.group.legal_entity_id,
        sequence=number,
    )


def _amounts(row: Row, left: Decimal) -> tuple[Decimal, Decimal]:
    """(total, unpaid). Cleared is cleared, whichever items do not name the invoice."""
    try:
        total = amount(row["TotalGrossAmount"], str(row["TransactionCurrency"]))
    except (KeyError, ValueError) as exc:
        raise Poison("payment_unreadable", erp_id=str(row.get("BillingDocument", ""))) from exc
    return total, Decimal(0) if row["InvoiceClearingStatus"] == CLEARED else min(max(left, Decimal(0)), total)
