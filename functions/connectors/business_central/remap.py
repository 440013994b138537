"""Rows as Business Central told them once -> the events that the mapping of this tree makes of them. connector.yaml names
these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.business_central.client import Row
from functions.connectors.business_central.mapping import DRAFTS, UNDONE, status_of
from functions.connectors.business_central.payment import paid_event
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.texts import our_id_of


def payments(row: Row, beside: Mapping[str, Any], ports: BusinessCentralPorts) -> list[AnyEnvelope]:
    """beside: "seen_at", and "before": by invoice the sequence of what was told of it until then."""
    invoice = ports.invoices.find(our_id_of(row.get("externalDocumentNumber")) or "")
    if invoice is None or status_of(row) in DRAFTS | UNDONE:
        return []
    seen_at, before = datetime.fromisoformat(beside["seen_at"]), int(beside["before"][invoice.invoice_id])
    return [paid_event(row, invoice, seen_at, before)]
