"""Deliveries that wait for something, and their release: held, never lost, in the order they were parked."""

from __future__ import annotations

import json
from collections.abc import Mapping

from events.envelope import BUS_SOURCE, AnyEnvelope
from shared.domain.source import Parked
from shared.ports.ports import Ports
from shared.runtime.trouble import raise_trouble, settle


def park(
    event: AnyEnvelope,
    *,
    queue: str,
    waiting_for: str,
    reason: str,
    exception: str | None,
    facts: Mapping[str, str],
    legal_entity_id: str,
    ports: Ports,
) -> None:
    """exception: the declared type to raise about it, None where a saga already owns the reason."""
    raised = None
    if exception:
        raised = raise_trouble(
            ports,
            exception,
            waiting_for,
            legal_entity_id=legal_entity_id,
            correlation_id=event.correlationid,
            facts={"waiting_for": waiting_for, "first_event": event.subject, **facts},
        ).exception_id
    ports.parking.park(Parked(waiting_for, event.id, queue, as_bus_body(event), reason, raised))
    ports.counts.add("parked", reason=reason)


def release(waiting_for: str, ports: Ports) -> int:
    """Sends what waited to its queue again, then forgets it: a crash in between delivers twice, which changes nothing.

    Exceptions about it close first: a delivery that has to wait again is parked, and raises its exception, before we
    are done here, and neither may be taken away by us.
    """
    waiting = ports.parking.waiting_for(waiting_for)
    for exception_id in dict.fromkeys(parked.exception_id for parked in waiting):
        if exception_id:
            settle(ports, exception_id, "cause_gone", by="billweave")
    for queue in sorted({parked.queue for parked in waiting}):
        ports.queues.send(queue, [parked.body for parked in waiting if parked.queue == queue])
    for parked in waiting:
        ports.parking.unpark(parked)
    return len(waiting)


def as_bus_body(event: AnyEnvelope) -> str:
    """The body that EventBridge would put on the queue for this event."""
    return json.dumps(
        {
            "version": "0",
            "id": event.id,
            "detail-type": event.type,
            "source": BUS_SOURCE,
            "time": event.time.isoformat(),
            "detail": event.as_json(),
        }
    )
