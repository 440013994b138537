from decimal import Decimal

import pytest

from shared.domain.currencies import minor_units
from shared.domain.money import Money
from tests.build import eur


@pytest.mark.parametrize("amount", [1.5, 1, "1.50"])
def test_only_decimal_is_an_amount(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_no_amount_is_infinite(amount: str) -> None:
    with pytest.raises(ValueError):
        Money(Decimal(amount), "EUR")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="USD with EUR"):
        eur("1") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    ("currency", "exact", "rounded"),
    [
        ("EUR", "1033.125", "1033.13"),
        ("EUR", "-1033.125", "-1033.13"),
        ("EUR", "2.004999", "2.00"),
        ("JPY", "0.5", "1"),
        ("KWD", "0.0005", "0.001"),
        ("CLF", "0.00005", "0.0001"),
    ],
)
def test_half_rounds_away_from_zero_at_the_minor_unit(currency: str, exact: str, rounded: str) -> None:
    assert str(Money(Decimal(exact), currency).rounded().amount) == rounded


def test_adding_and_rounding_keep_every_digit() -> None:
    large = eur("1234567890123456789012345678901.99")
    assert (large + eur("0.01")).rounded() == eur("1234567890123456789012345678902.00")
    assert (-large + large) == eur("0")


def test_a_third_of_an_hour_three_times_is_the_hour() -> None:
    third = eur("100.00").times(Decimal(1), Decimal(3))
    assert (third + third + third).rounded() == eur("100.00")


def test_minutes_never_pass_through_rounded_hours() -> None:
    assert eur("150.00").times(Decimal(50), Decimal(60)) == eur("125")
    assert eur("100.00").percent(Decimal(19)) == eur("19")


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
        ("0.01", [1, 1], ["0.01", "0.00"]),
        ("10.00", [0, 1], ["0.00", "10.00"]),
        ("100.00", [50, 30, 20], ["50.00", "30.00", "20.00"]),
        ("0.05", [3, 7], ["0.02", "0.03"]),
    ],
)
def test_split_gives_left_over_cents_to_the_largest_remainders(
    amount: str, weights: list[int], parts: list[str]
) -> None:
    assert eur(amount).split([Decimal(w) for w in weights]) == tuple(eur(part) for part in parts)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [-1, 2]])
def test_split_needs_weights_that_mean_something(weights: list[int]) -> None:
    with pytest.raises(ValueError):
        eur("1.00").split([Decimal(w) for w in weights])


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("UYW", 4)])
def test_minor_units_are_those_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_units(currency) == digits


@pytest.mark.parametrize("currency", ["XAU", "XXX", "eur", "EURO", "E1R", "ÄÖÜ", ""])
def test_nothing_is_billed_in_what_is_no_currency(currency: str) -> None:
    with pytest.raises(ValueError):
        minor_units(currency)
