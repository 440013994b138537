"""An approved time entry or expense becomes WIP: placed, valued, recorded once per version, or parked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from events.envelope import AnyEnvelope
from events.values import Ref
from events.wip_recorded.v1 import WipRecorded
from functions.processes.from_events import as_amount, ref_of
from functions.processes.parking import park
from shared.domain.contract import Contract
from shared.domain.identity import ExternalRef
from shared.domain.project import Project, ProjectStatus
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.usecases.apply_source import apply_source


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source record belongs. card: None while the project has no rate card."""

    project: Project
    contract: Contract
    card: RateCard | None


@dataclass(frozen=True, slots=True)
class Waiting:
    waiting_for: str
    reason: str
    exception: str | None


ToItem = Callable[[Place], WipItem | None]
"""The item that the source's present version stands for; None once it is withdrawn."""


def record_source(event: AnyEnvelope, to_item: ToItem, *, queue: str, ports: Ports) -> Applied | None:
    """None: parked. A record is parked first and looked at once more, so that what arrives in between frees it."""
    previous = ports.wip.source(event.subject)
    if previous and previous.sequence >= event.sequence:
        return Applied.DUPLICATE if previous.sequence == event.sequence else Applied.STALE
    found = place(event.data.project_ref, ports)
    if isinstance(found, Waiting):
        park_for(event, found, queue, ports)
        return None
    try:
        wanted = to_item(found)
    except BusinessException as refusal:
        if refusal.code not in ("rate_missing", "rate_overlap"):
            raise
        waiting_for = f"rate_card:{found.project.project_id}"
        park_for(event, Waiting(waiting_for, refusal.code, "rate_missing"), queue, ports)
        return None
    return write(event, found, wanted, ports)


def place(project_ref: Ref, ports: Ports) -> Place | Waiting:
    ref = ref_of(project_ref)
    project_id = ports.references.canonical(ref)
    if project_id is None:
        return Waiting(f"reference:{ref.system}:{ref.kind}:{ref.id}", "unknown_project", "unknown_project")
    project = ports.projects.get(project_id)
    if project.status is not ProjectStatus.ACTIVE:
        return Waiting(f"project:{project_id}", "project_not_active", None)
    return Place(project, ports.contracts.get(project.contract_id), ports.rate_cards.of_project(project_id))


def park_for(event: AnyEnvelope, waiting: Waiting, queue: str, ports: Ports) -> None:
    park(
        event,
        queue=queue,
        waiting_for=waiting.waiting_for,
        reason=waiting.reason,
        exception=waiting.exception,
        ports=ports,
    )


def write(event: AnyEnvelope, found: Place, wanted: WipItem | None, ports: Ports) -> Applied:
    previous = ports.wip.source(event.subject)
    current = ports.wip.get(previous.wip_id) if previous and previous.wip_id else None
    source, items = apply_source(
        previous,
        current,
        wanted,
        source_id=event.subject,
        ref=source_ref(event),
        sequence=event.sequence,
        contract=found.contract,
        project_id=found.project.project_id,
    )
    events = [wip_recorded(item, event, ports) for item in items]
    return ports.wip.record(source, items, events=events)


def source_ref(event: AnyEnvelope) -> ExternalRef:
    return ref_of(event.data.ref)


def wip_recorded(item: WipItem, cause: AnyEnvelope | None, ports: Ports) -> AnyEnvelope:
    return announce(
        WipRecorded(
            wip_id=item.wip_id,
            kind=item.kind.value,
            contract_id=item.contract_id,
            line_id=item.line_id,
            project_id=item.project_id,
            source_id=item.source_id,
            value=as_amount(item.value),
            quantity=item.valuation.quantity,
            unit=item.valuation.unit,
            unit_price=item.valuation.unit_price.amount,
            rule=item.valuation.rule,
            worked_on=item.worked_on,
            reverses=item.reverses,
        ),
        process="time_to_bill",
        subject=item.wip_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=item.contract_id,
        legal_entity=item.legal_entity_id,
        caused_by=cause.id if cause else None,
    )
