"""Step: set-up stopped half way. The project is blocked, shown, owned; the saga waits with its token."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from events.project_blocked.v1 import ProjectBlocked
from functions.processes.open_exception import fault_in
from shared.domain.project import ProjectStatus
from shared.ports.ports import Ports
from shared.runtime.announce import announce
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import raise_trouble
from shared.runtime.wiring import AwsPorts

_SYSTEM_OF = {"CreatePsaProject": "PSA", "EnsureErpCustomer": "ERP", "EnsureErpProject": "ERP"}


class BlockProject(Input):
    project_id: str
    contract_id: str
    correlation_id: str
    step: str
    error: dict[str, Any] = Field(default_factory=dict)
    task_token: str = Field(repr=False)


@process_step(BlockProject, wire=AwsPorts.from_env)
def handler(command: BlockProject, ports: Ports) -> dict[str, str]:
    code, facts = fault_in(command.error)
    contract = ports.contracts.find(command.contract_id)
    legal_entity_id = contract.legal_entity_id if contract else ports.policies.current().identity_scope
    system = _SYSTEM_OF.get(command.step, "Billweave")
    trouble = raise_trouble(
        ports,
        "project_setup_failed",
        command.project_id,
        legal_entity_id=legal_entity_id,
        correlation_id=command.correlation_id,
        facts=facts | {"step": command.step, "code": code, "system": system},
        task_token=command.task_token,
    )
    blocked = announce(
        ProjectBlocked(
            project_id=command.project_id,
            contract_id=command.contract_id,
            legal_entity_id=legal_entity_id,
            failed_step=command.step,
            system=system,
            code=code,
            exception_id=trouble.exception_id,
        ),
        process="opportunity_to_project",
        subject=command.project_id,
        happening=f"{command.step}:{code}",
        at=ports.clock.now(),
        correlation_id=command.correlation_id,
        legal_entity=legal_entity_id,
    )
    if ports.projects.find(command.project_id):
        ports.projects.update(
            command.project_id,
            lambda project: replace(project, status=ProjectStatus.BLOCKED, blocked_by=code),
            events=[blocked],
        )
    return {"exception_id": trouble.exception_id}
