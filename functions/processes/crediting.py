"""Credits on their way to a memo: granted, completed, sealed; or taken back. Any of it may be run again."""

from __future__ import annotations

from collections.abc import Sequence

from events.envelope import AnyEnvelope
from functions.processes.wip_recorded import wip_recorded
from shared.adapters.invoice_document import read_document
from shared.domain.credit import Credit, Credited, CreditItems, CreditLine, Remedy
from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.usecases.credit_items import line_items, restored_id, reversal_id_of, undo_items
from shared.usecases.one_account import sealed_shares


def grant(credit: Credit, invoice: Invoice, credited: Credited, ports: Ports) -> Credit:
    """The credit as it stands: this one, or the first of the same request. credited: what its plan was reckoned from; read
    anew here, it would hide the credit that came in between.

    Raises Transient("credits_moved") where another was quicker: the plan is reckoned again by who asks.
    """
    if standing := ports.credits.find(credit.memo_id):
        return standing
    items = items_of(credit, ports)
    return ports.credits.grant(
        credit, memo_of(credit, invoice, ports), items, credited=credited, events=_told(items, ports)
    )


def memo_of(credit: Credit, invoice: Invoice, ports: Ports) -> Invoice:
    """Of the contracts whose lines are credited; named after the first of them where the invoice's own is not."""
    group, shares = invoice.group, shares_of(credit, invoice, ports)
    contract_ids = [share.contract_id for share in shares] or [group.contract_id]
    return Invoice(
        invoice_id=credit.memo_id,
        group=BillingGroup(
            group.legal_entity_id,
            group.customer_id,
            group.contract_id if group.contract_id in contract_ids else contract_ids[0],
            group.billing_schedule,
            group.currency,
            group.purchase_order,
            "+".join(each for each in (group.part, f"credit:{invoice.invoice_id}") if each),
        ),
        period_end=invoice.period_end,
        sequence=1,
        status=InvoiceStatus.DRAFT,
        kind=InvoiceKind.CREDIT_MEMO,
        credits=invoice.invoice_id,
        submitter=credit.submitter,
        reason=credit.reason,
        shares=shares,
    )


def shares_of(credit: Credit, invoice: Invoice, ports: Ports) -> tuple[ContractShare, ...]:
    """Of a memo against an invoice by customer, by contract; () where it has one contract."""
    if not invoice.shares or invoice.document_key is None:
        return ()
    of = read_document(ports.documents.get(invoice.document_key))
    credited = {line.line_id for line in credit.plan.lines}
    found = {line.contract_id or of.contract_id for line in of.lines if line.line_id in credited}
    return tuple(ContractShare(each) for each in sorted(found))


def finish_memo(memo: Invoice, ports: Ports) -> str:
    """Complete and sealed, however far the one before came; its saga may go on."""
    if memo.status is not InvoiceStatus.DRAFT:
        return memo.invoice_id
    credit = ports.credits.get(memo.invoice_id)
    items = items_of(credit, ports)
    ports.credits.complete(memo.invoice_id, items, events=_told(items, ports))
    claimed = list(ports.wip.claimed_by(memo.invoice_id))
    net = sum((item.value for item in claimed), Money.zero(memo.group.currency))
    try:
        shares = sealed_shares(memo, claimed)
        ports.invoices.seal(memo.invoice_id, item_count=len(claimed), net=net, shares=shares)
    except BusinessException as refusal:
        if refusal.code != "invoice_state":
            raise
        # another one sealed it meanwhile and may be far ahead; its saga is started once, whoever asks
    return memo.invoice_id


def items_of(credit: Credit, ports: Ports) -> list[CreditItems]:
    """What the credit's lines still change; those that the memo has already are left out."""
    there = {item.wip_id for item in ports.wip.claimed_by(credit.memo_id)}
    work = [line for line in credit.plan.lines if line.wip_id]
    return [_items(credit, line, ports) for line in work if reversal_id_of(credit, line) not in there]


def _items(credit: Credit, line: CreditLine, ports: Ports) -> CreditItems:
    if credit.remedy is Remedy.CORRECTION:
        return line_items(credit, line, ports.wip.get(credit.reversals[line.line_id]), None)
    item = ports.wip.get(line.wip_id)
    return line_items(credit, line, item, ports.wip.source(item.source_id))


def _told(items: Sequence[CreditItems], ports: Ports) -> list[AnyEnvelope]:
    """wip.recorded of what is new; a grant writes them with the first items, `complete` with each."""
    new = [each for of in items for each in (None if of.stands else of.reversal, of.restored) if each]
    return [wip_recorded(item, None, ports) for item in new]


def take_back(memo: Invoice, ports: Ports) -> int:
    """The memo ended without being posted: its items go, or are open again, and its lines may be credited anew."""
    credit = ports.credits.get(memo.invoice_id)
    undone = [
        undo_items(credit, line, restored, ports.wip.source(restored.source_id) if restored else None)
        for line in credit.plan.lines
        if line.wip_id
        for restored in [_restored(credit, line, ports)]
    ]
    count = ports.credits.undo(memo.invoice_id, undone)
    ports.credits.release(memo.invoice_id)
    return count


def _restored(credit: Credit, line: CreditLine, ports: Ports) -> WipItem | None:
    if credit.remedy is Remedy.CORRECTION:
        return None
    return ports.wip.get(restored_id(credit.memo_id, line.line_id))
