"""A price of a rate card in another currency than its contract: the price is converted, the value is rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from shared.domain.exchange import FxRule, FxUse, RateTable
from shared.domain.policies import Policies
from shared.domain.wip import Valuation
from shared.faults import BusinessException
from shared.usecases.convert_money import rate_between


def convert_valuation(
    valuation: Valuation, currency: str, worked_on: date, table: RateTable, rule: FxRule
) -> Valuation:
    """The unit price in `currency`, unrounded, so that `value` rounds once: quantity / per x price x rates.

    The card's own price stays beside it in `card_price`. worked_on: the day of the rate, so that a late valuation of
    the same work gives the same amount.
    Raises BusinessException("fx_rate_missing" | "fx_currency_not_quoted").
    """
    if valuation.unit_price.currency == currency:
        return valuation
    fx = rate_between(valuation.unit_price.currency, currency, worked_on, table, rule)
    return replace(valuation, unit_price=fx.apply(valuation.unit_price), fx=fx, card_price=valuation.unit_price)


def rule_for_card(card_currency: str, contract_currency: str, policies: Policies, **facts: str) -> FxRule | None:
    """None where nothing is to convert. Raises BusinessException("currency_mismatch") where the policy has no rule."""
    if card_currency == contract_currency:
        return None
    rule = policies.fx_rule(FxUse.RATE_CARD)
    if rule is None:
        raise BusinessException(
            "currency_mismatch", contract_currency=contract_currency, rate_card_currency=card_currency, **facts
        )
    return rule
