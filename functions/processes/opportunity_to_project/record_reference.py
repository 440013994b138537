"""Step: another system's id for the project or its customer is known; what waited for it goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from events.project_created.v1 import ProjectCreated
from events.values import Ref
from functions.processes.from_events import as_ref, ref_of
from functions.processes.parking import release
from shared.domain.identity import ExternalRef
from shared.domain.project import Project
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts


class RecordReference(Input):
    project_id: str
    contract_id: str
    correlation_id: str
    ref: Ref
    of: Literal["project", "customer"]
    announce: bool


@process_step(RecordReference, wire=AwsPorts.from_env)
def handler(command: RecordReference, ports: Ports) -> dict[str, str]:
    ref, project = ref_of(command.ref), ports.projects.get(command.project_id)
    if command.of == "customer":
        ports.references.link(ref, project.customer_id)
        return {"ref": ref.id}
    ports.references.link(ref, project.project_id)
    keep(ref, project, command, ports)
    release(f"reference:{ref.system}:{ref.kind}:{ref.id}", ports)
    return {"ref": ref.id}


def keep(ref: ExternalRef, project: Project, command: RecordReference, ports: Ports) -> None:
    known = tuple(dict.fromkeys((*project.refs, ref)))
    created = announce(
        ProjectCreated(
            project_id=project.project_id,
            contract_id=project.contract_id,
            customer_id=project.customer_id,
            legal_entity_id=project.legal_entity_id,
            name=project.name,
            refs=tuple(as_ref(each) for each in known),
        ),
        process="opportunity_to_project",
        subject=project.project_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=command.correlation_id,
        legal_entity=project.legal_entity_id,
    )
    ports.projects.update(
        project.project_id,
        lambda now: replace(now, refs=tuple(dict.fromkeys((*now.refs, ref)))),
        events=[created] if command.announce else [],
    )
