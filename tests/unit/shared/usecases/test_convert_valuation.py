from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.domain.money import Money
from shared.domain.wip import Valuation
from shared.faults import BusinessException
from shared.usecases.convert_valuation import convert_valuation, rule_for_card
from tests.build import the_policies
from tests.rates import card_rule, the_rates

MONDAY = date(2026, 4, 13)


def hours(minutes: int, rate: str, currency: str) -> Valuation:
    return Valuation(Decimal(minutes), "minute", Money(Decimal(rate), currency), Decimal(60), "role")


def test_the_price_is_converted_and_the_value_rounded_once() -> None:
    """2.5 h at 150.00 USD: 375 / 1.1684 = 320.9517.. EUR. By a price rounded to 128.38 it would be 320.95 as well, but
    25 minutes three times show it: 62.50 / 1.1684 = 53.4919.., where 25/60 x 128.38 = 53.4916.."""
    valued = convert_valuation(hours(150, "150.00", "USD"), "EUR", MONDAY, the_rates(), card_rule())
    assert valued.value == Money(Decimal("320.95"), "EUR")
    assert valued.card_price == Money(Decimal("150.00"), "USD")
    assert valued.fx is not None and valued.fx.asked_on == MONDAY


def test_a_thousand_hours_do_not_drift_by_a_rounded_price() -> None:
    """1000 h at 150.00 USD are 128380.69 EUR; by a price rounded to 128.38 they would be 128380.00."""
    valued = convert_valuation(hours(60_000, "150.00", "USD"), "EUR", MONDAY, the_rates(), card_rule())
    assert valued.value == Money(Decimal("128380.69"), "EUR")


def test_the_same_currency_stays_as_it_is() -> None:
    plain = hours(60, "150.00", "EUR")
    assert convert_valuation(plain, "EUR", MONDAY, the_rates(), card_rule()) is plain


def test_a_reversal_takes_back_what_was_converted() -> None:
    valued = convert_valuation(hours(50, "99.99", "GBP"), "JPY", MONDAY, the_rates(), card_rule())
    assert valued.negated().value == -valued.value


def test_without_a_rule_of_finance_currencies_must_agree() -> None:
    with pytest.raises(BusinessException, match="currency_mismatch"):
        rule_for_card("USD", "EUR", the_policies(), rate_card_id="card-1")
    assert rule_for_card("EUR", "EUR", the_policies()) is None
    allowed = replace(the_policies(), fx_rules=(card_rule(),))
    assert rule_for_card("USD", "EUR", allowed) == card_rule()
