"""Step: what is due of one contract is grouped, claimed and sealed. Run again after any crash, it finishes its own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from functions.processes.clauses_due import net_with_clauses
from functions.processes.contract_of_day import contract_through
from functions.processes.crediting import finish_memo
from functions.processes.purchase_order_limits import order_limits
from functions.processes.time_to_bill.billed_together import Member, Together, billed_together, group_together
from functions.processes.time_to_bill.credit_corrections import credit_corrections
from functions.processes.time_to_bill.late_work import tell_late_work
from functions.processes.time_to_bill.ready_items import ready_items
from functions.processes.time_to_bill.record_due import record_due
from shared.domain.contract import Contract
from shared.domain.invoice import BillingGroup, Invoice, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.trouble import UNEXPECTED, close_trouble, raise_trouble
from shared.runtime.wiring import AwsPorts
from shared.usecases.billing_cut import RunScope
from shared.usecases.group_wip import LINE_ENDED
from shared.usecases.invoice_life import advance
from shared.usecases.one_account import by_contract, sealed_shares
from shared.usecases.purchase_orders import EXCEEDED, EXPIRED

_DRAFT_ATTEMPTS = 3
EXCEPTIONAL = ("missing_contract_reference", "negative_invoice", LINE_ENDED, EXCEEDED, EXPIRED)


class DraftInvoices(Input):
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
    """The step itself; a preview runs it on dry ports. Contracts that are invoiced by customer are drafted together,
    whichever of them is named."""
    began_at = ports.clock.now()
    together = billed_together(command.contract_id, command.scope, ports)
    contract_ids = [each.contract.contract_id for each in together.members]
    for cancelled in sorted({each.invoice_id for key in contract_ids for each in ports.invoices.given_back(key)}):
        let_go(cancelled, ports)  # a run died over it
    left = draft_cut(together, ports, submitter=command.requested_by)
    begun = {each.invoice_id: each for key in contract_ids for each in ports.invoices.unfinished(key)}
    ready = [(each, finish(each, ports, began_at)) for each in begun.values()]
    for contract_id in contract_ids:
        close_trouble(ports, contract_id, [UNEXPECTED])  # what stopped an earlier run stops this one no more
    return {
        "invoices": [
            {"invoice_id": invoice_id, "correlation_id": each.group.contract_id}
            for each, invoice_id in ready
            if invoice_id
        ],
        "left": sorted(set(left)),
    }


def draft_cut(together: Together, ports: Ports, *, submitter: str | None = None) -> list[str]:
    """Why what is left is left; nothing is looked at of a contract while its schedule has nothing due."""
    period_end = together.period_end
    if period_end is None:
        return []
    items = {each.contract.contract_id: due_items(each, ports) for each in together.due}
    due = group_together(together, items, ports)
    if credited := credit_corrections(due.every_left, [item for each in items.values() for item in each], ports):
        items = {key: [item for item in each if item.wip_id not in credited] for key, each in items.items()}
        due = group_together(together, items, ports)
    for group, each in due.groups.items():
        draft_group(group, each, period_end, ports, submitter=submitter)
    for member in together.due:
        contract, left = member.contract, due.left[member.contract.contract_id]
        tell_what_is_left(contract, [each.reason for each in left], ports)
        tell_late_work(contract, items[contract.contract_id], left, ports)
    return [left.reason for left in due.every_left]


def due_items(member: Member, ports: Ports) -> list[WipItem]:
    contract, cut = member.contract, member.cut
    last = cut.work or cut.period_end
    if last is None:
        return []
    record_due(contract, member.projects, cut.dated or last, ports)
    return ready_items(contract, last, ports)


def draft_group(
    group: BillingGroup, items: Sequence[WipItem], through: date, ports: Ports, *, submitter: str | None = None
) -> Invoice:
    """Raises Transient when other runs seal every draft that this one opens: the step is tried again.

    What takes back is claimed first. A run that dies between two claims leaves more open work than there was, which the
    next one adds; the other way round it would leave a remainder below zero, and a draft above its cap.
    """
    ordered = [item.wip_id for item in sorted(items, key=lambda each: each.value.amount >= 0)]
    for _ in range(_DRAFT_ATTEMPTS):
        draft = ports.invoices.open_draft(group, through, submitter=submitter, contracts=list(by_contract(items)))
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
    if net.amount < 0 or comes_to(invoice, claimed, ports).amount < 0:
        give_back(invoice, ports)
        raise Transient("drafted_below_zero", invoice_id=invoice.invoice_id)
    try:
        ports.invoices.seal(
            invoice.invoice_id,
            item_count=len(claimed),
            net=net,
            shares=sealed_shares(invoice, claimed),
            limits=order_limits(invoice.group.purchase_order, [item.contract_id for item in claimed], ports),
            began_at=began_at,
        )
    except BusinessException as refusal:
        if refusal.code == EXCEEDED:
            give_back(invoice, ports)
            raise Transient("drafted_beyond_order", invoice_id=invoice.invoice_id) from refusal
        if refusal.code != "invoice_state":
            raise
        # another run sealed it meanwhile and may be far ahead; its saga is started once, whoever asks
    return invoice.invoice_id


def comes_to(invoice: Invoice, claimed: Sequence[WipItem], ports: Ports) -> Money:
    contracts = [contract_through(each, invoice.period_end, ports) for each in by_contract(claimed)]
    return net_with_clauses(claimed, contracts, ports, period_end=invoice.period_end, invoice_id=invoice.invoice_id)


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
    let_go(invoice.invoice_id, ports)


def let_go(invoice_id: str, ports: Ports) -> None:
    """Of a cancelled draft; may be repeated."""
    ports.wip.release(invoice_id)
    ports.invoices.forget(invoice_id)


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
