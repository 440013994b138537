"""Late or early, an amendment comes to the same: billed + plan + open is what it had been, had it been known at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stories import CONTRACT, Fabric, a_contract, an_entry, time_and_materials
from tests.unit.functions.operations.test_amend_contract import amend

MARCH = st.integers(1, 31)
WORK = st.lists(st.tuples(MARCH, st.integers(1, 600)), min_size=1, max_size=8)
PRICE = st.decimals("0.01", "400", places=2)
THROUGH = st.sampled_from([date(2026, 3, 10), date(2026, 3, 20), date(2026, 3, 31)])


def worked(fabric: Fabric, work: list[tuple[int, int]]) -> None:
    for number, (day, minutes) in enumerate(work):
        entry = an_entry(f"t-{number}", worked_on=date(2026, 3, day), minutes=minutes)
        fabric.ports.outbox.record([entry])
        fabric.approve(entry)


def priced(fabric: Fabric, price: Decimal, day: int, number: str = "A-1") -> Decimal:
    """The plan's difference."""
    rate = {"rate_per_hour": {"amount": f"{price:f}", "currency": "USD"}}
    told = amend(
        fabric, {"change": "set_rates", "rates": [rate]}, effective_on=f"2026-03-{day:02d}", amendment_id=number
    )
    plan = told["effect"]["plan"]
    lines = sum((Decimal(line["rebill"]) - Decimal(line["credit"]) for line in plan), Decimal(0))
    assert lines == Decimal(told["effect"]["plan_difference"])
    return lines


def total(fabric: Fabric) -> Decimal:
    """Everything, open and billed."""
    return sum((item.value.amount for item in fabric.ports.wip.of_legal_entity("US")), Decimal(0))


@settings(max_examples=40, deadline=None)
@given(work=WORK, price=PRICE, day=MARCH, through=THROUGH)
def test_a_late_amendment_with_its_plan_comes_to_what_an_early_one_had(
    work: list[tuple[int, int]], price: Decimal, day: int, through: date
) -> None:
    late, early = (Fabric().ready(a_contract(lines=time_and_materials())) for _ in range(2))
    worked(late, work)
    posted = late.bill(through)
    difference = priced(late, price, day)
    priced(early, price, day)
    worked(early, work)
    assert total(late) + difference == total(early)
    assert [late.invoice(invoice.invoice_id) for invoice in posted] == posted
    assert late.conserved() and early.conserved()


@settings(max_examples=30, deadline=None)
@given(work=WORK, prices=st.tuples(PRICE, PRICE), days=st.tuples(MARCH, MARCH))
def test_the_order_in_which_amendments_come_changes_no_amount(
    work: list[tuple[int, int]], prices: tuple[Decimal, Decimal], days: tuple[int, int]
) -> None:
    one, other = (Fabric().ready(a_contract(lines=time_and_materials())) for _ in range(2))
    worked(one, work)
    worked(other, work)
    first, second = (prices[0], days[0], "A-1"), (prices[1], days[1], "A-2")
    for fabric, order in ((one, (first, second)), (other, (second, first))):
        for price, day, number in order:
            fabric.ports.clock.pass_(minutes=0 if days[0] == days[1] else 1)
            priced(fabric, price, day, number)
    if days[0] != days[1]:
        assert total(one) == total(other)
    left = sum(1 for item in one.ports.wip.open_of(CONTRACT) if item.reverses is None)
    assert left >= len(work) and one.conserved() and other.conserved()
