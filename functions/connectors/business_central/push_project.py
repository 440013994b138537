"""EnsureErpProject: the project exists in the legal entity's company, once; its number is the dimension value too."""

from __future__ import annotations

from events.commands import EnsureErpProject, EnsureErpProjectResult
from events.values import Ref
from functions.connectors.business_central.ensure_record import ensure_record
from functions.connectors.business_central.mapping import project_body
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.settings import SYSTEM


def ensure_erp_project(command: EnsureErpProject, ports: BusinessCentralPorts) -> EnsureErpProjectResult:
    company = ports.erp.company(command.legal_entity_id)
    found = ensure_record(ports.tenant, company, "projects", project_body(command), only_new=("number",))
    return EnsureErpProjectResult(ref=Ref(system=SYSTEM, kind="project", id=found))
