"""Step: what is due of one contract is grouped, claimed and sealed. Run again after any crash, it finishes its own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from functions.processes.contract_of_day import contract_through
from functions.processes.crediting import finish_memo
from functions.processes.time_to_bill.credit_corrections import credit_corrections
from functions.processes.time_to_bill.late_work import allowed_late, tell_late_work
from functions.processes.time_to_bill.ready_items import ready_items
from functions.processes.time_to_bill.record_due import record_due
from functions.processes.time_to_bill.within_caps import group_within_caps
from shared.domain.contract import Contract
from shared.domain.hold import Hold, HoldLevel
from shared.domain.invoice import BillingGroup, Invoice, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.trouble import UNEXPECTED, close_trouble, raise_trouble
from shared.runtime.wiring import AwsPorts
from shared.usecases.billing_cut import BillingCut, RunScope, billing_cut
from shared.usecases.group_wip import LATER_PERIOD, LINE_ENDED, Grouped, Left, Until, group_wip
from shared.usecases.invoice_life import advance
from shared.usecases.late_work import late_rule
from shared.usecases.purchase_orders import EXCEEDED, EXPIRED, limit_of

_DRAFT_ATTEMPTS = 3
EXCEPTIONAL = ("missing_contract_reference", "negative_invoice", LINE_ENDED, EXCEEDED, EXPIRED)


class DraftInvoices(BaseModel):
    """since, asked, interim: as in RunScope; asked: a person named this contract."""

    contract_id: str
    through: date
    correlation_id: str
    since: date | None = None
    asked: bool = False
    interim: bool = False
    requested_by: str | None = None

    @property
    def scope(self) -> RunScope:
        return RunScope(self.through, self.since, self.contract_id if self.asked else None, self.interim)


@process_step(DraftInvoices, wire=AwsPorts.from_env)
def handler(command: DraftInvoices, ports: Ports) -> dict[str, object]:
    return draft_due(command, ports)


def draft_due(command: DraftInvoices, ports: Ports) -> dict[str, object]:
    """The step itself; a preview runs it on dry ports."""
    began_at = ports.clock.now()
    contract = contract_through(command.contract_id, command.through, ports)
    projects = ports.projects.of_contract(contract.contract_id)
    if not projects:
        return {"invoices": [], "left": []}
    cut = billing_cut(contract, projects, command.scope)
    left = draft_cut(contract, projects, cut, ports, submitter=command.requested_by)
    ready = [finish(invoice, ports, began_at) for invoice in ports.invoices.unfinished(contract.contract_id)]
    close_trouble(ports, contract.contract_id, [UNEXPECTED])  # what stopped an earlier run stops this one no more
    return {
        "invoices": [{"invoice_id": each, "correlation_id": contract.contract_id} for each in ready if each],
        "left": sorted(set(left)),
    }


def draft_cut(
    contract: Contract, projects: Sequence[Project], cut: BillingCut, ports: Ports, *, submitter: str | None = None
) -> list[str]:
    """Why what is left is left; nothing is looked at while the contract's schedule has nothing due."""
    if cut.period_end is None:
        return []
    record_due(contract, projects, cut.dated or cut.period_end, ports)
    items = ready_items(contract, cut.work or cut.period_end, ports)
    grouped = group_due(items, contract, projects, cut, cut.period_end, ports)
    if credited := credit_corrections(grouped.left, items, ports):
        items = [item for item in items if item.wip_id not in credited]
        grouped = group_due(items, contract, projects, cut, cut.period_end, ports)
    for group, each in grouped.groups.items():
        draft_group(group, each, cut.period_end, ports, submitter=submitter)
    tell_what_is_left(contract, [left.reason for left in grouped.left], ports)
    tell_late_work(contract, items, grouped.left, ports)
    return [left.reason for left in grouped.left]


def group_open(contract: Contract, projects: Sequence[Project], scope: RunScope, ports: Ports) -> Grouped:
    """What waits now, by invoice, and why the rest stays; a preview asks the same, on dry ports."""
    items, cut = list(ports.wip.open_of(contract.contract_id)), billing_cut(contract, projects, scope)
    if cut.period_end is None:
        return Grouped({}, [Left(item.wip_id, LATER_PERIOD) for item in items])
    return group_due(items, contract, projects, cut, cut.period_end, ports)


