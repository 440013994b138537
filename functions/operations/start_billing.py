"""`billweave bill`: starts the billing run of one legal entity, or of one contract of it, through a date."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.billing_cut import RunScope


class StartBilling(Input):
    """through: bills contracts whose period has ended by then. run: tells runs of the same day apart; one starts once.

    requested_by: a person, who may then not approve what the run drafts.
    contract_id: this contract alone, also if it is billed on demand. interim: bills what was worked through the day though
    its period has not ended.
    """

    legal_entity_id: str
    through: date
    run: str = Field(pattern=r"^[A-Za-z0-9_-]{1,30}$")
    requested_by: str
    contract_id: str | None = None
    interim: bool = False


@process_step(StartBilling, wire=AwsPorts.from_env)
def handler(command: StartBilling, ports: Ports) -> dict[str, object]:
    check(command, ports)
    scope = RunScope(command.through, contract_id=command.contract_id, interim=command.interim)
    return start(command.legal_entity_id, scope, command.run, ports, requested_by=command.requested_by)


def check(command: StartBilling, ports: Ports) -> None:
    if ports.policies.current().legal_entity(command.legal_entity_id) is None:
        known = ", ".join(entity.legal_entity_id for entity in ports.policies.current().legal_entities)
        raise BusinessException("legal_entity_unknown", legal_entity_id=command.legal_entity_id, known=known)
    if command.contract_id:
        contract = ports.contracts.get(command.contract_id)
        if contract.legal_entity_id != command.legal_entity_id:
            raise BusinessException("contract_of_another_entity", legal_entity_id=contract.legal_entity_id)


def start(
    legal_entity_id: str, scope: RunScope, run: str, ports: Ports, *, requested_by: str | None = None
) -> dict[str, object]:
    """The run's name is its identity; 80 characters are all that Step Functions takes."""
    of_contract = f"-{scope.contract_id[:8]}" if scope.contract_id else ""
    name = f"bill-{legal_entity_id}-{scope.through.isoformat()}-{run}{of_contract}"
    payload = {
        "legal_entity_id": legal_entity_id,
        "through": scope.through.isoformat(),
        "since": scope.since.isoformat() if scope.since else None,
        "contract_id": scope.contract_id,
        "interim": scope.interim,
        "requested_by": requested_by,
    }
    return {"run": name, "started": ports.sagas.start("time_to_bill", name, payload)}
