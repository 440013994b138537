"""A card prices the projects it names, the newest version wins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from events.contract_signed.v1 import SignedLine
from events.rate_card_changed.v1 import CardRate
from events.terms import MultiplierTerms, Terms
from events.values import Amount, Ref
from shared.domain.identity import ExternalRef
from shared.domain.source import Applied
from shared.faults import Transient
from tests.stories import PROJECT, WORKSPACE, Fabric, a_card, a_contract, an_entry


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


def test_a_rate_keeps_all_it_names_and_its_own_currency() -> None:
    fabric = Fabric().ready()
    group = Ref(system="kantata", kind="workspace_group", id="31")
    fabric.ports.references.link(ExternalRef("kantata", "workspace_group", "31"), "customer-1")
    rate = CardRate(
        rate_id="r-2",
        rate_per_hour=Decimal("175.00"),
        valid_from=date(2026, 1, 1),
        task_ref=Ref(system="kantata", kind="story", id="5"),
        assignment_ref=Ref(system="kantata", kind="assignment", id="6"),
        customer_ref=group,
        region="Bavaria",
        currency="EUR",
    )
    fabric.price(a_card(2, rates=(rate,)))
    (kept,) = fabric.ports.rate_cards.of_project(PROJECT).rates
    assert (kept.task, kept.assignment, kept.customer, kept.region) == ("5", "6", "customer-1", "Bavaria")
    assert kept.rate_per_hour.currency == "EUR"


def test_a_rate_for_a_customer_nobody_knows_yet_comes_again() -> None:
    group = Ref(system="kantata", kind="workspace_group", id="31")
    rate = CardRate(rate_id="r-2", rate_per_hour=Decimal(175), valid_from=date(2026, 1, 1), customer_ref=group)
    with pytest.raises(Transient, match="project_not_known_yet"):
        Fabric().ready().price(a_card(2, rates=(rate,)))


def test_an_entry_is_priced_by_what_it_says_of_task_region_and_kind() -> None:
    line = SignedLine(
        line_id="l-time",
        kind="time_and_materials",
        description="Consulting",
        value=Amount(amount=Decimal(50000), currency="USD"),
        terms=Terms(multipliers=MultiplierTerms(travel=Decimal("0.5"))),
    )
    fabric = Fabric().ready(a_contract(lines=(line,)))
    task = Ref(system="kantata", kind="story", id="5")
    by_task = CardRate(rate_id="r-2", rate_per_hour=Decimal(175), valid_from=date(2026, 1, 1), task_ref=task)
    by_region = CardRate(rate_id="r-3", rate_per_hour=Decimal(99), valid_from=date(2026, 1, 1), region="Bavaria")
    fabric.price(a_card(2, rates=(by_task, by_region)))
    fabric.approve(
        an_entry("t-1", task_ref=task, region="Bavaria"),
        an_entry("t-2", region="Bavaria"),
        an_entry("t-3", region="Bavaria", work_kind="travel"),
    )
    found = {item.source_id: (item.valuation.rule, str(item.value.amount)) for item in fabric.ports.wip.items.values()}
    assert found == {"t-1": ("task", "175.00"), "t-2": ("region", "99.00"), "t-3": ("region", "49.50")}
