"""One SuiteQL row of an invoice -> invoice.paid. Amounts are texts in the invoice's currency."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from events.envelope import AnyEnvelope, make_envelope
from events.invoice_paid.v1 import InvoicePaid
from events.values import Amount, Ref
from functions.connectors.netsuite.client import Row
from functions.connectors.netsuite.settings import SYSTEM
from shared.domain.identity import derived_id
from shared.domain.invoice import Invoice
from shared.faults import Poison

SOURCE = "billweave/connectors/netsuite"


def is_ours(row: Row) -> bool:
    """Our invoice ids are UUIDs of version 5; whatever others use as external id is not ours."""
    try:
        return UUID(str(row.get("externalid", ""))).version == 5
    except ValueError:
        return False


def touched(row: Row) -> bool:
    """Whether there is money against it. Raises Poison("payment_unreadable")."""
    total, unpaid = amounts(row)
    return unpaid < total


def amounts(row: Row) -> tuple[Decimal, Decimal]:
    """(total, unpaid). NetSuite leaves null columns out: no unpaid amount means none only where the status says paid."""
    try:
        total = Decimal(str(row["foreigntotal"]))
        paid_in_full = str(row.get("status", "")).rpartition(":")[2] == "B"
        return total, Decimal(str(row.get("foreignamountunpaid", "0" if paid_in_full else total)))
    except (KeyError, InvalidOperation) as exc:
        raise Poison("payment_unreadable", erp_id=str(row.get("id", ""))) from exc


def paid_event(row: Row, invoice: Invoice, currency: str) -> AnyEnvelope:
    total, unpaid = amounts(row)
    changed_at = datetime.fromisoformat(str(row["changed"])).replace(tzinfo=UTC)
    number = sequence(changed_at, total, unpaid)
    data = InvoicePaid(
        invoice_id=invoice.invoice_id,
        erp_ref=Ref(system=SYSTEM, kind="invoice", id=str(row["id"])),
        erp_number=str(row.get("tranid", "")),
        state="paid" if unpaid == 0 else "part_paid",
        paid=Amount(amount=total - unpaid, currency=currency),
        open=Amount(amount=unpaid, currency=currency),
        seen_on=changed_at.date(),
    )
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, invoice.invoice_id, str(number), str(unpaid.normalize())),
        source=SOURCE,
        subject=invoice.invoice_id,
        occurred_at=changed_at,
        correlation_id=invoice.group.contract_id,
        legal_entity=invoice.group.legal_entity_id,
        sequence=number,
    )


def sequence(changed_at: datetime, total: Decimal, unpaid: Decimal) -> int:
    """Microseconds of the last change. NetSuite's text ends at the second, so the part below it is the share that is
    paid: two payments within one second stay in order."""
    share = (total - unpaid) / total if total else Decimal(1)
    below = min(max(share, Decimal(0)), Decimal(1)) * 999_999
    return int(changed_at.timestamp()) * 1_000_000 + int(below)
