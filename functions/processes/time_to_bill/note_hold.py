"""billing.hold_placed and billing.hold_released: the project's work is valued on, but not invoiced while held."""

from __future__ import annotations

from dataclasses import replace

from events.billing_hold_placed.v1 import BillingHoldPlaced
from events.billing_hold_released.v1 import BillingHoldReleased
from events.envelope import AnyEnvelope
from functions.processes.from_events import ref_of
from shared.domain.project import Project
from shared.domain.source import Applied
from shared.faults import Transient
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.wiring import AwsPorts


@event_consumer(BillingHoldPlaced, BillingHoldReleased, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    project_id = ports.references.canonical(ref_of(event.data.project_ref))
    if project_id is None:
        raise Transient("project_not_known_yet", project=event.data.project_ref.id)
    outcome = Applied.STALE
    held = isinstance(event.data, BillingHoldPlaced)

    def change(project: Project) -> Project:
        nonlocal outcome
        if event.sequence <= project.hold_sequence:
            outcome = Applied.DUPLICATE if event.sequence == project.hold_sequence else Applied.STALE
            return project
        outcome = Applied.NEW
        return replace(project, on_hold=held, hold_sequence=event.sequence)

    ports.projects.update(project_id, change)
    return outcome
