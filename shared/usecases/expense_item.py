"""An approved expense becomes WIP: at cost, marked up, or at a rate per day; above its limit it is held."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.money import Money
from shared.domain.project import Project
from shared.domain.terms import ExpenseBasis, ExpenseRule, LineTerms
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.faults import BusinessException
from shared.usecases.line_for import line_for


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
    """The WIP item of one expense at what its line's rule makes of its cost. A refund (negative value) is one thing taken
    away, marked up as what it takes back was; per day, it takes a day back.

    Recharged on the time-and-materials line; a contract without one recharges on its first line. What is above a limit
    is in the value: `above_limit` says how much of it is held at drafting.
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
    line = _line(contract, project)
    valuation = _valuation(value, rule_for(line.terms, category))
    return WipItem(
        wip_id=derived_id("wip", expense_id, str(sequence), "item"),
        kind=WipKind.EXPENSE,
        legal_entity_id=contract.legal_entity_id,
        customer_id=contract.customer_id,
        contract_id=contract.contract_id,
        line_id=line.line_id,
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


def rule_for(terms: LineTerms, category: str) -> ExpenseRule:
    """The first that names the category (case and outer blanks do not count), else the one for all others, else cost."""
    wanted = category.strip().casefold()
    named = (rule for rule in terms.expenses if rule.category and rule.category.strip().casefold() == wanted)
    others = (rule for rule in terms.expenses if rule.category is None)
    return next(named, None) or next(others, None) or ExpenseRule(ExpenseBasis.AT_COST)


def _valuation(cost: Money, rule: ExpenseRule) -> Valuation:
    """Rounded once, after the mark-up."""
    limit = f":limit {rule.limit.amount}" if rule.limit else ""
    if rule.basis is ExpenseBasis.PER_DIEM and rule.per_diem:
        per_day = -rule.per_diem if cost.amount < 0 else rule.per_diem
        return Valuation.of_amount(per_day, f"per_diem{limit}")
    if rule.basis is ExpenseBasis.MARK_UP:
        marked_up = (cost + cost.percent(rule.mark_up)).rounded()
        return Valuation.of_amount(marked_up, f"mark_up {rule.mark_up} %{limit}")
    return Valuation.of_amount(cost.rounded(), f"at_cost{limit}")


def above_limit(item: WipItem) -> Money:
    """How much of an expense is above the limit it was valued under; zero for all else."""
    _, _, limit = item.valuation.rule.partition(":limit ")
    if item.kind is not WipKind.EXPENSE or not limit:
        return Money.zero(item.value.currency)
    return Money(max(item.value.amount - Decimal(limit), Decimal(0)), item.value.currency)


def _line(contract: Contract, project: Project) -> ContractLine:
    try:
        return line_for(contract, LineKind.TIME_AND_MATERIALS, project.name)
    except BusinessException as refusal:
        first = next(iter(contract.lines), None)
        if refusal.code != "line_missing" or first is None:
            raise
        return first
