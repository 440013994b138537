"""Step: the project exists in the fabric, being set up."""

from __future__ import annotations

from shared.domain.project import Project, ProjectStatus
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.contract_projects import contract_projects


class OpenProject(Input):
    project_id: str
    contract_id: str
    correlation_id: str


@process_step(OpenProject, wire=AwsPorts.from_env)
def handler(command: OpenProject, ports: Ports) -> dict[str, str]:
    contract = ports.contracts.get(command.contract_id)
    project = Project(
        project_id=command.project_id,
        contract_id=contract.contract_id,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        name=contract_projects(contract).get(command.project_id, contract.project_name),
        status=ProjectStatus.SETTING_UP,
    )
    return {"project_id": project.project_id, "applied": ports.projects.add(project).value}
