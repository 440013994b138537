from datetime import date
from decimal import Decimal

import pytest

from shared.domain.contract import LineKind
from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.faults import BusinessException
from tests.build import a_card, a_contract, a_rate, eur, time_item


@pytest.mark.parametrize(
    ("minutes", "rate", "value"),
    [
        (60, "150.00", "150.00"),
        (50, "150.00", "125.00"),  # through 0.83 hours it would be 124.50
        (435, "142.50", "1033.13"),  # 7.25 h: 1033.125, half away from zero
        (1, "100.00", "1.67"),
        (480, "0", "0.00"),
        (1440, "199.99", "4799.76"),
    ],
)
def test_value_is_minutes_of_an_hour_at_the_rate_to_the_cent(minutes: int, rate: str, value: str) -> None:
    item = time_item(minutes=minutes, card=a_card(a_rate(amount=rate)))
    assert item.value == eur(value)
    assert item.valuation.quantity == Decimal(minutes)
    assert item.valuation.unit_price == eur(rate)
    assert item.valuation.per == 60


@pytest.mark.parametrize(
    ("currency", "minutes", "rate", "value"),
    [("JPY", 50, "15000", "12500"), ("JPY", 1, "15001", "250"), ("KWD", 50, "45.125", "37.604")],
)
def test_value_is_rounded_to_the_minor_unit_of_its_currency(currency: str, minutes: int, rate: str, value: str) -> None:
    card = a_card(a_rate(rate_per_hour=Money(Decimal(rate), currency)), currency=currency)
    item = time_item(minutes=minutes, card=card, contract=a_contract(currency=currency))
    assert item.value == Money(Decimal(value), currency)


LEVELS = (
    ("person_and_role_on_project", {"person": "u-1", "role": "Senior", "project": "prj-1"}),
    ("person_on_project", {"person": "u-1", "role": None, "project": "prj-1"}),
    ("role_on_project", {"person": None, "role": "Senior", "project": "prj-1"}),
    ("project", {"person": None, "role": None, "project": "prj-1"}),
    ("person_and_role", {"person": "u-1", "role": "Senior", "project": None}),
    ("person", {"person": "u-1", "role": None, "project": None}),
    ("role", {"person": None, "role": "Senior", "project": None}),
    ("card_default", {"person": None, "role": None, "project": None}),
)


@pytest.mark.parametrize("first", range(len(LEVELS)))
def test_the_most_specific_rate_wins(first: int) -> None:
    """Each level in turn is the best there is; the less specific ones stand below it, in any order."""
    rates = [a_rate(level, str(100 + n), **names) for n, (level, names) in enumerate(LEVELS)]
    item = time_item(card=a_card(*reversed(rates[first:])))
    assert (item.valuation.rule, item.valuation.rate_id) == (LEVELS[first][0], LEVELS[first][0])
    assert item.value.amount == 100 + first


def test_rates_of_other_people_roles_and_projects_are_not_taken() -> None:
    others = [a_rate("a", person="u-2"), a_rate("b", role="Junior"), a_rate("c", project="prj-2")]
    with pytest.raises(BusinessException, match="rate_missing") as refusal:
        time_item(card=a_card(*others))
    assert refusal.value.facts["worked_on"] == "2026-10-05"


def test_a_rate_starts_on_its_first_day_and_ends_before_its_last() -> None:
    old = a_rate("old", "150", valid_to=date(2026, 10, 5))
    new = a_rate("new", "160", valid_from=date(2026, 10, 5))
    card = a_card(old, new)
    assert time_item(card=card, worked_on=date(2026, 10, 4)).valuation.rate_id == "old"
    assert time_item(card=card, worked_on=date(2026, 10, 5)).valuation.rate_id == "new"


def test_two_rates_of_one_level_on_one_day_are_a_fault_of_the_card() -> None:
    with pytest.raises(BusinessException, match="rate_overlap") as refusal:
        time_item(card=a_card(a_rate("b"), a_rate("a", "155")))
    assert refusal.value.facts["rates"] == "a,b"


def test_an_overlap_below_the_level_that_wins_does_no_harm() -> None:
    card = a_card(a_rate("a"), a_rate("b"), a_rate("mine", "200", role=None, person="u-1"))
    assert time_item(card=card).valuation.rate_id == "mine"


def test_a_card_in_another_currency_is_never_converted() -> None:
    with pytest.raises(BusinessException, match="currency_mismatch"):
        time_item(contract=a_contract(currency="USD"))


def test_a_contract_without_time_and_materials_takes_no_time() -> None:
    fixed = tuple(line for line in a_contract().lines if line.kind is not LineKind.TIME_AND_MATERIALS)
    with pytest.raises(BusinessException, match="line_missing"):
        time_item(contract=a_contract(lines=fixed))


def test_the_item_keeps_all_that_made_it() -> None:
    item = time_item()
    assert item.source_ref == ExternalRef("kantata", "time_entry", "t-1")
    assert (item.valuation.rate_card_id, item.valuation.rate_card_version) == ("card-1", "v7")
    assert (item.line_id, item.project_id, item.approver) == ("l-time", "prj-1", "Grace Hopper")
    assert item.description == "2026-10-05, Ada Moore, Senior: Data migration"


def test_the_same_version_of_an_entry_always_makes_the_same_item() -> None:
    assert time_item() == time_item()
    assert time_item(sequence=2).wip_id != time_item(sequence=1).wip_id
