"""Step: a page of the contracts that may be due; small enough for the state's 256 KB."""

from __future__ import annotations

from datetime import date
from itertools import islice

from shared.domain.contract import Contract, Grouping
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.billing_cut import RunScope, may_be_due

PAGE = 500


class ListContracts(Input):
    legal_entity_id: str
    after: str | None = None
    through: date | None = None
    since: date | None = None
    contract_id: str | None = None


@process_step(ListContracts, wire=AwsPorts.from_env)
def handler(command: ListContracts, ports: Ports) -> dict[str, object]:
    """A scheduled run (`since`) leaves out what its schedule says is not due; drafting decides about the others."""
    if command.contract_id:
        return {"contract_ids": [command.contract_id], "after": None}
    contracts = list(islice(ports.contracts.of_legal_entity(command.legal_entity_id, after=command.after), PAGE))
    scope = RunScope(command.through or date.max, since=command.since)
    due = [each for each in contracts if command.through is None or may_be_due(each, scope)]
    named = [each.contract_id for each in due if stands_for(each, scope.through, ports)]
    return {"contract_ids": named, "after": contracts[-1].contract_id if len(contracts) == PAGE else None}


def stands_for(contract: Contract, through: date, ports: Ports) -> bool:
    """Contracts that are invoiced together are drafted together: one of them is listed for all."""
    if contract.grouping is not Grouping.CUSTOMER:
        return True
    from functions.processes.account_of_day import account_of_day  # most contracts stand alone

    return account_of_day(contract, through, ports).contracts[0].contract_id == contract.contract_id
