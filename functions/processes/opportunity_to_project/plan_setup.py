"""Step: is all there that the other systems need? If so, what exactly each is asked."""

from __future__ import annotations

from typing import Any

from events.commands import CreateProject, EnsureCustomer, EnsureErpProject, PlannedMilestone, ReportProject
from functions.processes.from_events import as_amount, as_party, as_ref
from shared.domain.contract import Contract, LineKind
from shared.domain.parties import Customer
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.contract_projects import contract_projects, lines_of


class PlanSetup(Input):
    project_id: str
    contract_id: str
    correlation_id: str


@process_step(PlanSetup, wire=AwsPorts.from_env)
def handler(command: PlanSetup, ports: Ports) -> dict[str, Any]:
    contract = ports.contracts.get(command.contract_id)
    customer = ports.customers.get(contract.customer_id)
    if ports.policies.current().legal_entity(contract.legal_entity_id) is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=contract.legal_entity_id)
    return plan(command.project_id, contract, customer)


def plan(project_id: str, contract: Contract, customer: Customer) -> dict[str, Any]:
    """The payload of each command of the saga, by its name."""
    party, projects = as_party(customer), contract_projects(contract)
    terms = {
        "project_id": project_id,
        "contract_id": contract.contract_id,
        "contract_reference": contract.reference,
        "legal_entity_id": contract.legal_entity_id,
        "name": projects.get(project_id, contract.project_name),
        "currency": contract.currency,
        "starts_on": contract.starts_on,
        "ends_on": contract.ends_on,
    }
    milestones = tuple(
        PlannedMilestone(milestone=line.milestone or line.description, value=as_amount(line.value))
        for line in lines_of(project_id, contract)
        if line.kind is LineKind.MILESTONE
    )
    shown = next(iter(projects))  # the deal has room for one project: its first
    commands = {
        "create_project": CreateProject(**terms, customer=party, milestones=milestones),
        "ensure_customer": EnsureCustomer(legal_entity_id=contract.legal_entity_id, customer=party),
        "ensure_erp_project": EnsureErpProject(**terms, customer_id=customer.customer_id),
        "report_project": ReportProject(opportunity_ref=as_ref(contract.ref), project_id=shown, status="active"),
    }
    return {name: command.model_dump(mode="json") for name, command in commands.items()}
