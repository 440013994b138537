"""Whatever the order of entries, corrections, drafts and card changes: the same is billed, and nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.contract_signed.v1 import SignedLine
from events.terms import MultiplierTerms, RoundingTerms, Terms
from events.values import Amount
from tests.stories import Fabric, a_card, a_contract, an_entry

THROUGH = date(2026, 3, 31)
ENTRIES = ("t-1", "t-2", "t-3", "t-4")

versions = st.builds(
    lambda entry, sequence, minutes, day: (entry, sequence, minutes, day),
    st.sampled_from(ENTRIES),
    st.integers(1, 6),
    st.none() | st.integers(1, 300),
    st.sampled_from([date(2026, 3, 2), date(2026, 3, 7)]),
)
histories = st.lists(versions, min_size=1, max_size=8, unique_by=lambda each: (each[0], each[1]))
terms = st.builds(
    Terms,
    time_rounding=st.builds(
        RoundingTerms,
        minutes=st.sampled_from([6, 15, 30]),
        to=st.sampled_from(["nearest", "up", "down"]),
        scope=st.sampled_from(["entry", "person_day"]),
    ),
    multipliers=st.none() | st.builds(MultiplierTerms, weekend=st.just(Decimal("1.5"))),
)


def ready(of: Terms) -> Fabric:
    line = SignedLine(
        line_id="l-time",
        kind="time_and_materials",
        description="Consulting",
        value=Amount(amount=Decimal(50000), currency="USD"),
        terms=of,
    )
    return Fabric().ready(a_contract(lines=(line,)))


def tell(fabric: Fabric, version: tuple[str, int, int | None, date]) -> None:
    entry, sequence, minutes, day = version
    state = "withdrawn" if minutes is None else "approved"
    fabric.approve(an_entry(entry, sequence, minutes=minutes or 0, worked_on=day, state=state))


def worth(fabric: Fabric) -> Decimal:
    return sum((item.value.amount for item in fabric.ports.wip.items.values()), Decimal(0))


def settled(fabric: Fabric) -> Decimal:
    """A last run makes the roundings of what came since; how much all items are worth then."""
    fabric.draft(THROUGH)
    assert fabric.conserved()
    return worth(fabric)


@settings(max_examples=80, deadline=None)
@given(terms, histories, st.data())
def test_order_and_batching_never_change_a_total(of: Terms, history: list[Any], data: st.DataObject) -> None:
    calm, wild = ready(of), ready(of)
    for version in history:
        tell(calm, version)
    for version in data.draw(st.permutations(history)):
        tell(wild, version)
        if data.draw(st.booleans()):
            wild.draft(THROUGH)
            assert wild.conserved()
    assert settled(calm) == settled(wild)


@settings(max_examples=60, deadline=None)
@given(terms, histories, st.lists(st.sampled_from(["140.00", "150.00", "163.33"]), min_size=1, max_size=3), st.data())
def test_open_work_ends_at_the_last_rate_whenever_the_card_changed(
    of: Terms, history: list[Any], prices: list[str], data: st.DataObject
) -> None:
    """Nothing is billed in between: then all of it is worth what it would be, had the last card been the only one."""
    wild, last = ready(of), ready(of)
    last.price(a_card(9, rate=prices[-1]))
    for version in history:
        tell(last, version)
    changes = [a_card(2 + number, rate=price) for number, price in enumerate(prices)]
    for version in history:
        tell(wild, version)
        if changes and data.draw(st.booleans()):
            wild.price(changes.pop(0))
            assert wild.conserved()
    for change in changes:
        wild.price(change)
        wild.price(change)
    assert settled(wild) == settled(last)


@settings(max_examples=40, deadline=None)
@given(terms, histories)
def test_running_again_writes_nothing(of: Terms, history: list[Any]) -> None:
    fabric = ready(of)
    for version in history:
        tell(fabric, version)
    fabric.draft(THROUGH)
    before = dict(fabric.ports.wip.items), dict(fabric.ports.wip.sources)
    fabric.draft(THROUGH)
    assert (fabric.ports.wip.items, fabric.ports.wip.sources) == before
