"""A card prices the projects it names, the newest version wins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from events.rate_card_changed.v1 import CardRate
from events.values import Ref
from shared.domain.source import Applied
from shared.faults import Transient
from tests.stories import PROJECT, WORKSPACE, Fabric, a_card, an_entry


def test_a_card_prices_its_project_and_keeps_its_version() -> None:
    fabric = Fabric().ready()
    card = fabric.ports.rate_cards.of_project(PROJECT)
    assert (card.version, card.rates[0].rate_per_hour.amount) == ("1", Decimal("150.00"))


def test_an_older_card_changes_nothing() -> None:
    fabric = Fabric().ready()
    assert fabric.price(a_card(5, rate="160.00")) is Applied.NEW
    assert fabric.price(a_card(4, rate="170.00")) is Applied.STALE
    assert fabric.ports.rate_cards.of_project(PROJECT).version == "5"


def test_a_repeated_card_frees_again_what_the_first_time_may_have_left() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(role="Architect"))
    assert fabric.price() is Applied.DUPLICATE
    assert len(fabric.ports.queues.bodies("time")) == 1


def test_a_rate_for_a_project_names_it_by_our_id() -> None:
    fabric = Fabric().ready()
    rate = CardRate(rate_id="r-2", rate_per_hour=Decimal("175.00"), valid_from=date(2026, 1, 1), project_ref=WORKSPACE)
    fabric.price(a_card(2, rates=(rate,)))
    (kept,) = fabric.ports.rate_cards.of_project(PROJECT).rates
    assert (kept.project, kept.role, kept.person) == (PROJECT, None, None)


def test_a_card_of_a_project_that_is_being_set_up_comes_again() -> None:
    other = Ref(system="kantata", kind="workspace", id="78")
    with pytest.raises(Transient, match="project_not_known_yet"):
        Fabric().ready().price(a_card(2, project_refs=(WORKSPACE, other)))
