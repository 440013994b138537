"""Each line's tax, by what it sells: expenses may be taxed otherwise than the work they came with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract, LineKind
from shared.domain.invoice import Invoice, InvoiceLine
from shared.domain.parties import Customer, LegalEntity
from shared.domain.policies import Policies, TaxSource
from shared.domain.tax import TaxCategory, TaxDecision, TaxQuestion
from shared.domain.wip import WipItem, WipKind
from shared.faults import BusinessException
from shared.usecases.decide_tax import SERVICES, check_numbers, decide_by_table, tax_question, undetermined

EXPENSE = "expense"

UNDECIDED = TaxDecision(TaxCategory.OUTSIDE_SCOPE, Decimal("NaN"), None, "undecided")
"""What a line carries until `tax_lines`. Totals of it cannot be made: no amount is NaN."""

Decide = Callable[[TaxQuestion], TaxDecision]


def tax_lines(
    lines: Sequence[InvoiceLine], items: Sequence[WipItem], contract: Contract, taxes: Mapping[str, TaxDecision]
) -> tuple[InvoiceLine, ...]:
    """The lines with the tax of their kind of service. taxes: as `taxes_of` made it for the same items and contract.

    A line without an item (a discount, a minimum) is taxed as the contract line it belongs to.
    """
    expenses = {item.wip_id for item in items if item.kind is WipKind.EXPENSE}
    services = _services(contract)

    def taxed(line: InvoiceLine) -> InvoiceLine:
        service = EXPENSE if line.wip_id in expenses else services.get(line.contract_line_id, SERVICES)
        return replace(line, tax=taxes[service])

    return tuple(taxed(line) for line in lines)


def questions(
    invoice: Invoice,
    items: Sequence[WipItem],
    *,
    contract: Contract,
    customer: Customer,
    ship_to: Customer | None,
    policies: Policies,
    issued_on: date,
) -> tuple[TaxQuestion, ...]:
    """One per kind of service on the invoice, in order of its name.

    Raises BusinessException("legal_entity_unknown").
    """
    entity = entity_of(invoice, policies)
    return tuple(
        tax_question(entity, customer, on=issued_on, service=service, ship_to=ship_to, currency=invoice.group.currency)
        for service in services_of(items, contract)
    )


def taxes_of(
    asked: Sequence[TaxQuestion], policies: Policies, answers: Mapping[str, TaxDecision] | None = None
) -> dict[str, TaxDecision]:
    """By service. answers: of the tax service, for a legal entity whose policy says so; the table is not asked then.

    Raises BusinessException("tax_undetermined").
    """
    return {question.service: _decision(question, policies, answers or {}) for question in asked}


def by_service(asked: Sequence[TaxQuestion], policies: Policies) -> bool:
    """Whether a tax service outside must be asked these."""
    return any(policies.tax_policy(each.legal_entity_id).decided_by is TaxSource.SERVICE for each in asked)


def services_of(items: Sequence[WipItem], contract: Contract) -> tuple[str, ...]:
    """Of the items, and of the contract lines whose clauses may add a line that has no item."""
    services = _services(contract)
    found = {EXPENSE for item in items if item.kind is WipKind.EXPENSE}
    found |= {services.get(item.line_id, SERVICES) for item in items if item.kind is not WipKind.EXPENSE}
    found |= {services[line.line_id] for line in contract.lines if line.kind is LineKind.TIME_AND_MATERIALS}
    return tuple(sorted(found))


def entity_of(invoice: Invoice, policies: Policies) -> LegalEntity:
    entity = policies.legal_entity(invoice.group.legal_entity_id)
    if entity is None:
        raise BusinessException("legal_entity_unknown", legal_entity_id=invoice.group.legal_entity_id)
    return entity


def _services(contract: Contract) -> dict[str, str]:
    return {line.line_id: line.service or SERVICES for line in contract.lines}


def _decision(question: TaxQuestion, policies: Policies, answers: Mapping[str, TaxDecision]) -> TaxDecision:
    if policies.tax_policy(question.legal_entity_id).decided_by is TaxSource.TABLE:
        return decide_by_table(policies, question)
    if question.service not in answers:
        raise undetermined(question, "service_answer", policies=policies.version)
    check_numbers(question, answers[question.service])
    return answers[question.service]
