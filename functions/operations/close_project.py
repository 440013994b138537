"""`billweave project close`: delivery is done; contracts billed on completion are due once all their projects are closed."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from shared.domain.project import Project, ProjectStatus
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts


class CloseProject(Input):
    project_id: str
    by: str = Field(min_length=1)


@process_step(CloseProject, wire=AwsPorts.from_env)
def handler(command: CloseProject, ports: Ports) -> dict[str, str]:
    """Closing twice is closing once. Raises BusinessException("project_not_active") while it is set up or blocked."""

    def change(project: Project) -> Project:
        if project.status is ProjectStatus.CLOSED:
            return project
        if project.status is not ProjectStatus.ACTIVE:
            raise BusinessException("project_not_active", project_id=project.project_id, status=project.status.value)
        return replace(project, status=ProjectStatus.CLOSED, closed_by=command.by)

    closed = ports.projects.update(command.project_id, change)
    return {"project_id": closed.project_id, "status": closed.status.value, "by": closed.closed_by or ""}
