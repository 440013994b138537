"""Which open WIP goes on one invoice together, and why the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.contract import Contract
from shared.domain.hold import Hold, HoldLevel
from shared.domain.invoice import BillingGroup
from shared.domain.money import Money
from shared.domain.project import Project, ProjectStatus
from shared.domain.wip import WipItem
from shared.usecases.cancelled_pairs import cancelled_pairs

BILLABLE = frozenset({ProjectStatus.ACTIVE, ProjectStatus.CLOSED})
"""A closed project still gets its last invoice; one that is set up or blocked gets none."""

LATER_PERIOD = "later_period"
ALREADY_CLAIMED = "already_claimed"
PROJECT_NOT_ACTIVE = "project_not_active"
BILLING_HOLD = "billing_hold"
MISSING_CONTRACT_REFERENCE = "missing_contract_reference"
NEGATIVE_INVOICE = "negative_invoice"
NOTHING_TO_BILL = "nothing_to_bill"


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


def group_wip(
    items: Iterable[WipItem],
    contract: Contract,
    projects: Sequence[Project],
    *,
    through: date,
    holds: Sequence[Hold] = (),
) -> Grouped:
    """Open items of one contract, worked on or before `through`, by what may stand on one invoice.

    Items come in any order; groups and the items in them are in the order of the invoice. Late entries and corrections
    of earlier periods go along, whatever their date. A group that sums to less than nothing waits for a credit memo,
    one that sums to nothing for the next run: an ERP takes neither as an invoice. holds: those that stand on the contract,
    its customer or its projects.
    Source: docs/billing.md, "What goes on one invoice".
    """
    by_project = {project.project_id: project for project in projects}
    due: dict[BillingGroup, list[WipItem]] = {}
    left: list[Left] = []
    for item in sorted(items, key=invoice_order):
        project = by_project.get(item.project_id)
        reason = _why_not(item, contract, project, through)
        if held := reason in (None, MISSING_CONTRACT_REFERENCE) and held_by(item, contract, project, holds):
            left.append(Left(item.wip_id, BILLING_HOLD, held))
        elif reason:
            left.append(Left(item.wip_id, reason))
        else:
            due.setdefault(_group_of(item, contract), []).append(item)
    groups: dict[BillingGroup, list[WipItem]] = {}
    for group in sorted(due, key=_group_order):
        refusal = why_no_invoice(due[group])
        if refusal:
            left += [Left(item.wip_id, refusal) for item in due[group]]
        else:
            groups[group] = due[group]
    return Grouped(groups, left)


def invoice_order(item: WipItem) -> tuple[str, date, str, int, bool, str]:
    """By contract line and date; versions of one source stand together, the reversal before what replaces it, what
    adjusts an item after it."""
    adjusts = item.adjusts is not None
    taken_back = item.reverses is None or adjusts
    last = item.wip_id if adjusts else ""
    return (item.line_id, item.worked_on, item.source_id, item.source_sequence, taken_back, last)


def why_no_invoice(items: Sequence[WipItem]) -> str | None:
    """Why these items of one currency make no invoice, None if they do.

    Free work (lines of value zero) waits too, until something with a price stands beside it.
    """
    net = sum((item.value for item in items), Money.zero(items[0].value.currency))
    if net.amount < 0:
        return NEGATIVE_INVOICE
    lines = {item.wip_id for item in items} - cancelled_pairs(items)
    return NOTHING_TO_BILL if net.amount == 0 or not lines else None


def _why_not(item: WipItem, contract: Contract, project: Project | None, through: date) -> str | None:
    if item.claimed_by:
        return ALREADY_CLAIMED
    if item.worked_on > through:
        return LATER_PERIOD
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


def _group_of(item: WipItem, contract: Contract) -> BillingGroup:
    return BillingGroup(
        legal_entity_id=item.legal_entity_id,
        customer_id=item.customer_id,
        contract_id=item.contract_id,
        billing_schedule=contract.billing_schedule,
        currency=item.value.currency,
        purchase_order=contract.purchase_order,
    )


def _group_order(group: BillingGroup) -> tuple[str, ...]:
    return (group.legal_entity_id, group.customer_id, group.contract_id, group.currency)
