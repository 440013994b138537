"""A deal that was said to be won is read whole from Salesforce and announced, if it is won. The trigger is never believed.

One deal a message: a deal that cannot be read stops no other.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from events.envelope import AnyEnvelope, EventData, make_envelope
from functions.connectors.salesforce.mapping import (
    Row,
    contract_id,
    opportunity_id,
    sequence_of,
    to_closed_won,
    to_contract,
)
from functions.connectors.salesforce.query import deals_by_id
from functions.connectors.salesforce.settings import MAPPING, SYSTEM
from functions.connectors.salesforce.wiring import SalesforcePorts
from functions.platforms.salesforce.ids import record_id
from shared.domain.identity import derived_id
from shared.faults import BusinessException, Throttled
from shared.runtime.heard import keep_heard
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input
from shared.runtime.refusal import open_refusal
from shared.runtime.trouble import UNEXPECTED, close_trouble

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REFUSALS = ("contract_mismatch", "customer_unmatched", "legal_entity_unknown", UNEXPECTED)
"""What a deal may be refused for; a deal that is right closes them by itself."""


class DealSeen(Input):
    """via: what told us ("outbound_message", "change_event", "poll"). raw_key: where its raw bytes are kept."""

    opportunity_id: str
    via: str
    raw_key: str | None = None


@queue_worker(DealSeen, wire=SalesforcePorts.from_env)
def handler(seen: DealSeen, ports: SalesforcePorts) -> dict[str, Any]:
    deal = record_id(seen.opportunity_id)
    rows = ports.client.query(deals_by_id([deal], ports.own), lane="reference")
    won = [row for row in rows if row.get("IsWon")]
    if not won or is_past(won[0], ports):
        return {"deal": deal, "won": bool(won)}
    wait_until_settled(won[0], ports)
    about, thread = opportunity_id(won[0], ports.scope), contract_id(won[0], ports.scope)
    try:
        events = announcements(won[0], ports)
    except BusinessException as refusal:
        open_refusal(ports, refusal, work="salesforce.read_deals", subject=about, correlation_id=thread)
        return {"deal": deal, "refused": refusal.code}
    close_trouble(ports, about, REFUSALS)
    keep_heard(ports, system=SYSTEM, feed="opportunities", mapping=MAPPING, rows=won[:1], beside={}, events=events)
    recorded = ports.outbox.record(events)
    if recorded.duplicates:
        ports.counts.add("duplicates_received", recorded.duplicates, system="salesforce")
    return {"deal": deal, "new": recorded.new, "duplicates": recorded.duplicates}


def is_past(row: Row, ports: SalesforcePorts) -> bool:
    first = ports.own.won_from
    return first is not None and date.fromisoformat(row["CloseDate"]) < first


def wait_until_settled(row: Row, ports: SalesforcePorts) -> None:
    """Raises Throttled while another change could still carry the same change time."""
    age = ports.clock.now() - (_EPOCH + timedelta(microseconds=sequence_of(row)))
    if timedelta(0) <= age < timedelta(seconds=ports.own.settle_s):
        raise Throttled("deal_still_changing", ports.own.settle_s)


def announcements(row: Row, ports: SalesforcePorts) -> list[AnyEnvelope]:
    """The same version of a deal always gives the same two events."""
    scope, own = ports.scope, ports.own
    contract = to_contract(row, scope, own)
    if ports.policies.current().legal_entity(contract.legal_entity_id) is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=contract.legal_entity_id)
    thread = contract_id(row, scope)
    return [
        envelope(to_closed_won(row, scope, own), opportunity_id(row, scope), row, thread, contract.legal_entity_id),
        envelope(contract, thread, row, thread, contract.legal_entity_id),
    ]


def envelope(data: EventData, subject: str, row: Row, thread: str, legal_entity: str) -> AnyEnvelope:
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
