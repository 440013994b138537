"""Which tax: read from finance's dated table, by seller, kind of buyer and invoice date. The code knows no tax law."""

from __future__ import annotations

from datetime import date

from shared.domain.countries import EU_COUNTRIES
from shared.domain.parties import Customer, LegalEntity
from shared.domain.policies import Policies, TaxRule
from shared.domain.tax import TaxDecision
from shared.faults import BusinessException

DOMESTIC = "domestic"
EU_BUSINESS = "eu_business"
EU_CONSUMER = "eu_consumer"
REST_OF_WORLD = "rest_of_world"
BUYERS = (DOMESTIC, EU_BUSINESS, EU_CONSUMER, REST_OF_WORLD)


def decide_tax(policies: Policies, legal_entity: LegalEntity, customer: Customer, *, on: date) -> TaxDecision:
    """The first rule of the table that fits seller, buyer and invoice date `on`; its name goes on the invoice line.

    Raises BusinessException("tax_undetermined"): no rule is a question for finance, never a rate of zero.
    Source: docs/billing.md, "Tax".
    """
    buyer = kind_of_buyer(legal_entity, customer)
    for rule in policies.tax_rules:
        if rule.seller_country == legal_entity.country and rule.buyer == buyer and valid_on(rule, on):
            return TaxDecision(category=rule.category, rate=rule.rate, reason=rule.reason, rule=rule.rule)
    raise BusinessException(
        "tax_undetermined",
        legal_entity_id=legal_entity.legal_entity_id,
        customer_id=customer.customer_id,
        seller_country=legal_entity.country,
        buyer_country=customer.address.country,
        buyer=buyer,
        on=on.isoformat(),
        policies=policies.version,
    )


def kind_of_buyer(legal_entity: LegalEntity, customer: Customer) -> str:
    """In the EU a tax number makes the customer a business; whether the number is valid is checked elsewhere."""
    country = customer.address.country
    if country == legal_entity.country:
        return DOMESTIC
    if country in EU_COUNTRIES:
        return EU_BUSINESS if customer.tax_number else EU_CONSUMER
    return REST_OF_WORLD


def valid_on(rule: TaxRule, day: date) -> bool:
    """Half-open: the rule ends before `valid_to`."""
    return rule.valid_from <= day and (rule.valid_to is None or day < rule.valid_to)
