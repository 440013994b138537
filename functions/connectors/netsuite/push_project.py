"""EnsureErpProject: the job exists under its customer, once, with our project id as external id."""

from __future__ import annotations

from events.commands import EnsureErpProject, EnsureErpProjectResult
from events.values import Ref
from functions.connectors.netsuite.ensure_record import ensure_record
from functions.connectors.netsuite.mapping import job_body
from functions.connectors.netsuite.ports import NetSuitePorts
from functions.connectors.netsuite.settings import SYSTEM

LANE = "reference"


def ensure_erp_project(command: EnsureErpProject, ports: NetSuitePorts) -> EnsureErpProjectResult:
    currency_id = ports.currencies.id_of(command.currency, lane=LANE)
    body = job_body(command, currency_id, ports.erp)
    internal_id = ensure_record(ports.netsuite, "job", command.project_id, body, replace="", lane=LANE)
    return EnsureErpProjectResult(ref=Ref(system=SYSTEM, kind="job", id=internal_id))
