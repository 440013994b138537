from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.exchange import RateTable
from shared.domain.money import Money
from shared.faults import BusinessException
from shared.usecases.convert_money import convert, rate_between
from tests.examples import exchange_rates
from tests.rates import book_rule, published, the_rates

MONDAY = date(2026, 4, 13)
CURRENCIES = st.sampled_from(["EUR", "USD", "GBP", "JPY", "KWD"])


def money(text: str) -> Money:
    amount, currency = text.split(" ")
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize("row", exchange_rates.ROWS, ids=lambda row: f"{row['amount']} to {row['to']} {row['on']}")
def test_an_amount_converts_as_the_table_says(row: dict[str, str]) -> None:
    on = date.fromisoformat(row["on"])
    if row["converted"].startswith("fx_"):
        with pytest.raises(BusinessException, match=row["converted"]) as refusal:
            convert(money(row["amount"]), row["to"], on, the_rates(), book_rule())
        assert refusal.value.facts["on"] == row["on"]
        assert refusal.value.facts["currency"] == row["amount"].split(" ")[1]
        return
    done = convert(money(row["amount"]), row["to"], on, the_rates(), book_rule())
    assert f"{done.value.amount} {done.value.currency}" == row["converted"]
    assert (done.fx.published_on.isoformat() if done.fx else "") == row["published"]


def test_what_was_used_is_kept_with_its_direction() -> None:
    fx = rate_between("GBP", "USD", MONDAY, the_rates(), book_rule())
    assert (fx.source, fx.rule, fx.asked_on, fx.published_on) == ("ecb", "ecb-invoice-date", MONDAY, MONDAY)
    assert (fx.from_per_euro, fx.to_per_euro) == (Decimal("0.87058"), Decimal("1.1684"))
    assert fx.direction == "GBP to EUR to USD"
    assert rate_between("EUR", "USD", MONDAY, the_rates(), book_rule()).direction == "EUR to USD"
    assert rate_between("USD", "EUR", MONDAY, the_rates(), book_rule()).direction == "USD to EUR"


def test_the_last_day_of_a_currency_that_is_gone_is_named() -> None:
    with pytest.raises(BusinessException) as refusal:
        convert(money("1.00 BGN"), "EUR", date(2025, 12, 30), the_rates(), book_rule())
    assert refusal.value.facts["published_on"] == "2025-12-29"
    assert refusal.value.facts["last_quoted_on"] == "2025-12-24"


def test_both_rates_are_of_one_publication() -> None:
    """Even where the other currency has an earlier rate that would be young enough."""
    table = RateTable.of("ecb", [published("2026-04-10", CHF="0.93"), published("2026-04-13", USD="1.17")])
    with pytest.raises(BusinessException, match="fx_currency_not_quoted"):
        rate_between("USD", "CHF", MONDAY, table, book_rule())


@given(st.decimals(-(10**9), 10**9, places=3), CURRENCIES, CURRENCIES)
def test_conversion_by_way_of_a_third_currency_equals_the_direct_one(amount: Decimal, one: str, other: str) -> None:
    """Unrounded in between: to GBP and on is the same as at once."""
    given_money = Money(amount, one)
    if one == other or "GBP" in (one, other):
        return
    direct = rate_between(one, other, MONDAY, the_rates(), book_rule()).apply(given_money).rounded()
    half = rate_between(one, "GBP", MONDAY, the_rates(), book_rule()).apply(given_money)
    assert rate_between("GBP", other, MONDAY, the_rates(), book_rule()).apply(half).rounded() == direct


@given(st.decimals(-(10**9), 10**9, places=2), CURRENCIES, CURRENCIES)
def test_a_credit_converts_as_its_invoice_with_the_sign_turned(amount: Decimal, one: str, other: str) -> None:
    plus = convert(Money(amount, one), other, MONDAY, the_rates(), book_rule()).value
    assert convert(Money(-amount, one), other, MONDAY, the_rates(), book_rule()).value == -plus


@given(st.decimals(0, 10**7, places=2))
def test_there_and_back_is_within_one_unit_of_the_coarser_currency(amount: Decimal) -> None:
    there = convert(Money(amount, "EUR"), "JPY", MONDAY, the_rates(), book_rule()).value
    back = convert(there, "EUR", MONDAY, the_rates(), book_rule()).value
    assert abs(back.amount - amount) <= Decimal("0.01")
