"""A deal that was said to be won is read whole from Salesforce and announced, if it is won. The trigger is never believed.

One deal a message: a deal that cannot be read stops no other.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from events.envelope import AnyEnvelope, EventData, make_envelope
from functions.connectors.salesforce.ids import record_id
from functions.connectors.salesforce.mapping import contract_id, opportunity_id, sequence_of, to_closed_won, to_contract
from functions.connectors.salesforce.query import deals_by_id
from functions.connectors.salesforce.wiring import SalesforcePorts
from shared.domain.identity import derived_id
from shared.faults import BusinessException
from shared.runtime.queue_worker import queue_worker
from shared.runtime.refusal import open_refusal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DealSeen(BaseModel):
    """via: what told us ("outbound_message", "change_event", "poll"). raw_key: where its raw bytes are kept."""

    opportunity_id: str
    via: str
    raw_key: str | None = None


@queue_worker(DealSeen, wire=SalesforcePorts.from_env)
def handler(seen: DealSeen, ports: SalesforcePorts) -> dict[str, Any]:
    deal = record_id(seen.opportunity_id)
    rows = ports.client.query(deals_by_id([deal], ports.own), lane="reference")
    won = [row for row in rows if row.get("IsWon")]
    if not won:
        return {"deal": deal, "won": False}
    try:
        events = announcements(won[0], ports)
    except BusinessException as refusal:
        about = opportunity_id(won[0], ports.scope)
        open_refusal(ports, refusal, work="salesforce.read_deals", subject=about, correlation_id=about)
        return {"deal": deal, "refused": refusal.code}
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, system="salesforce")
    return {"deal": deal, "new": recorded.new, "duplicates": recorded.duplicates}


def announcements(row: dict[str, Any], ports: SalesforcePorts) -> list[AnyEnvelope]:
    """The same version of a deal always gives the same two events."""
    scope, own = ports.scope, ports.own
    contract = to_contract(row, scope, own)
    thread = contract_id(row, scope)
    return [
        envelope(to_closed_won(row, scope, own), opportunity_id(row, scope), row, thread, contract.legal_entity_id),
        envelope(contract, thread, row, thread, contract.legal_entity_id),
    ]


def envelope(data: EventData, subject: str, row: dict[str, Any], thread: str, legal_entity: str) -> AnyEnvelope:
    sequence = sequence_of(row)
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, subject, str(sequence)),
        source="billweave/connectors/salesforce",
        subject=subject,
        occurred_at=_EPOCH + timedelta(microseconds=sequence),
        correlation_id=thread,
        legal_entity=legal_entity,
        sequence=sequence,
    )
