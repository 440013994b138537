"""One row of the payments feed: ours or not, how much, in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.connectors.netsuite.payment import amounts, is_ours, sequence, touched
from shared.domain.identity import derived_id
from shared.faults import Poison

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("external", ["", "INV-7", "8f1a7c0e-52a4-4d0b-9d63-0b6f5f3f2b11", "x" * 36])
def test_another_integrations_external_id_is_not_ours(external: str) -> None:
    assert not is_ours({"externalid": external})
    assert not is_ours({})


def test_our_invoice_ids_are_ours() -> None:
    assert is_ours({"externalid": derived_id("invoice", "x")})


def test_a_missing_unpaid_amount_means_paid_only_where_the_status_says_so() -> None:
    assert amounts({"foreigntotal": "10.00", "status": "CustInvc:B"}) == (Decimal("10.00"), Decimal(0))
    assert amounts({"foreigntotal": "10.00", "status": "CustInvc:A"}) == (Decimal("10.00"), Decimal("10.00"))
    assert not touched({"foreigntotal": "10.00", "status": "CustInvc:D"})


@pytest.mark.parametrize("row", [{}, {"foreigntotal": "ten"}, {"foreigntotal": "1", "foreignamountunpaid": "x"}])
def test_a_row_without_amounts_is_poison(row: dict[str, str]) -> None:
    with pytest.raises(Poison):
        amounts(row)


@given(st.decimals("0.01", "1000000", places=2), st.data())
def test_two_payments_within_a_second_stay_in_order(total: Decimal, data: st.DataObject) -> None:
    unpaid = data.draw(st.decimals(0, total, places=2))
    later = data.draw(st.decimals(0, unpaid, places=2))
    assert sequence(AT, total, unpaid) <= sequence(AT, total, later) < sequence(AT.replace(second=1), total, total)


def test_a_full_payment_is_above_every_part_of_the_same_second() -> None:
    assert sequence(AT, Decimal(100), Decimal("0.01")) < sequence(AT, Decimal(100), Decimal(0))
