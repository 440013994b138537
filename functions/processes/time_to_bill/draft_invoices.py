"""Step: what is due of one contract is grouped, claimed and sealed. Run again after any crash, it finishes its own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from functions.processes.contract_of_day import contract_through
from functions.processes.time_to_bill.record_source import wip_recorded
from shared.domain.contract import Contract
from shared.domain.identity import derived_id
from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus
from shared.domain.money import Money
from shared.domain.project import Project, ProjectStatus
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.runtime.wiring import AwsPorts
from shared.usecases.apply_source import apply_source
from shared.usecases.due_instalments import due_instalments
from shared.usecases.group_wip import Grouped, group_wip

_DRAFT_ATTEMPTS = 3
EXCEPTIONAL = ("missing_contract_reference", "negative_invoice", "line_ended")


class DraftInvoices(BaseModel):
    contract_id: str
    through: date
    correlation_id: str


@process_step(DraftInvoices, wire=AwsPorts.from_env)
def handler(command: DraftInvoices, ports: Ports) -> dict[str, object]:
    return draft_due(command, ports)


def draft_due(command: DraftInvoices, ports: Ports) -> dict[str, object]:
    """The step itself; a preview runs it on dry ports."""
    began_at = ports.clock.now()
    contract = contract_through(command.contract_id, command.through, ports)
    project = ports.projects.find(derived_id("project", contract.contract_id))
    if project is None:
        return {"invoices": [], "left": []}
    record_instalments(contract, project, command.through, ports)
    grouped = group_open(contract, project, command.through, ports)
    for group, items in grouped.groups.items():
        draft_group(group, items, command.through, ports)
    tell_what_is_left(contract, [left.reason for left in grouped.left], ports)
    ready = [finish(invoice, ports, began_at) for invoice in ports.invoices.unfinished(contract.contract_id)]
    return {
        "invoices": [{"invoice_id": each, "correlation_id": contract.contract_id} for each in ready if each],
        "left": sorted({left.reason for left in grouped.left}),
    }


def group_open(contract: Contract, project: Project, through: date, ports: Ports) -> Grouped:
    """What waits now, by invoice, and why the rest stays; a preview asks the same."""
    return group_wip(list(ports.wip.open_of(contract.contract_id)), contract, [project], through=through)


def record_instalments(contract: Contract, project: Project, through: date, ports: Ports) -> None:
    """Fixed-fee instalments become WIP on their date, each once: its id is its source."""
    if project.status is not ProjectStatus.ACTIVE:
        return
    for item in due_instalments(contract, project, through=through):
        if ports.wip.source(item.source_id):
            continue
        source, items = apply_source(
            None,
            None,
            item,
            source_id=item.source_id,
            ref=contract.ref,
            sequence=item.source_sequence,
            contract=contract,
            project_id=project.project_id,
        )
        ports.wip.record(source, items, previous=None, events=[wip_recorded(each, None, ports) for each in items])


def draft_group(group: BillingGroup, items: Sequence[WipItem], through: date, ports: Ports) -> Invoice:
    """Raises Transient when other runs seal every draft that this one opens: the step is tried again."""
    for _ in range(_DRAFT_ATTEMPTS):
        draft = ports.invoices.open_draft(group, through)
        try:
            ports.wip.claim(draft.invoice_id, [item.wip_id for item in items])
        except BusinessException as refusal:
            if refusal.code != "invoice_not_draft":
                raise
            continue  # another run sealed it meanwhile: the rest goes on the next one
        return draft
    raise Transient("drafts_sealed_by_others", contract_id=group.contract_id)


def finish(invoice: Invoice, ports: Ports, began_at: datetime) -> str | None:
    """Seals a draft with what it claimed; the id if it goes on, None for a draft that got nothing."""
    if invoice.status is not InvoiceStatus.DRAFT:
        return invoice.invoice_id
    claimed = list(ports.wip.claimed_by(invoice.invoice_id))
    if not claimed:
        return None
    net = sum((item.value for item in claimed), Money.zero(invoice.group.currency))
    try:
        ports.invoices.seal(invoice.invoice_id, item_count=len(claimed), net=net, began_at=began_at)
    except BusinessException as refusal:
        if refusal.code != "invoice_state":
            raise
        # another run sealed it meanwhile and may be far ahead; its saga is started once, whoever asks
    return invoice.invoice_id


def tell_what_is_left(contract: Contract, reasons: Sequence[str], ports: Ports) -> None:
    for reason in EXCEPTIONAL:
        if reason in reasons:
            raise_trouble(
                ports,
                reason,
                contract.contract_id,
                legal_entity_id=contract.legal_entity_id,
                correlation_id=contract.contract_id,
                facts={"project": contract.project_name},
            )
        elif reason != "missing_contract_reference":
            close_trouble(ports, contract.contract_id, [reason])
