"""Which open WIP goes on one invoice together, and why the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.contract import Contract
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
LINE_ENDED = "line_ended"


@dataclass(frozen=True, slots=True)
class Left:
    """An item that no invoice takes now; it stays open and is asked about again by the next run."""

    wip_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Grouped:
    groups: dict[BillingGroup, list[WipItem]]
    left: list[Left]


def group_wip(items: Iterable[WipItem], contract: Contract, projects: Sequence[Project], *, through: date) -> Grouped:
    """Open items of one contract, worked on or before `through`, by what may stand on one invoice.

    Items come in any order; groups and the items in them are in the order of the invoice. Late entries and corrections
    of earlier periods go along, whatever their date. A group that sums to less than nothing waits for a credit memo,
    one that sums to nothing for the next run: an ERP takes neither as an invoice.
    Source: docs/billing.md, "What goes on one invoice".
    """
    by_project = {project.project_id: project for project in projects}
    due: dict[BillingGroup, list[WipItem]] = {}
    left: list[Left] = []
    every = sorted(items, key=invoice_order)
    ended = on_ended_lines(every, contract)
    for item in every:
        reason = _why_not(item, contract, by_project.get(item.project_id), through)
        reason = reason or (LINE_ENDED if item.wip_id in ended else None)
        if reason:
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


def invoice_order(item: WipItem) -> tuple[str, date, str, int, bool]:
    """By contract line and date; versions of one source stand together, the reversal before what replaces it."""
    return (item.line_id, item.worked_on, item.source_id, item.source_sequence, item.reverses is None)


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
    billed goes its way."""
    lines = {line.line_id: line for line in contract.lines}
    ended = {
        item.wip_id
        for item in items
        if item.reverses is None and item.line_id in lines and not lines[item.line_id].takes(item.worked_on)
    }
    return frozenset(ended | {item.wip_id for item in items if item.reverses in ended})


def _why_not(item: WipItem, contract: Contract, project: Project | None, through: date) -> str | None:
    if item.claimed_by:
        return ALREADY_CLAIMED
    if item.worked_on > through:
        return LATER_PERIOD
    if project is None or project.status not in BILLABLE:
        return PROJECT_NOT_ACTIVE
    if project.on_hold:
        return BILLING_HOLD
    return None if contract.reference else MISSING_CONTRACT_REFERENCE


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
