"""EnsureErpProject: the enterprise project stands under its customer, once, and is released: only then may it be billed."""

from __future__ import annotations

from events.commands import EnsureErpProject, EnsureErpProjectResult
from events.values import Ref
from functions.connectors.sap_s4hana.client import PROJECTS, Row
from functions.connectors.sap_s4hana.mapping import project_body, project_key
from functions.connectors.sap_s4hana.odata import literal
from functions.connectors.sap_s4hana.partner import need_partner
from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.settings import SYSTEM
from shared.faults import BusinessException, Duplicate, Transient

LANE = "reference"
CREATED = "00"


def ensure_erp_project(command: EnsureErpProject, ports: SapPorts) -> EnsureErpProjectResult:
    """Its number is ours and unique, so of two writers at once one is refused and finds it.

    Raises BusinessException("erp_customer_missing").
    """
    project = _find(command, ports) or _made(command, ports)
    project_uuid = str(project.get("ProjectUUID") or "")
    if not project_uuid:
        raise Transient("unknown_outcome", cause="erp_rows_unreadable")
    if str(project.get("ProcessingStatus") or CREATED) == CREATED:
        release = {"ProjectUUID": f"guid'{project_uuid}'", "ProcessingStatus": literal(ports.erp.released_status)}
        ports.sap.call(PROJECTS, "ChangeEntProjProcgStatus", release, lane=LANE)
    return EnsureErpProjectResult(ref=Ref(system=SYSTEM, kind="project", id=project_uuid))


def _find(command: EnsureErpProject, ports: SapPorts) -> Row | None:
    question = f"Project eq {literal(project_key(command.project_id))}"
    rows = ports.sap.rows(PROJECTS, "A_EnterpriseProject", filter=question, lane=LANE)
    return rows[0] if rows else None


def _made(command: EnsureErpProject, ports: SapPorts) -> Row:
    customer = need_partner(command.customer_id, ports, lane=LANE)
    body = project_body(command, str(customer["BusinessPartnerUUID"]), ports.erp)
    try:
        return ports.sap.create(PROJECTS, "A_EnterpriseProject", body, lane=LANE)
    except Duplicate as taken:
        found = _find(command, ports)
        if found is None:
            facts = {**taken.facts, "project_id": command.project_id}
            raise BusinessException("erp_name_taken", **facts) from taken
        return found
