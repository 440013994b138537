"""An approved time entry or expense becomes WIP: placed, valued, recorded once per version, or parked."""

from __future__ import annotations

from collections.abc import Callable

from events.envelope import AnyEnvelope
from functions.processes.from_events import ref_of
from functions.processes.place import Place, Places, Waiting, hold, place_of, refused
from functions.processes.wip_recorded import wip_recorded
from shared.domain.identity import ExternalRef
from shared.domain.source import Applied, SourceRecord
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from shared.ports.ports import Ports
from shared.usecases.apply_source import apply_source

ToItem = Callable[[Place], WipItem | None]
"""The item that the source's present version stands for; None once it is withdrawn."""


def record_source(
    event: AnyEnvelope, to_item: ToItem, *, queue: str, ports: Ports, places: Places | None = None
) -> Applied | None:
    """None: parked, until its project is there and active, its rate is known, its contract has a line for it."""
    seen = look(event, to_item, ports, {} if places is None else places)
    if not isinstance(seen, Waiting):
        return write_first(event, *seen, ports)
    if repeat := passed(event, ports.wip.source(event.subject)):
        return repeat
    hold(event, seen, queue=queue, again=lambda: look(event, to_item, ports, {}), ports=ports)
    return None


def write_first(event: AnyEnvelope, found: Place, wanted: WipItem | None, ports: Ports) -> Applied:
    """Most come once: written as the first version, and read before it is written only if another one stands."""
    try:
        return write(event, None, found, wanted, ports)
    except Transient as moved:
        if moved.code != "source_moved":
            raise
    previous = ports.wip.source(event.subject)
    return passed(event, previous) or write(event, previous, found, wanted, ports)


def passed(event: AnyEnvelope, previous: SourceRecord | None) -> Applied | None:
    """What this version is where it, or a later one, was applied before."""
    if previous is None or previous.sequence < event.sequence:
        return None
    return Applied.DUPLICATE if previous.sequence == event.sequence else Applied.STALE


def look(event: AnyEnvelope, to_item: ToItem, ports: Ports, places: Places) -> tuple[Place, WipItem | None] | Waiting:
    found = place_of(event.data.project_ref, ports, places)
    if isinstance(found, Waiting):
        return found
    try:
        return found, to_item(found)
    except BusinessException as refusal:
        return refused(refusal, found, ports)


def write(
    event: AnyEnvelope, previous: SourceRecord | None, found: Place, wanted: WipItem | None, ports: Ports
) -> Applied:
    """Raises Transient when another version was written since `previous` was read: this one is reckoned again."""
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
    return ports.wip.record(source, items, previous=previous, events=events)


def source_ref(event: AnyEnvelope) -> ExternalRef:
    return ref_of(event.data.ref)
