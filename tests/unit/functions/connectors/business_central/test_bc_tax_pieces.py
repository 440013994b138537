"""Our tax to the cent where tax is rounded line by line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.business_central.tax_pieces import cut_for, pieces_of, rate_key, taxed
from shared.domain.tax import TaxCategory, TaxDecision
from tests.contract.connectors.documents import document, line

CENT, YEN = Decimal("0.01"), Decimal(1)


def decision(rate: str) -> TaxDecision:
    return TaxDecision(TaxCategory.STANDARD, Decimal(rate), None, "rule")


@given(
    st.lists(st.decimals("10", "90000", places=2), min_size=1, max_size=25),
    st.sampled_from(["19", "7", "10", "8.25", "5.5"]),
)
def test_taxes_of_the_pieces_sum_to_the_documents_tax(nets: list[Decimal], rate: str) -> None:
    lines = [line(str(net), "EUR", decision(rate), None) for net in nets]
    ours = document(lines)
    pieces = pieces_of(ours)
    assert [sum(each) for each in pieces] == nets
    reached = sum((taxed(part, Decimal(rate), CENT) for each in pieces for part in each), Decimal(0))
    assert reached == ours.totals.tax.amount


@given(st.lists(st.integers(1000, 9_000_000), min_size=1, max_size=15))
def test_yen_have_no_cents_and_come_out_as_well(nets: list[int]) -> None:
    lines = [line(str(net), "JPY", decision("10"), None) for net in nets]
    ours = document(lines, legal_entity="JP")
    reached = sum(taxed(part, Decimal(10), YEN) for each in pieces_of(ours) for part in each)
    assert reached == ours.totals.tax.amount


def test_three_lines_that_round_down_are_made_good_by_one_cut() -> None:
    ours = document([line("33.33", "EUR", decision("19"), None) for _ in range(3)])
    pieces = pieces_of(ours)
    assert sorted(len(each) for each in pieces) == [1, 1, 2]
    assert all(sum(each) == Decimal("33.33") for each in pieces)


@pytest.mark.parametrize("net", ["100.00", "-100.00"])
@pytest.mark.parametrize("step", [CENT, -CENT])
def test_a_cut_moves_the_tax_by_one_cent_or_is_none(net: str, step: Decimal) -> None:
    whole, rate = Decimal(net), Decimal("19.5")
    found = cut_for(whole, rate, step, CENT)
    if found is not None:
        assert sum(found) == whole
        assert sum(taxed(part, rate, CENT) for part in found) - taxed(whole, rate, CENT) == step


def test_nothing_is_cut_where_there_is_no_tax() -> None:
    ours = document([line("10.00", "USD", decision("0"), None) for _ in range(4)], legal_entity="US")
    assert all(len(each) == 1 for each in pieces_of(ours))


def test_rates_compare_as_numbers() -> None:
    assert rate_key(decision("19.00")) == rate_key(decision("19")) == "S/19"
