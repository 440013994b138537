"""Step: the milestone's own invoice is drafted, claimed and sealed; nothing if a billing run was quicker."""

from __future__ import annotations

from dataclasses import replace

from functions.processes.contract_of_day import contract_through
from functions.processes.time_to_bill.billed_together import drawn_of, holds_on
from functions.processes.time_to_bill.draft_invoices import draft_group, finish
from shared.domain.invoice import BillingGroup
from shared.domain.write_off import write_off_of
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.group_wip import group_wip


class DraftMilestone(Input):
    milestone_id: str
    correlation_id: str


@process_step(DraftMilestone, wire=AwsPorts.from_env)
def handler(command: DraftMilestone, ports: Ports) -> dict[str, str | None]:
    began_at = ports.clock.now()
    source = ports.wip.source(command.milestone_id)
    if source is None or source.wip_id is None:
        raise BusinessException("milestone_not_recorded", milestone_id=command.milestone_id)
    item = ports.wip.get(source.wip_id)
    if write_off_of(item.claimed_by):
        return {"invoice_id": None}
    if item.claimed_by:
        return {"invoice_id": finish(ports.invoices.get(item.claimed_by), ports, began_at)}
    contract = contract_through(item.contract_id, item.worked_on, ports)
    projects, drawn = [ports.projects.get(item.project_id)], drawn_of(contract.contract_id, ports)
    holds = holds_on(contract, projects, ports)
    grouped = group_wip([item], contract, projects, through=item.worked_on, drawn=drawn, holds=holds)
    for left in grouped.left:
        raise BusinessException(left.reason, contract_id=contract.contract_id)
    draft = draft_group(own_group(next(iter(grouped.groups))), [item], item.worked_on, ports)
    return {"invoice_id": finish(draft, ports, began_at)}


def own_group(group: BillingGroup) -> BillingGroup:
    """Not with the month's time, nor with other contracts: a milestone is invoiced on completion."""
    return replace(group.of_contract, billing_schedule="on_completion")
