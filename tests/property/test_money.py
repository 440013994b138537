from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.money import Money
from tests.build import a_card, a_contract, a_rate, time_item
from tests.property.strategies import currencies, minutes, monies, rates_per_hour, unit, weights


@given(currencies.flatmap(monies), weights)
def test_split_parts_sum_to_the_whole(whole: Money, shares: list[Decimal]) -> None:
    parts = whole.split(shares)
    assert sum(parts, Money.zero(whole.currency)) == whole
    assert len(parts) == len(shares)


@given(currencies.flatmap(monies), weights)
def test_no_part_is_a_unit_away_from_its_exact_share(whole: Money, shares: list[Decimal]) -> None:
    total = Fraction(sum(shares, Decimal(0)))
    for part, share in zip(whole.split(shares), shares, strict=True):
        exact = Fraction(whole.amount) * Fraction(share) / total
        assert abs(Fraction(part.amount) - exact) < Fraction(unit(whole.currency))
        assert part == part.rounded()


@given(currencies.flatmap(monies), weights)
def test_a_larger_share_never_gets_less(whole: Money, shares: list[Decimal]) -> None:
    sizes = sorted(zip(shares, [abs(part.amount) for part in whole.split(shares)], strict=True))
    for (_, smaller), (_, larger) in zip(sizes, sizes[1:], strict=False):
        assert smaller <= larger + unit(whole.currency)


@given(currencies.flatmap(monies), weights)
def test_splitting_what_is_owed_the_other_way_round_mirrors(whole: Money, shares: list[Decimal]) -> None:
    assert (-whole).split(shares) == tuple(-part for part in whole.split(shares))


@given(currencies, st.integers(-(10**20), 10**20) | st.integers(-(10**9), 10**9).map(lambda whole: whole * 1000 + 500))
def test_rounding_is_half_away_from_zero_and_happens_once(currency: str, thousandths: int) -> None:
    """thousandths: of the currency's unit; checked against whole-number arithmetic."""
    nearest = (abs(thousandths) + 500) // 1000
    exact = Money(Decimal(thousandths).scaleb(-3) * unit(currency), currency)
    assert abs(exact.rounded().amount) == nearest * unit(currency)
    assert exact.rounded().amount * thousandths >= 0
    assert exact.rounded().rounded() == exact.rounded()


@given(currencies.flatmap(monies), currencies.flatmap(monies))
def test_adding_is_exact_and_back(one: Money, other: Money) -> None:
    if one.currency == other.currency:
        assert one + other == other + one
        assert one + other - other == one


@given(currencies, minutes, st.data())
def test_time_is_worth_the_nearest_unit_of_its_exact_value(currency: str, worked: int, data: st.DataObject) -> None:
    rate = data.draw(rates_per_hour(currency))
    card = a_card(a_rate(rate_per_hour=rate), currency=currency)
    item = time_item(minutes=worked, card=card, contract=a_contract(currency=currency))
    exact = Fraction(rate.amount) * worked / 60
    assert abs(Fraction(item.value.amount) - exact) <= Fraction(unit(currency)) / 2
    assert item.value == item.value.rounded()
