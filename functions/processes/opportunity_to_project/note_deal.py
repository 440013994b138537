"""opportunity.closed_won: the customer is known from now on; the contract follows with its own event."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from events.opportunity_closed_won.v1 import OpportunityClosedWon
from functions.processes.from_events import customer_of
from shared.domain.source import Applied
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts


@event_consumer(OpportunityClosedWon, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    return ports.customers.save(customer_of(event.data.customer), sequence=event.sequence)
