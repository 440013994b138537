"""The contracts that one draft is made for: one, or those of a customer that are invoiced together; and what is due of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from functions.processes.account_of_day import account_of_day
from functions.processes.clauses_due import net_with_clauses
from functions.processes.contract_of_day import contract_through
from functions.processes.time_to_bill.late_work import allowed_late
from functions.processes.time_to_bill.within_caps import group_within_caps
from shared.domain.contract import Contract
from shared.domain.hold import Hold, HoldLevel
from shared.domain.invoice import BillingGroup, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.usecases.billing_cut import BillingCut, RunScope, billing_cut
from shared.usecases.group_wip import LATER_PERIOD, NEGATIVE_INVOICE, Grouped, Left, Until, group_account, group_wip
from shared.usecases.late_work import late_rule


@dataclass(frozen=True, slots=True)
class Member:
    contract: Contract
    projects: tuple[Project, ...]
    cut: BillingCut


@dataclass(frozen=True, slots=True)
class Together:
    """members: those that have a project. page: as in `Account`."""

    members: tuple[Member, ...]
    page: int = 0

    @property
    def due(self) -> tuple[Member, ...]:
        return tuple(each for each in self.members if each.cut.period_end)

    @property
    def period_end(self) -> date | None:
        """The same for all: they share their schedule."""
        return next((each.cut.period_end for each in self.due), None)


@dataclass(frozen=True, slots=True)
class Due:
    """groups: what goes on one invoice. left: why the rest stays, by contract."""

    groups: Mapping[BillingGroup, Sequence[WipItem]]
    left: Mapping[str, list[Left]]

    @property
    def every_left(self) -> list[Left]:
        return [left for each in self.left.values() for left in each]


def billed_together(contract_id: str, scope: RunScope, ports: Ports) -> Together:
    """scope: of this contract; what was asked of it was asked of all that stand on its invoices."""
    contract = contract_through(contract_id, scope.through, ports)
    account = account_of_day(contract, scope.through, ports)
    members = []
    for each in account.contracts:
        if projects := tuple(ports.projects.of_contract(each.contract_id)):
            mine = replace(scope, contract_id=each.contract_id) if scope.contract_id else scope
            members.append(Member(each, projects, billing_cut(each, projects, mine)))
    return Together(tuple(members), account.page)


def group_together(together: Together, items: Mapping[str, Sequence[WipItem]], ports: Ports) -> Due:
    """items: by contract, what of it is open. Holds, caps, orders and late work are each contract's own; whether the rest
    makes an invoice is seen over all of them."""
    parts = {each.contract.contract_id: _of_one(each, items[each.contract.contract_id], ports) for each in together.due}
    grouped = without_negative(group_account(list(parts.values()), together.page), together, ports)
    owner = {item.wip_id: key for key, part in parts.items() for group in part.groups.values() for item in group}
    left = {key: list(part.left) for key, part in parts.items()}
    known = {each.wip_id for each in (left for part in parts.values() for left in part.left)}
    for each in grouped.left:
        if each.wip_id not in known:
            left[owner[each.wip_id]].append(each)
    return Due(grouped.groups, left)


def without_negative(grouped: Grouped, together: Together, ports: Ports) -> Grouped:
    """A retainer or deposit that pays for new work, or a discount that reaches back, may leave less than what corrections
    take: such a group waits like one whose items alone come to less than nothing."""
    contracts, period_end = [each.contract for each in together.due], together.period_end
    groups, left = dict(grouped.groups), list(grouped.left)
    for group, items in grouped.groups.items():
        if period_end and net_with_clauses(items, contracts, ports, period_end=period_end).amount < 0:
            left += [Left(item.wip_id, NEGATIVE_INVOICE) for item in groups.pop(group)]
    return Grouped(groups, left)


def open_together(contract_id: str, scope: RunScope, ports: Ports) -> list[Left]:
    """Why what waits of this contract stays now; a preview asks, on dry ports."""
    together = billed_together(contract_id, scope, ports)
    items = {each.contract.contract_id: list(ports.wip.open_of(each.contract.contract_id)) for each in together.members}
    if contract_id in (each.contract.contract_id for each in together.due):
        return group_together(together, items, ports).left[contract_id]
    return [Left(item.wip_id, LATER_PERIOD) for item in items.get(contract_id, [])]


def _of_one(member: Member, items: Sequence[WipItem], ports: Ports) -> Grouped:
    contract, projects, cut = member.contract, member.projects, member.cut
    days = ports.policies.current().late_work_days
    allowed = allowed_late(contract, ports) if days is not None else ()
    late = late_rule(contract, cut.period_end or date.min, days, allowed)
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
                if item.contract_id == contract_id:
                    drawn[number] = drawn.get(number, Money.zero(item.value.currency)) + item.value
    return drawn


def holds_on(contract: Contract, projects: Sequence[Project], ports: Ports) -> tuple[Hold, ...]:
    """Those of ours that stand now, at every level."""
    subjects = [(HoldLevel.PROJECT, project.project_id) for project in projects]
    subjects += [(HoldLevel.CONTRACT, contract.contract_id), (HoldLevel.CUSTOMER, contract.customer_id)]
    return ports.holds.standing(subjects)
