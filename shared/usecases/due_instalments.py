"""Fixed-fee instalments become WIP on their date, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.domain.contract import Contract, ContractLine, Instalment, LineKind
from shared.domain.identity import derived_id
from shared.domain.money import Money
from shared.domain.project import Project, ProjectStatus
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.faults import BusinessException

INSTALMENT_SEQUENCE = 1
"""An instalment has no versions: it is its own source, and the first and only one."""


def due_instalments(contract: Contract, projects: Sequence[Project], *, through: date) -> tuple[WipItem, ...]:
    """The items of every instalment due on or before `through`, in order of date and id.

    Booked on the project that the line names, else on the contract's first; only while that one is active.
    Ids follow from the instalment alone, so the same instalment never makes two items, whatever run asks.
    Raises BusinessException("instalments_disagree") if a line's instalments do not sum to the fee that was signed.
    Source: docs/billing.md, "Fixed fees".
    """
    due: list[WipItem] = []
    for line in contract.lines:
        if line.kind is not LineKind.FIXED_FEE:
            continue
        _check_sum(contract, line)
        if project := active_project_of(line, projects):
            due += [_item(contract, project, line, part) for part in line.instalments if part.due_on <= through]
    return tuple(sorted(due, key=lambda item: (item.worked_on, item.source_id)))


def active_project_of(line: ContractLine, projects: Sequence[Project]) -> Project | None:
    """None while its project is set up, blocked or closed: nothing falls due then."""
    project = project_of_line(line, projects)
    return project if project and project.status is ProjectStatus.ACTIVE else None


def project_of_line(line: ContractLine, projects: Sequence[Project]) -> Project | None:
    """projects: the contract's, its first project before the others."""
    named = (project for project in projects if project.name in line.projects)
    return next(named, None) if line.projects else next(iter(projects), None)


def _check_sum(contract: Contract, line: ContractLine) -> None:
    total = sum((part.value for part in line.instalments), Money.zero(contract.currency))
    if total != line.value:
        raise BusinessException(
            "instalments_disagree",
            contract_id=contract.contract_id,
            line_id=line.line_id,
            fee=str(line.value.amount),
            instalments=str(total.amount),
        )


def _item(contract: Contract, project: Project, line: ContractLine, part: Instalment) -> WipItem:
    valuation = Valuation.of_amount(part.value.rounded(), "instalment")
    return WipItem(
        wip_id=derived_id("wip", part.instalment_id, str(INSTALMENT_SEQUENCE), "item"),
        kind=WipKind.INSTALMENT,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        line_id=line.line_id,
        project_id=project.project_id,
        source_id=part.instalment_id,
        source_sequence=INSTALMENT_SEQUENCE,
        description=f"{line.description}, instalment due {part.due_on.isoformat()}",
        person=None,
        role=None,
        worked_on=part.due_on,
        value=valuation.value,
        valuation=valuation,
        approved_at=None,
    )
