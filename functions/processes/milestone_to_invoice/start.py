"""milestone.completed: keep it; start its saga, or tell the one that waits for the approval.

While its project is unknown or not active it waits, as time does.
"""

from __future__ import annotations

from events.envelope import AnyEnvelope
from events.milestone_completed.v1 import MilestoneCompleted
from functions.processes.from_events import milestone_of
from functions.processes.place import Waiting, hold, place
from shared.domain.source import Applied
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.trouble import settle
from shared.runtime.wiring import AwsPorts
from shared.usecases.open_exception import exception_id

QUEUE = "milestone"


@event_consumer(MilestoneCompleted, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied | None:
    milestone = milestone_of(event.data)
    applied = ports.milestones.save(milestone, sequence=event.sequence)
    if applied is Applied.STALE:
        return applied
    found = place(event.data.project_ref, ports)
    if isinstance(found, Waiting):
        hold(event, found, queue=QUEUE, again=lambda: place(event.data.project_ref, ports), ports=ports)
        return None
    payload = {"milestone_id": milestone.milestone_id, "correlation_id": event.correlationid}
    started = ports.sagas.start("milestone_to_invoice", milestone.milestone_id, payload)
    if not started and milestone.approver:
        settle(ports, exception_id("approval_missing", milestone.milestone_id), "approved", by=milestone.approver)
    return applied
