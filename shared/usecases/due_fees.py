"""Retainer fees and prepaid deposits become WIP on their date, each once: their id follows from line and period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from shared.domain.contract import Contract, ContractLine
from shared.domain.identity import derived_id
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.terms import Prepaid, Retainer
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.usecases.clause_items import DEPOSIT, RETAINER_FEE
from shared.usecases.clause_period import periods_between
from shared.usecases.due_instalments import active_project_of

FEE_SEQUENCE = 1


def fee_id(line: ContractLine, period: date) -> str:
    return derived_id("retainer_fee", line.line_id, period.isoformat())


def deposit_id(line: ContractLine, number: int) -> str:
    """number: 1 for the first deposit, then one per refill."""
    return derived_id("prepaid_deposit", line.line_id, str(number))


def fee_periods(contract: Contract, retainer: Retainer, through: date) -> tuple[date, ...]:
    """Periods whose retainer fee is due: every one that has begun, to the contract's last day."""
    first = max(contract.starts_on, retainer.starts_on or contract.starts_on)
    last = min(through, contract.ends_on) if contract.ends_on else through
    return periods_between(contract, first, last)


def retainer_fees(contract: Contract, projects: Sequence[Project], *, through: date) -> tuple[WipItem, ...]:
    """A whole fee per period that has begun by `through`; never in parts, the first and last period included.

    projects: the contract's; a line whose project is not active has no fee due.

    Source: docs/billing.md, "Retainers".
    """
    found = []
    for line in contract.lines:
        project = active_project_of(line, projects)
        if project and (retainer := line.terms.retainer) is not None:
            found += [
                _fee(contract, project, line, retainer, period) for period in fee_periods(contract, retainer, through)
            ]
    return tuple(found)


def next_deposit(
    contract: Contract, project: Project, line: ContractLine, *, through: date, paid: tuple[Money, ...], drawn: Money
) -> WipItem | None:
    """The deposit that is due now and not there yet, None if none is. paid: deposits there are; drawn: by earlier
    invoices. The first is due on its date; the next when less than `refill_below` is left.

    Source: docs/billing.md, "Prepaid work".
    """
    prepaid = line.terms.prepaid
    if prepaid is None or prepaid.due_on > through:
        return None
    left = sum(paid, Money.zero(contract.currency)) - drawn
    if paid and (prepaid.refill_below is None or left.amount >= prepaid.refill_below.amount):
        return None
    return _deposit(contract, project, line, prepaid, len(paid) + 1, through)


def deposits_of(line: ContractLine, value_of: Callable[[str], Money | None]) -> tuple[Money, ...]:
    """What was asked for so far, in order. value_of: of a source record by its id, None where there is none."""
    found: list[Money] = []
    while (value := value_of(deposit_id(line, len(found) + 1))) is not None:
        found.append(value)
    return tuple(found)


def _fee(contract: Contract, project: Project, line: ContractLine, retainer: Retainer, period: date) -> WipItem:
    on = max(period, contract.starts_on, retainer.starts_on or period)
    words = f"{line.description}, retainer for {period:%Y-%m}"
    return _item(contract, project, line, fee_id(line, period), on, retainer.fee, RETAINER_FEE, words)


def _deposit(
    contract: Contract, project: Project, line: ContractLine, prepaid: Prepaid, number: int, through: date
) -> WipItem:
    on = prepaid.due_on if number == 1 else through
    words = f"{line.description}, deposit" + (f" {number}" if number > 1 else "")
    return _item(contract, project, line, deposit_id(line, number), on, prepaid.deposit, DEPOSIT, words)


def _item(
    contract: Contract,
    project: Project,
    line: ContractLine,
    source_id: str,
    on: date,
    value: Money,
    rule: str,
    description: str,
) -> WipItem:
    valuation = Valuation.of_amount(value.rounded(), rule)
    return WipItem(
        wip_id=derived_id("wip", source_id, str(FEE_SEQUENCE), "item"),
        kind=WipKind.INSTALMENT,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        line_id=line.line_id,
        project_id=project.project_id,
        source_id=source_id,
        source_sequence=FEE_SEQUENCE,
        description=description,
        person=None,
        role=None,
        worked_on=on,
        value=valuation.value,
        valuation=valuation,
        approved_at=None,
    )
