from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.money import Money
from shared.domain.rate_card import RateCard
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.convert_card import card_in, told_of
from tests.build import a_card, a_rate, time_item
from tests.rates import card_rule, the_rates

MONDAY = date(2026, 4, 13)


def in_dollars(amount: str = "150.00") -> RateCard:
    return a_card(a_rate(rate_per_hour=Money(Decimal(amount), "USD")), currency="USD")


def valued(minutes: int, amount: str = "150.00") -> WipItem:
    card, by_rate = card_in(in_dollars(amount), "EUR", MONDAY, the_rates(), card_rule())
    return told_of(time_item(card=card, minutes=minutes, worked_on=MONDAY), in_dollars(amount), by_rate)


def test_work_is_valued_in_the_contracts_currency_and_says_by_what() -> None:
    """2.5 h at 150.00 USD: 375 / 1.1684 = 320.9517.."""
    item = valued(150)
    assert item.value == Money(Decimal("320.95"), "EUR") == item.valuation.value
    assert item.valuation.card_price == Money(Decimal("150.00"), "USD")
    assert item.valuation.fx is not None
    assert (item.valuation.fx.direction, item.valuation.fx.asked_on) == ("USD to EUR", MONDAY)


def test_a_thousand_hours_do_not_drift_by_a_rounded_price() -> None:
    """150000 / 1.1684 = 128380.6915..; by a price rounded to 128.38 it would be 128380.00."""
    assert valued(60_000).value == Money(Decimal("128380.69"), "EUR")


def test_a_reversal_takes_back_what_was_converted() -> None:
    assert valued(50, "99.99").valuation.negated().value == -valued(50, "99.99").value


def test_a_price_in_the_contracts_currency_stays_as_it_is() -> None:
    mixed = a_card(a_rate(), a_rate("r-usd", role="Junior", rate_per_hour=Money(Decimal(90), "USD")))
    card, by_rate = card_in(mixed, "EUR", MONDAY, the_rates(), card_rule())
    assert card.rates[0] == mixed.rates[0] and set(by_rate) == {"r-usd"}
    item = time_item(card=card, worked_on=MONDAY)
    assert told_of(item, mixed, by_rate) is item


def test_a_day_without_rates_values_nothing() -> None:
    with pytest.raises(BusinessException, match="fx_rate_missing"):
        card_in(in_dollars(), "EUR", date(2026, 5, 13), the_rates(), card_rule())
