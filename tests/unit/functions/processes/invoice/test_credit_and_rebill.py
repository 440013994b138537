"""The worked examples of credit and rebill, through the real steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.invoice import Invoice, InvoiceKind
from shared.usecases.conservation import conservation
from tests.examples import credit_and_rebill
from tests.stories import Fabric, a_contract, an_entry, time_and_materials


def asked(words: str) -> dict[str, Any]:
    """ "rebill at price 140.00", "concession 50.00 of it"."""
    found: dict[str, Any] = {"remedy": words.split()[0], "lines": ("1",)}
    if price := re.search(r"price ([\d.]+)", words):
        found["unit_price"] = Decimal(price[1])
    if quantity := re.search(r"quantity (\d+)", words):
        found["quantity"] = Decimal(quantity[1])
    if amount := re.search(r"([\d.]+) of it", words):
        found["amount"] = Decimal(amount[1])
    return found


def net(*invoices: Invoice) -> Decimal:
    return sum((each.totals.net.amount for each in invoices if each.totals), Decimal(0))


@pytest.mark.parametrize("row", credit_and_rebill.ROWS, ids=lambda row: row["request"])
def test_the_worked_examples_hold(row: Mapping[str, str]) -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry(minutes=120))
    [first] = fabric.bill()
    memo_id = fabric.credit(first.invoice_id, **asked(row["request"]))["memo_id"]
    fabric.to_price(memo_id)
    fabric.submit(memo_id, "Grace")
    fabric.posted(memo_id)
    memo = fabric.invoice(memo_id)
    again = [each for each in fabric.bill() if each.kind is InvoiceKind.INVOICE]
    ports = fabric.ports
    [book] = conservation(ports.wip.sources.values(), ports.wip.items.values(), ports.invoices.rows.values())
    came = {
        "memo_net": net(memo),
        "rebilled_net": net(*again),
        "customer_pays": net(first) - net(memo) + net(*again),
        **{name: getattr(book, name) for name in ("approved", "invoiced", "credited", "written_off", "open")},
    }
    assert {name: f"{amount:.2f}" for name, amount in came.items()} == {name: row[name] for name in came}
    assert book.holds and book.claimed == 0
