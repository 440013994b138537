"""Step: PSA and ERP sides stand. The project is active, its exceptions close, the time held for it is released."""

from __future__ import annotations

from dataclasses import replace

from events.envelope import AnyEnvelope
from events.project_activated.v1 import ProjectActivated
from functions.processes.from_events import as_ref
from functions.processes.parking import release
from shared.domain.project import Project, ProjectStatus
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import close_trouble
from shared.runtime.wiring import AwsPorts


class ActivateProject(Input):
    project_id: str
    contract_id: str
    correlation_id: str


@process_step(ActivateProject, wire=AwsPorts.from_env)
def handler(command: ActivateProject, ports: Ports) -> dict[str, int | str]:
    project = ports.projects.get(command.project_id)
    ports.projects.update(project.project_id, activated, events=[activation(project, command.correlation_id, ports)])
    close_trouble(ports, project.project_id, [policy.type for policy in ports.policies.current().exceptions])
    released = release(f"project:{project.project_id}", ports)
    return {"project_id": project.project_id, "released": released}


def activated(project: Project) -> Project:
    return replace(project, status=ProjectStatus.ACTIVE, blocked_by=None)


def activation(project: Project, correlation_id: str, ports: Ports) -> AnyEnvelope:
    return announce(
        ProjectActivated(
            project_id=project.project_id,
            contract_id=project.contract_id,
            legal_entity_id=project.legal_entity_id,
            refs=tuple(as_ref(ref) for ref in project.refs),
        ),
        process="opportunity_to_project",
        subject=project.project_id,
        happening="1",
        at=ports.clock.now(),
        correlation_id=correlation_id,
        legal_entity=project.legal_entity_id,
    )
