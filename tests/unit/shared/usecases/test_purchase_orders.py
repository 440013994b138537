from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.contract import Contract
from shared.domain.money import Money
from shared.domain.terms import LineTerms, PurchaseOrder
from shared.domain.wip import Valuation, WipItem
from shared.usecases.purchase_orders import limit_of, place_on_orders
from tests.build import a_contract, eur, time_item
from tests.examples.purchase_orders import ROWS


def piece(wip_id: str, day: str, amount: str) -> WipItem:
    value = eur(amount)
    plain = time_item(wip_id, worked_on=date.fromisoformat(day))
    return replace(plain, wip_id=wip_id, source_id=wip_id, value=value, valuation=Valuation.of_amount(value, "test"))


def parts(text: str) -> list[list[str]]:
    return [each.split() for each in text.split(";") if each.strip()]


def contract_with(orders: str) -> Contract:
    made = tuple(
        PurchaseOrder(number, None if limit == "-" else eur(limit), None if last == "-" else date.fromisoformat(last))
        for number, limit, last in parts(orders)
    )
    return a_contract(purchase_order=None, purchase_orders=made)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    items = [piece(*each) for each in parts(row["work"])]
    drawn = {number: eur(amount) for number, amount in parts(row["drawn"])}
    placed = place_on_orders(items, contract_with(row["orders"]), drawn)
    found = {wip_id: number or "none" for wip_id, number in placed.numbers.items()} | dict(placed.held)
    assert found == dict(parts(row["placed"]))


def test_a_lines_own_order_pays_for_that_line_alone() -> None:
    contract = contract_with("A 1000.00 -")
    own = LineTerms(purchase_order=PurchaseOrder("L", eur("100.00")))
    lines = tuple(replace(line, terms=own) if line.line_id == "l-time" else line for line in contract.lines)
    contract = replace(contract, lines=lines)
    fee = replace(piece("w2", "2026-10-02", "500.00"), line_id="l-fee")
    placed = place_on_orders([piece("w1", "2026-10-01", "100.00"), fee], contract, {})
    assert placed.numbers == {"w1": "L", "w2": "A"}
    assert (limit_of("L", contract), limit_of("A", contract), limit_of("gone", contract)) == (
        eur("100.00"),
        eur("1000.00"),
        None,
    )


def test_a_reversal_and_what_replaces_it_stay_together() -> None:
    """1000.00 is billed; corrected to 900.00 it needs no room, though 900.00 alone would not fit."""
    gone = replace(piece("w1", "2026-10-01", "-1000.00"), source_id="s")
    new = replace(piece("w2", "2026-10-01", "900.00"), source_id="s", source_sequence=2)
    placed = place_on_orders([new, gone], contract_with("A 1000.00 -"), {"A": eur("1000.00")})
    assert placed.numbers == {"w1": "A", "w2": "A"}


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(1, 60_000)), max_size=25),
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.randoms(),
)
def test_no_order_is_ever_billed_above_its_limit_and_nothing_is_lost(work, limit, drawn, chance) -> None:  # type: ignore[no-untyped-def]
    def cents(number: int) -> str:
        return str(Decimal(number).scaleb(-2))

    contract = contract_with(f"A {cents(limit)} 2026-10-15; B {cents(limit)} -")
    items = [piece(f"w{n}", f"2026-10-{day:02}", cents(value)) for n, (day, value) in enumerate(work)]
    before = {"A": eur(cents(drawn))}
    placed = place_on_orders(items, contract, before)
    for number in ("A", "B"):
        mine = [item.value for item in items if placed.numbers.get(item.wip_id) == number]
        total = sum(mine, before.get(number, Money.zero("EUR")))
        assert not mine or total.amount <= eur(cents(limit)).amount
    assert {*placed.numbers, *placed.held} == {item.wip_id for item in items}
    assert place_on_orders(chance.sample(items, len(items)), contract, before) == placed
