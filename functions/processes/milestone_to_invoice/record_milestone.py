"""Step: an approved milestone of an active project becomes WIP, once, at the amount the contract says."""

from __future__ import annotations

from functions.processes.from_events import as_ref
from functions.processes.place import Waiting, place
from functions.processes.wip_recorded import wip_recorded
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.apply_source import apply_source
from shared.usecases.milestone_item import milestone_item


class RecordMilestone(Input):
    milestone_id: str
    correlation_id: str


@process_step(RecordMilestone, wire=AwsPorts.from_env)
def handler(command: RecordMilestone, ports: Ports) -> dict[str, str]:
    milestone = ports.milestones.get(command.milestone_id)
    found = place(as_ref(milestone.project_ref), ports)
    if isinstance(found, Waiting):
        raise BusinessException(found.reason, waiting_for=found.waiting_for)
    if known := ports.wip.source(milestone.milestone_id):
        return {"wip_id": known.wip_id or ""}
    day = milestone.completed_on
    contract = found.contract_on(day) if day else found.contract
    item = milestone_item(contract=contract, project=found.project, milestone=milestone)
    source, items = apply_source(
        None,
        None,
        item,
        source_id=milestone.milestone_id,
        ref=milestone.ref,
        sequence=item.source_sequence,
        contract=found.contract,
        project_id=found.project.project_id,
    )
    ports.wip.record(source, items, previous=None, events=[wip_recorded(each, None, ports) for each in items])
    return {"wip_id": item.wip_id}
