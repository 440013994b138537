"""What pricing must know beside the contract and its items: the place of supply, a tax service's word, exchange rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.contract import Contract
from shared.domain.exchange import FxUse, RateTable
from shared.domain.invoice import Invoice
from shared.domain.parties import Customer
from shared.domain.tax import TaxDecision
from shared.domain.wip import WipItem
from shared.ports.ports import Ports
from shared.usecases.book_totals import needs_rates
from shared.usecases.keep_rates import days_to_ask
from shared.usecases.tax_lines import by_service, entity_of, questions


@dataclass(frozen=True, slots=True)
class OutsideFacts:
    """tax_answers: by kind of service; None where finance's table decides. rates: None where nothing is converted."""

    ship_to: Customer | None
    tax_answers: Mapping[str, TaxDecision] | None
    rates: RateTable | None


def outside_facts(
    invoice: Invoice,
    items: Sequence[WipItem],
    contract: Contract,
    customer: Customer,
    issued_on: date,
    ports: Ports,
) -> OutsideFacts:
    """Asked before pricing, which then needs nothing but its arguments. Raises BusinessException("tax_undetermined" |
    "customer_unknown" | "legal_entity_unknown"), Transient when the tax service does not answer.
    """
    policies = ports.policies.current()
    ship_to = ports.customers.get(contract.ship_to) if contract.ship_to else None
    asked = questions(
        invoice, items, contract=contract, customer=customer, ship_to=ship_to, policies=policies, issued_on=issued_on
    )
    answers = {each.service: ports.tax_service.decide(each) for each in asked} if by_service(asked, policies) else None
    return OutsideFacts(ship_to, answers, _rates(invoice, issued_on, ports))


def _rates(invoice: Invoice, issued_on: date, ports: Ports) -> RateTable | None:
    policies = ports.policies.current()
    rule = policies.fx_rule(FxUse.BOOK)
    if rule is None or not needs_rates(invoice.group.currency, entity_of(invoice, policies).currency, policies):
        return None
    return ports.exchange_rates.published(rule.source, days_to_ask(issued_on, rule))
