"""Which open WIP goes on one invoice together, and why the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.domain.contract import Contract, Grouping
from shared.domain.hold import Hold, HoldLevel
from shared.domain.invoice import EXPENSES, BillingGroup, part_of
from shared.domain.money import Money
from shared.domain.project import Project, ProjectStatus
from shared.domain.wip import WipItem, WipKind
from shared.usecases.cancelled_pairs import cancelled_pairs
from shared.usecases.late_work import LATE_WORK, LateRule
from shared.usecases.one_account import account_of
from shared.usecases.purchase_orders import place_on_orders

BILLABLE = frozenset({ProjectStatus.ACTIVE, ProjectStatus.CLOSED})
"""A closed project still gets its last invoice; one that is set up or blocked gets none."""

LATER_PERIOD = "later_period"
ALREADY_CLAIMED = "already_claimed"
PROJECT_NOT_ACTIVE = "project_not_active"
BILLING_HOLD = "billing_hold"
MISSING_CONTRACT_REFERENCE = "missing_contract_reference"
NEGATIVE_INVOICE = "negative_invoice"
NOTHING_TO_BILL = "nothing_to_bill"
LINE_ENDED = "line_ended"


@dataclass(frozen=True, slots=True)
class Left:
    """An item that no invoice takes now; it stays open and is asked about again by the next run.

    detail: which of several, such as the hold that stands.
    """

    wip_id: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Grouped:
    groups: dict[BillingGroup, list[WipItem]]
    left: list[Left]


@dataclass(frozen=True, slots=True)
class Until:
    """worked: the last day of work that is billed. dated: the last day of what has a date of its own, such as instalments;
    None: the same day. late: which late work needs a yes; None: none.
    """

    worked: date
    dated: date | None = None
    late: LateRule | None = None

    def refuses(self, item: WipItem) -> str | None:
        limit = self.dated if self.dated and item.kind is WipKind.INSTALMENT else self.worked
        if item.worked_on > limit:
            return LATER_PERIOD
        return LATE_WORK if self.late and self.late.holds(item) else None


def group_wip(
    items: Iterable[WipItem],
    contract: Contract,
    projects: Sequence[Project],
    *,
    through: date | Until,
    drawn: Mapping[str, Money] | None = None,
    holds: Sequence[Hold] = (),
) -> Grouped:
    """Open items of one contract, worked on or before `through`, by what may stand on one invoice.

    Items come in any order; groups and the items in them are in the order of the invoice. Late entries and corrections
    of earlier periods go along, whatever their date, unless the rule about late work holds them. What no purchase order
    has room for waits; drawn: per order's number, what earlier invoices took. A group that sums to less than nothing
    waits for a credit memo, one that sums to nothing for the next run: an ERP takes neither as an invoice; by customer
    `group_account` decides that, over all its contracts. holds: those that stand on the contract, its customer or its
    projects.
    Source: docs/billing.md, "What goes on one invoice".
    """
    until = through if isinstance(through, Until) else Until(through)
    by_project = {project.project_id: project for project in projects}
    ready: list[WipItem] = []
    left: list[Left] = []
    every = sorted(items, key=invoice_order)
    ended = on_ended_lines(every, contract)
    for item in every:
        project = by_project.get(item.project_id)
        reason = _why_not(item, contract, project, until) or (LINE_ENDED if item.wip_id in ended else None)
        if held := reason in (None, MISSING_CONTRACT_REFERENCE) and held_by(item, contract, project, holds):
            left.append(Left(item.wip_id, BILLING_HOLD, held))
        elif reason:
            left.append(Left(item.wip_id, reason))
        else:
            ready.append(item)
    placed = place_on_orders(ready, contract, drawn or {})
    left += [Left(item.wip_id, placed.held[item.wip_id]) for item in ready if item.wip_id in placed.held]
    due: dict[BillingGroup, list[WipItem]] = {}
    for item in ready:
        if item.wip_id in placed.numbers:
            due.setdefault(_group_of(item, contract, placed.numbers[item.wip_id]), []).append(item)
    return Grouped(due, left) if account_of(contract) else _those_that_make_an_invoice(due, left)


def group_account(parts: Sequence[Grouped], page: int = 0) -> Grouped:
    """The groups of contracts that are invoiced together, each as `group_wip` made it; page: as in `Account`.

    An invoice by customer is named after the first contract that has something on it, in the order of `parts`. What its
    contracts take back is set off against what any of them brings.
    """
    named: dict[BillingGroup, BillingGroup] = {}
    due: dict[BillingGroup, list[WipItem]] = {}
    for group, items in (each for part in parts for each in part.groups.items()):
        if group.by_customer:
            own, *words = group.part.split("+")
            paged = replace(group, part="+".join([f"{own}:page-{page}" if page else own, *words]))
            group = named.setdefault(replace(paged, contract_id=""), paged)
        due.setdefault(group, []).extend(items)
    ordered = {group: sorted(items, key=invoice_order) for group, items in due.items()}
    return _those_that_make_an_invoice(ordered, [each for part in parts for each in part.left])


def _those_that_make_an_invoice(due: Mapping[BillingGroup, list[WipItem]], left: list[Left]) -> Grouped:
    groups: dict[BillingGroup, list[WipItem]] = {}
    for group in sorted(due, key=_group_order):
        refusal = why_no_invoice(due[group])
        if refusal:
            left += [Left(item.wip_id, refusal) for item in due[group]]
        else:
            groups[group] = due[group]
    return Grouped(groups, left)


def invoice_order(item: WipItem) -> tuple[str, str, date, str, int, bool, str]:
    """By contract, contract line and date; versions of one source stand together, the reversal before what replaces it, what
    adjusts an item after it."""
    adjusts = item.adjusts is not None
    taken_back = item.reverses is None or adjusts
    last = item.wip_id if adjusts else ""
    own = (item.line_id, item.worked_on, item.source_id, item.source_sequence)
    return (item.contract_id, *own, taken_back, last)


def why_no_invoice(items: Sequence[WipItem]) -> str | None:
    """Why these items of one currency make no invoice, None if they do.

    Free work (lines of value zero) waits too, until something with a price stands beside it.
    """
    net = sum((item.value for item in items), Money.zero(items[0].value.currency))
    if net.amount < 0:
        return NEGATIVE_INVOICE
    lines = {item.wip_id for item in items} - cancelled_pairs(items)
    return NOTHING_TO_BILL if net.amount == 0 or not lines else None


def on_ended_lines(items: Sequence[WipItem], contract: Contract) -> frozenset[str]:
    """Ids of items of days that an amendment took from their line, with the reversals of these; a reversal of what was
    billed goes its way, and so does a pair that cancels: corrected work has nothing left on the line to ask about."""
    lines = {line.line_id: line for line in contract.lines}
    ended = {
        item.wip_id
        for item in items
        if item.reverses is None and item.line_id in lines and not lines[item.line_id].takes(item.worked_on)
    }
    return frozenset(ended | {item.wip_id for item in items if item.reverses in ended}) - cancelled_pairs(items)


def _why_not(item: WipItem, contract: Contract, project: Project | None, until: Until) -> str | None:
    if item.claimed_by:
        return ALREADY_CLAIMED
    if reason := until.refuses(item):
        return reason
    if project is None or project.status not in BILLABLE:
        return PROJECT_NOT_ACTIVE
    return None if contract.reference else MISSING_CONTRACT_REFERENCE


def held_by(item: WipItem, contract: Contract, project: Project | None, holds: Sequence[Hold]) -> str:
    """Every hold that keeps the item from its invoice, in words; "" if none does. Delivery's own, then ours."""
    subjects = {
        (HoldLevel.PROJECT, item.project_id),
        (HoldLevel.CONTRACT, contract.contract_id),
        (HoldLevel.CUSTOMER, item.customer_id),
    }
    found = ["project hold by delivery"] if project and project.on_hold else []
    return "; ".join(found + [hold.words for hold in holds if hold.held and (hold.level, hold.subject_id) in subjects])


def _group_of(item: WipItem, contract: Contract, purchase_order: str | None) -> BillingGroup:
    return BillingGroup(
        legal_entity_id=item.legal_entity_id,
        customer_id=item.customer_id,
        contract_id=item.contract_id,
        billing_schedule=contract.billing_schedule,
        currency=item.value.currency,
        purchase_order=purchase_order,
        part=_part(item, contract),
    )


def _part(item: WipItem, contract: Contract) -> str:
    project = item.project_id if contract.grouping is Grouping.PROJECT else None
    apart = contract.separate_expenses and item.kind is WipKind.EXPENSE
    return part_of(project=project, customer=account_of(contract), words=EXPENSES if apart else "")


def _group_order(group: BillingGroup) -> tuple[str, ...]:
    order, part = group.purchase_order or "", group.part
    return (group.legal_entity_id, group.customer_id, group.contract_id, group.currency, order, part)