def group_due(
    items: Sequence[WipItem],
    contract: Contract,
    projects: Sequence[Project],
    cut: BillingCut,
    period_end: date,
    ports: Ports,
) -> Grouped:
    days = ports.policies.current().late_work_days
    late = late_rule(contract, period_end, days, allowed_late(contract, ports) if days is not None else ())
    until = Until(cut.work or date.min, cut.dated, late)
    drawn, holds = drawn_of(contract.contract_id, ports), holds_on(contract, projects, ports)
    return group_within_caps(
        items,
        contract,
        lambda some: group_wip(some, contract, projects, through=until, drawn=drawn, holds=holds),
        ports,
    )


def drawn_of(contract_id: str, ports: Ports) -> dict[str, Money]:
    """Per purchase order: what sealed invoices took, and what a run that died has claimed for a draft."""
    drawn = dict(ports.invoices.drawn(contract_id))
    for invoice in ports.invoices.unfinished(contract_id):
        number = invoice.group.purchase_order
        if number and invoice.status is InvoiceStatus.DRAFT and invoice.kind is InvoiceKind.INVOICE:
            for item in ports.wip.claimed_by(invoice.invoice_id):
                drawn[number] = drawn.get(number, Money.zero(item.value.currency)) + item.value
    return drawn


def holds_on(contract: Contract, projects: Sequence[Project], ports: Ports) -> tuple[Hold, ...]:
    """Those of ours that stand now, at every level."""
    subjects = [(HoldLevel.PROJECT, project.project_id) for project in projects]
    subjects += [(HoldLevel.CONTRACT, contract.contract_id), (HoldLevel.CUSTOMER, contract.customer_id)]
    return ports.holds.standing(subjects)


def draft_group(
    group: BillingGroup, items: Sequence[WipItem], through: date, ports: Ports, *, submitter: str | None = None
) -> Invoice:
    """Raises Transient when other runs seal every draft that this one opens: the step is tried again.

    What takes back is claimed first. A run that dies between two claims leaves more open work than there was, which the
    next one adds; the other way round it would leave a remainder below zero, and a draft above its cap.
    """
    ordered = [item.wip_id for item in sorted(items, key=lambda each: each.value.amount >= 0)]
    for _ in range(_DRAFT_ATTEMPTS):
        draft = ports.invoices.open_draft(group, through, submitter=submitter)
        try:
            ports.wip.claim(draft.invoice_id, ordered)
        except BusinessException as refusal:
            if refusal.code != "invoice_not_draft":
                raise
            continue  # another run sealed it meanwhile: the rest goes on the next one
        return draft
    raise Transient("drafts_sealed_by_others", contract_id=group.contract_id)


def finish(invoice: Invoice, ports: Ports, began_at: datetime) -> str | None:
    """Seals a draft with what it claimed; the id if it goes on, None for a draft that got nothing."""
    if invoice.kind is InvoiceKind.CREDIT_MEMO:
        return finish_memo(invoice, ports)
    if invoice.status is not InvoiceStatus.DRAFT:
        return invoice.invoice_id
    claimed = with_adjustments(invoice.invoice_id, ports)
    if not claimed:
        return None
    net = sum((item.value for item in claimed), Money.zero(invoice.group.currency))
    if net.amount < 0:
        give_back(invoice, ports)
        raise Transient("drafted_below_zero", invoice_id=invoice.invoice_id)
    limit = limit_of(invoice.group.purchase_order, ports.contracts.get(invoice.group.contract_id))
    try:
        ports.invoices.seal(invoice.invoice_id, item_count=len(claimed), net=net, limit=limit, began_at=began_at)
    except BusinessException as refusal:
        if refusal.code == EXCEEDED:
            give_back(invoice, ports)
            raise Transient("drafted_beyond_order", invoice_id=invoice.invoice_id) from refusal
        if refusal.code != "invoice_state":
            raise
        # another run sealed it meanwhile and may be far ahead; its saga is started once, whoever asks
    return invoice.invoice_id


def with_adjustments(invoice_id: str, ports: Ports) -> list[WipItem]:
    """What it claimed. A write-down goes with its item, even if it was made after the run had listed what is open."""
    claimed = list(ports.wip.claimed_by(invoice_id))
    there = {item.wip_id for item in claimed}
    missing = [each for item in claimed for each in item.adjusted_by if each not in there]
    if missing and ports.wip.claim(invoice_id, missing):
        return list(ports.wip.claimed_by(invoice_id))
    return claimed


def give_back(invoice: Invoice, ports: Ports) -> None:
    """Two runs at once put more on a draft than its order has room for, or a list of open work that lagged left only what
    takes back: nothing of it is billed, all is reckoned again."""
    expected = [InvoiceStatus.DRAFT]
    ports.invoices.update(invoice.invoice_id, lambda now: advance(now, InvoiceStatus.CANCELLED), expected=expected)
    ports.wip.release(invoice.invoice_id)


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
