"""The worked examples of amended prices, through the fabric."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.examples import amendments
from tests.stories import CONTRACT, THROUGH, Fabric, a_contract, an_entry, time_and_materials
from tests.unit.functions.operations.test_amend_contract import amend


@pytest.mark.parametrize("row", amendments.ROWS, ids=lambda row: f"{row['worked_on']} {row['state']}")
def test_an_amended_price_is_as_in_the_example(row: dict[str, str]) -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    entry = an_entry(worked_on=date.fromisoformat(row["worked_on"]), minutes=int(row["minutes"]))
    fabric.ports.outbox.record([entry])
    if row["state"] != "recorded later":
        fabric.approve(entry)
    assert open_value(fabric) == Decimal(row["value_before"])
    if row["state"] == "billed":
        fabric.bill(THROUGH)
    price = {"amount": row["signed_price"], "currency": "USD"}
    told = amend(fabric, {"change": "set_rates", "rates": [{"rate_per_hour": price}]}, effective_on=row["effective_on"])
    if row["state"] == "recorded later":
        fabric.approve(entry)
    assert open_value(fabric) == Decimal(row["value_after"])
    plan = told["effect"]["plan"]
    assert sum(Decimal(line["credit"]) for line in plan) == Decimal(row["credit"])
    assert sum(Decimal(line["rebill"]) for line in plan) == Decimal(row["rebill"])
    assert told["effect"]["plan_difference"] == row["difference"]
    assert Decimal(row["rebill"]) - Decimal(row["credit"]) == Decimal(row["difference"])
    assert fabric.conserved()


def open_value(fabric: Fabric) -> Decimal:
    return sum((item.value.amount for item in fabric.ports.wip.open_of(CONTRACT)), Decimal(0))
