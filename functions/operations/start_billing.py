"""`billweave bill`: starts the billing run of one legal entity through a date."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts


class StartBilling(BaseModel):
    """through: bills what was worked on or before it. run: tells runs of the same day apart; the same run starts once.

    requested_by: a person, who may then not approve what the run drafts.
    """

    legal_entity_id: str
    through: date
    run: str = Field(pattern=r"^[A-Za-z0-9_-]{1,30}$")
    requested_by: str


@process_step(StartBilling, wire=AwsPorts.from_env)
def handler(command: StartBilling, ports: Ports) -> dict[str, object]:
    if ports.policies.current().legal_entity(command.legal_entity_id) is None:
        known = ", ".join(entity.legal_entity_id for entity in ports.policies.current().legal_entities)
        raise BusinessException("legal_entity_unknown", legal_entity_id=command.legal_entity_id, known=known)
    name = f"bill-{command.legal_entity_id}-{command.through.isoformat()}-{command.run}"
    payload = {
        "legal_entity_id": command.legal_entity_id,
        "through": command.through.isoformat(),
        "requested_by": command.requested_by,
    }
    return {"run": name, "started": ports.sagas.start("time_to_bill", name, payload)}
