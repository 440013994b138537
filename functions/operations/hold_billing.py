"""`billweave hold place|release`: nothing of a project, contract or customer is invoiced until somebody lets go."""

from __future__ import annotations

from pydantic import Field

from events.envelope import AnyEnvelope
from events.hold_changed.v1 import HoldChanged
from functions.operations.meant import meant
from shared.domain.hold import Hold, HoldLevel
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.place_hold import hold_change


class HoldBilling(Input):
    level: HoldLevel
    subject_id: str
    held: bool
    by: str = Field(min_length=1)
    reason: str = Field(min_length=1)


@process_step(HoldBilling, wire=AwsPorts.from_env)
def handler(command: HoldBilling, ports: Ports) -> dict[str, object]:
    """changed: False where it stood as wanted. Raises BusinessException for a subject that nobody knows."""
    find = {
        HoldLevel.PROJECT: ports.projects.find,
        HoldLevel.CONTRACT: ports.contracts.find,
        HoldLevel.CUSTOMER: ports.customers.find,
    }[command.level]
    command = command.model_copy(update={"subject_id": meant(command.subject_id, find, ports)})
    before = ports.holds.find(command.level, command.subject_id)
    change = hold_change(
        command.level,
        command.subject_id,
        legal_entity_of(command, ports),
        held=command.held,
        reason=command.reason,
        by=command.by,
        at=ports.clock.now(),
    )
    after = ports.holds.tell(command.level, command.subject_id, change, events=lambda hold: [hold_changed(hold)])
    changed = (after.version if after else 0) != (before.version if before else 0)
    return {"level": command.level.value, "subject_id": command.subject_id, "held": command.held, "changed": changed}


def hold_changed(hold: Hold) -> AnyEnvelope:
    return announce(
        HoldChanged(
            level=hold.level.value,
            subject_id=hold.subject_id,
            held=hold.held,
            reason=hold.reason,
            by=hold.by,
            version=hold.version,
        ),
        process="holds",
        subject=hold.subject_id,
        happening=f"{hold.level.value}:{hold.version}",
        at=hold.at,
        correlation_id=hold.subject_id,
        legal_entity=hold.legal_entity_id,
    )


def legal_entity_of(command: HoldBilling, ports: Ports) -> str:
    """Of the project or contract; a customer belongs to all, so to the scope of the whole deployment."""
    if command.level is HoldLevel.PROJECT:
        return ports.projects.get(command.subject_id).legal_entity_id
    if command.level is HoldLevel.CONTRACT:
        return ports.contracts.get(command.subject_id).legal_entity_id
    if ports.customers.find(command.subject_id) is None:
        raise BusinessException("customer_unknown", customer_id=command.subject_id)
    return ports.policies.current().identity_scope
