"""Which tax: read from finance's dated table, by seller, kind of buyer, service and invoice date. The code knows no tax
law; what only the law of numbers asks (whose tax number must be there) is checked here, because an invoice without it is
void.
"""

from __future__ import annotations

from datetime import date

from shared.domain.countries import EU_COUNTRIES
from shared.domain.parties import Customer, LegalEntity
from shared.domain.policies import Buyers, Policies, TaxRule
from shared.domain.tax import TaxCategory, TaxDecision, TaxQuestion
from shared.faults import BusinessException

DOMESTIC = "domestic"
EU_BUSINESS = "eu_business"
EU_CONSUMER = "eu_consumer"
REST_OF_WORLD = "rest_of_world"
BUYERS = (DOMESTIC, EU_BUSINESS, EU_CONSUMER, REST_OF_WORLD)

SERVICES = "services"
"""The kind of service where a contract line names no other."""


def decide_tax(
    policies: Policies,
    legal_entity: LegalEntity,
    customer: Customer,
    *,
    on: date,
    service: str = SERVICES,
    ship_to: Customer | None = None,
) -> TaxDecision:
    """The first rule of the table that fits seller, buyer, service and invoice date `on`; its name goes on the line.

    customer: gets the invoice. ship_to: gets the service, where that is another: its country is the place of supply.
    Raises BusinessException("tax_undetermined") with what was `missing`: "rule", "buyer_country", "buyer_tax_number" or
    "seller_tax_number". That is a question for finance, never a rate of zero.
    Source: docs/billing.md, "Tax".
    """
    question = tax_question(legal_entity, customer, on=on, service=service, ship_to=ship_to)
    return decide_by_table(policies, question)


def tax_question(
    legal_entity: LegalEntity,
    customer: Customer,
    *,
    on: date,
    service: str = SERVICES,
    ship_to: Customer | None = None,
    currency: str = "",
) -> TaxQuestion:
    """The place is the ship-to's. Its own tax number counts first, then that of the one who gets the invoice."""
    place = ship_to or customer
    return TaxQuestion(
        legal_entity_id=legal_entity.legal_entity_id,
        seller_country=legal_entity.country,
        seller_tax_number=legal_entity.tax_number,
        customer_id=customer.customer_id,
        buyer_country=place.address.country,
        buyer_region=place.address.region,
        buyer_postal_code=place.address.postal_code,
        buyer_tax_number=place.tax_number or customer.tax_number,
        service=service,
        on=on,
        currency=currency or legal_entity.currency,
    )


def decide_by_table(policies: Policies, question: TaxQuestion) -> TaxDecision:
    """As `decide_tax`."""
    if not question.buyer_country:
        raise undetermined(question, "buyer_country", policies=policies.version)
    buyer = _kind(question.seller_country, question.buyer_country, question.buyer_tax_number)
    if buyer == EU_CONSUMER and policies.tax_policy(question.legal_entity_id).buyers is Buyers.BUSINESS:
        raise undetermined(question, "buyer_tax_number", buyer=EU_BUSINESS, policies=policies.version)
    for rule in policies.tax_rules:
        if rule_fits(rule, question, buyer):
            decision = TaxDecision(rule.category, rule.rate, rule.reason, rule.rule, rule.code)
            check_numbers(question, decision)
            return decision
    raise undetermined(question, "rule", buyer=buyer, policies=policies.version)


def rule_fits(rule: TaxRule, question: TaxQuestion, buyer: str) -> bool:
    return (
        rule.seller_country == question.seller_country
        and rule.buyer == buyer
        and rule.service in (None, question.service)
        and rule.buyer_country in (None, question.buyer_country)
        and valid_on(rule, question.on)
    )


def check_numbers(question: TaxQuestion, decision: TaxDecision) -> None:
    """Whose number must stand on the invoice: the seller's unless it is outside the scope (BR-S-02 and its like), the
    buyer's for reverse charge (BR-AE-02).
    """
    if decision.category is not TaxCategory.OUTSIDE_SCOPE and not question.seller_tax_number:
        raise undetermined(question, "seller_tax_number", rule=decision.rule)
    if decision.category is TaxCategory.REVERSE_CHARGE and not question.buyer_tax_number:
        raise undetermined(question, "buyer_tax_number", rule=decision.rule)


def undetermined(question: TaxQuestion, missing: str, **facts: str) -> BusinessException:
    return BusinessException(
        "tax_undetermined",
        missing=missing,
        legal_entity_id=question.legal_entity_id,
        customer_id=question.customer_id,
        seller_country=question.seller_country,
        buyer_country=question.buyer_country,
        service=question.service,
        on=question.on.isoformat(),
        **facts,
    )


def kind_of_buyer(legal_entity: LegalEntity, customer: Customer) -> str:
    """In the EU a tax number makes the customer a business; whether the number is valid is checked elsewhere."""
    return _kind(legal_entity.country, customer.address.country, customer.tax_number)


def _kind(seller_country: str, country: str, tax_number: str | None) -> str:
    if country == seller_country:
        return DOMESTIC
    if country in EU_COUNTRIES:
        return EU_BUSINESS if tax_number else EU_CONSUMER
    return REST_OF_WORLD


def valid_on(rule: TaxRule, day: date) -> bool:
    """Half-open: the rule ends before `valid_to`."""
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)
