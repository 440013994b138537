"""Step: a page of the legal entity's contracts; small enough for the state's 256 KB."""

from __future__ import annotations

from itertools import islice

from pydantic import BaseModel

from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts

PAGE = 500


class ListContracts(BaseModel):
    legal_entity_id: str
    after: str | None = None


@process_step(ListContracts, wire=AwsPorts.from_env)
def handler(command: ListContracts, ports: Ports) -> dict[str, object]:
    page = list(islice(ports.contracts.of_legal_entity(command.legal_entity_id, after=command.after), PAGE))
    return {"contract_ids": page, "after": page[-1] if len(page) == PAGE else None}
