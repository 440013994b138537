"""Billing documents that were paid, or credited, are told: with what the journal has booked on them.

Source: docs/connectors/sap_s4hana.md, "Payments".
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from events.envelope import AnyEnvelope
from functions.connectors.sap_s4hana.client import JOURNAL, Row
from functions.connectors.sap_s4hana.journal import question
from functions.connectors.sap_s4hana.odata import plain
from functions.connectors.sap_s4hana.payment import is_touched, our_id, paid_event
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.settings import MAPPING, SYSTEM
from shared.domain.invoice import Invoice
from shared.faults import Poison
from shared.runtime.heard import keep_heard

LANE = "poll"

Told = tuple[Row, list[Row], AnyEnvelope]


def announce(rows: list[Row], ports: SapPorts) -> None:
    """invoice.paid for those billing documents that are ours and have something set against them. rows: BILL_FIELDS."""
    told = _told([row for row in rows if is_touched(row)], ports)
    _keep(told, ports)
    _record([event for _, _, event in told], ports)


def _told(rows: list[Row], ports: SapPorts) -> list[Told]:
    """Of ours among them, with their journal items, which are asked for in one batch."""
    ours = [(row, invoice) for row in rows if (invoice := _invoice(row, ports)) is not None]
    if not ours:
        return []
    answers = ports.sap.batch(JOURNAL, [question(row) for row, _ in ours], lane=LANE)
    found = []
    for (row, invoice), items in zip(ours, answers, strict=True):
        event = _readable(row, items, invoice, ports)
        if event is not None:
            found.append((row, items, event))
    return found


def _invoice(row: Row, ports: SapPorts) -> Invoice | None:
    """None for what is not ours."""
    ours = our_id(row)
    invoice = ports.invoices.find(ours) if ours is not None else None
    if ours is not None and invoice is None:
        ports.counts.add("foreign_invoices_ignored", feed="payments")
    return invoice


def _readable(row: Row, items: list[Row], invoice: Invoice, ports: SapPorts) -> AnyEnvelope | None:
    """One that cannot be read is kept raw and counted; it stops no other."""
    try:
        return paid_event(row, items, invoice)
    except Poison as poison:
        kept = json.dumps({"bill": row, "items": items}, default=str).encode()
        ports.raw.keep(SYSTEM, "payments-unreadable", kept)
        ports.counts.add("poison_received", feed="payments", code=poison.code)
        return None


def _keep(told: Sequence[Told], ports: SapPorts) -> None:
    rows = [row for row, _, _ in told]
    beside = {"items": {plain(row["BillingDocument"]): items for row, items, _ in told}}
    events = [event for _, _, event in told]
    keep_heard(ports, system=SYSTEM, feed="payments", mapping=MAPPING, rows=rows, beside=beside, events=events)


def _record(events: list[AnyEnvelope], ports: SapPorts) -> None:
    if not events:
        return
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, feed="payments")
