"""contract.signed: keep the contract, start the set-up of its project."""

from __future__ import annotations

from events.contract_signed.v1 import ContractSigned
from events.envelope import AnyEnvelope
from functions.processes.from_events import contract_of, customer_of
from functions.processes.parking import release
from shared.domain.contract import Contract
from shared.domain.project import ProjectStatus
from shared.domain.source import Applied
from shared.ports.ports import Ports
from shared.runtime.event_consumer import event_consumer
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.runtime.wiring import AwsPorts
from shared.usecases.contract_as_of import reapply
from shared.usecases.contract_projects import contract_projects

MISSING_REFERENCE = "missing_contract_reference"
UNFIT = "amendment_unfit"


@event_consumer(ContractSigned, wire=AwsPorts.from_env)
def handler(event: AnyEnvelope, ports: Ports) -> Applied:
    signed = contract_of(event.data)
    contract = with_amendments(signed, ports)
    for party in filter(None, (event.data.customer, event.data.ship_to)):
        ports.customers.save(customer_of(party), sequence=event.sequence)
    applied = ports.contracts.save(contract, sequence=event.sequence, signed=signed)
    if applied is not Applied.STALE:  # a repeat does the rest again: the first one may have died right here
        ports.references.link(contract.ref, contract.contract_id)
        close_trouble(ports, contract.contract_id, [UNFIT])
        watch_reference(contract, ports)
        for project_id in contract_projects(contract):
            start(contract, project_id, ports)
        release(f"contract:{contract.contract_id}", ports)
    return applied


def with_amendments(signed: Contract, ports: Ports) -> Contract:
    """What the CRM delivers again is what was signed; what was amended since stays on top of it.

    Raises BusinessException("amendment_unfit") when an amendment no longer fits it: the delivery becomes an exception
    and the contract stays as it was.
    """
    standing = ports.contracts.find(signed.contract_id)
    if standing is None or not standing.amendments:
        return signed
    return reapply(signed, ports.contracts.history(signed.contract_id).amendments)


def watch_reference(contract: Contract, ports: Ports) -> None:
    """A contract without its number is set up and worked on, but nothing of it is invoiced."""
    if contract.reference:
        close_trouble(ports, contract.contract_id, [MISSING_REFERENCE])
        return
    raise_trouble(
        ports,
        MISSING_REFERENCE,
        contract.contract_id,
        legal_entity_id=contract.legal_entity_id,
        correlation_id=contract.contract_id,
        facts={"project": contract.project_name, "opportunity": contract.ref.id},
    )


def start(contract: Contract, project_id: str, ports: Ports) -> bool:
    """One saga per project, unless the project stands already: execution names are free again after 90 days."""
    project = ports.projects.find(project_id)
    if project and project.status in (ProjectStatus.ACTIVE, ProjectStatus.CLOSED):
        return False
    payload = {
        "contract_id": contract.contract_id,
        "project_id": project_id,
        "correlation_id": contract.contract_id,
    }
    return ports.sagas.start("opportunity_to_project", project_id, payload)
