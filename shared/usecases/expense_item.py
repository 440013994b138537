"""An approved expense becomes WIP at cost."""

from __future__ import annotations

from datetime import date, datetime

from shared.domain.contract import Contract, LineKind
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.faults import BusinessException


def expense_item(
    *,
    contract: Contract,
    project: Project,
    expense_id: str,
    expense_ref: ExternalRef,
    sequence: int,
    person: str,
    category: str,
    incurred_on: date,
    value: Money,
    approved_at: datetime | None,
    approver: str | None,
) -> WipItem:
    """The WIP item of one expense: what it cost, no markup. A refund (negative value) is one thing taken away.

    Recharged on the time-and-materials line; a contract without one recharges on its first line.
    Raises BusinessException("currency_mismatch") for an expense in another currency than the contract's, and
    BusinessException("line_missing") for a contract without lines.
    Source: docs/billing.md, "Expenses".
    """
    if value.currency != contract.currency:
        raise BusinessException(
            "currency_mismatch",
            contract_id=contract.contract_id,
            contract_currency=contract.currency,
            expense_id=expense_id,
            expense_currency=value.currency,
        )
    valuation = Valuation.of_amount(value.rounded(), "at_cost")
    return WipItem(
        wip_id=derived_id("wip", expense_id, str(sequence), "item"),
        kind=WipKind.EXPENSE,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        line_id=_line_id(contract, project),
        project_id=project.project_id,
        source_id=expense_id,
        source_sequence=sequence,
        description=f"{incurred_on.isoformat()}, {person}: {category}",
        person=person,
        role=None,
        worked_on=incurred_on,
        value=valuation.value,
        valuation=valuation,
        approved_at=approved_at,
        approver=approver,
        source_ref=expense_ref,
    )


def _line_id(contract: Contract, project: Project) -> str:
    line = contract.line_of(LineKind.TIME_AND_MATERIALS, project.name) or next(iter(contract.lines), None)
    if line is None:
        raise BusinessException("line_missing", contract_id=contract.contract_id, kind="any")
    return line.line_id
