"""The process that keeps a changed card may die at any write: told again, open work is priced once, one plan is there."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.processes.time_to_bill import keep_rate_card
from tests.property.mortal import Died, Fate, MortalPorts, until_done
from tests.stories import Fabric, a_card, a_contract, an_entry, time_and_materials


def a_firm() -> Fabric:
    """One entry billed, two open."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry("t-1"))
    fabric.bill()
    fabric.approve(an_entry("t-2"), an_entry("t-3", minutes=50))
    return fabric


def state(fabric: Fabric) -> dict[str, Any]:
    ports = fabric.ports
    return {
        "items": ports.wip.items,
        "sources": ports.wip.sources,
        "cards": ports.rate_cards.history,
        "documents": ports.documents.bodies,
        "exceptions": {each.exception_id: each.facts for each in ports.exceptions.list()},
    }


@settings(max_examples=100, deadline=None)
@given(st.frozensets(st.integers(0, 25), max_size=6))
def test_a_card_that_dies_half_way_ends_as_one_that_lived(deaths: frozenset[int]) -> None:
    calm, mortal = a_firm(), a_firm()
    calm.price(a_card(2, rate="160.00"))
    ports = MortalPorts(mortal.ports, Fate(deaths))
    until_done(lambda: keep_rate_card.handler.step(a_card(2, rate="160.00"), ports))
    assert state(mortal) == state(calm) and mortal.conserved()
    assert mortal.exceptions() == ["late_rate_change"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 25))
def test_a_card_overtaken_by_the_next_while_it_died_misses_nothing(death: int) -> None:
    """Its second delivery is stale; what its change means for billed work is planned all the same."""
    fabric = a_firm()
    ports = MortalPorts(fabric.ports, Fate(frozenset({death})))
    with suppress(Died):
        keep_rate_card.handler.step(a_card(2, rate="160.00"), ports)
    fabric.price(a_card(3, rate="160.00", name="Renamed"))
    fabric.price(a_card(2, rate="160.00"))
    kept = [card.version for card in fabric.ports.rate_cards.versions("card-1")]
    assert fabric.exceptions() == ["late_rate_change"], kept
    assert fabric.conserved()
    assert (
        sorted(str(each.value.amount) for each in fabric.ports.wip.open_of("contract-1") if not each.reverses)[-1]
        == "160.00"
    )
