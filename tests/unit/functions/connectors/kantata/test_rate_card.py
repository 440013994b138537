"""A rate card's dated versions as half-open rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from functions.connectors.kantata.rate_card import Card, Version, rate_card_event

AT = "2026-03-02T01:00:00-08:00"


def version(id_: str, start: str | None, rate: int, *, active: bool = True, default: int = 0) -> Version:
    row = {"id": id_, "default_rate": default, "updated_at": AT}
    rates = ({"id": f"r{id_}", "role_id": "3", "rate": rate, "updated_at": AT},)
    in_set = {"effective_date": start, "active": active, "updated_at": AT}
    return Version(row, in_set, rates, {"3": "Architect"})


def card(*versions: Version, workspaces: tuple[str, ...] = (), **row: Any) -> Card:
    return Card({"id": "9", "currency": "USD", "updated_at": AT} | row, "Standard", versions, workspaces)


def rates(of: Card) -> list[tuple[str | None, Decimal, date, date | None]]:
    data = rate_card_event(of, "firm").data
    return [(rate.role, rate.rate_per_hour, rate.valid_from, rate.valid_to) for rate in data.rates]


def test_a_version_holds_until_the_next_begins() -> None:
    of = card(version("2", "2026-07-01", 16000), version("1", None, 15000))
    assert rates(of) == [
        ("Architect", Decimal("150.00"), date(2000, 1, 1), date(2026, 7, 1)),
        ("Architect", Decimal("160.00"), date(2026, 7, 1), None),
    ]


def test_an_unpublished_version_prices_nothing() -> None:
    of = card(version("1", None, 15000), version("2", "2026-07-01", 16000, active=False))
    assert rates(of) == [("Architect", Decimal("150.00"), date(2000, 1, 1), None)]


def test_of_two_versions_of_one_day_the_later_made_holds() -> None:
    of = card(version("10", "2026-07-01", 17000), version("9", "2026-07-01", 16000))
    assert rates(of) == [("Architect", Decimal("170.00"), date(2026, 7, 1), None)]


def test_a_default_rate_is_for_any_role_and_zero_is_no_rate() -> None:
    of = card(version("1", "2026-01-01", 0, default=9900))
    assert rates(of) == [(None, Decimal("99.00"), date(2026, 1, 1), None)]


def test_rates_are_in_the_currencys_own_subunits() -> None:
    assert rates(card(version("1", "2026-01-01", 15000), currency="JPY"))[0][1] == Decimal(15000)


def test_a_change_that_moves_no_change_time_still_gets_a_higher_sequence() -> None:
    first = rate_card_event(card(version("1", None, 15000), workspaces=("7", "8")), "firm")
    second = rate_card_event(card(version("1", None, 15000), workspaces=("7",)), "firm", above=first.sequence)
    assert second.sequence == first.sequence + 1 and second.id != first.id
    assert [project.id for project in second.data.project_refs] == ["7"]
