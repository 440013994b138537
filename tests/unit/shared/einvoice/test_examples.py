"""The worked examples of the arithmetic, run as a third party would: through the JSON of `billweave invoice compute`."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from shared.einvoice.compute import compute
from shared.einvoice.read_plain_invoice import read_plain_invoice
from tests.examples import (
    allowances_and_charges,
    currency_decimals,
    document_totals,
    line_net,
    prepaid_and_rounding,
    tax_by_group,
)

Row = dict[str, str]


def parts(cell: str, between: str = ", ") -> list[str]:
    return cell.split(between) if cell else []


def taxed(cell: str) -> list[Row]:
    """100.00 S 19; 50.00 AE 0."""
    found = (each.split() for each in parts(cell, "; "))
    return [{"amount": amount, "tax_category": category, "tax_rate": rate} for amount, category, rate in found]


def lines(told: list[Row], **more: Any) -> list[dict[str, Any]]:
    """A line worth each amount: one thing, taken away where the amount is negative."""
    return [
        {
            "id": str(number),
            "quantity": "-1" if each["amount"].startswith("-") else "1",
            "unit_price": each["amount"].lstrip("-"),
            "tax_category": each["tax_category"],
            "tax_rate": each["tax_rate"],
        }
        | more
        for number, each in enumerate(told)
    ]


def standard(amounts: list[str], rate: str) -> list[Row]:
    return [{"amount": amount, "tax_category": "S", "tax_rate": rate} for amount in amounts]


def computed(currency: str = "EUR", **told: Any) -> dict[str, Any]:
    kept = {name: value for name, value in told.items() if value != ""}
    return compute(read_plain_invoice(json.dumps({"currency": currency, **kept}).encode()))


def groups(found: dict[str, Any]) -> str:
    told = found["tax_breakdown"]
    return "; ".join(f"{each['category']} {each['rate']}: {each['taxable']}, {each['tax']}" for each in told)


@pytest.mark.parametrize("row", line_net.ROWS, ids=lambda row: row["why"])
def test_line_nets_are_as_in_the_table(row: Row) -> None:
    line = {
        "id": "1",
        "quantity": row["quantity"],
        "unit_price": row["unit_price"],
        "price_base_quantity": row["per"],
        "allowances": parts(row["allowances"]),
        "charges": parts(row["charges"]),
        "tax_category": "Z",
        "tax_rate": "0",
    }
    assert computed(lines=[line])["lines"] == [{"id": "1", "net": row["net"]}]


@pytest.mark.parametrize("row", document_totals.ROWS, ids=lambda row: row["why"])
def test_document_totals_are_as_in_the_table(row: Row) -> None:
    found = computed(
        lines=lines(standard(parts(row["lines"]), row["rate"])),
        document_allowances=standard(parts(row["allowances"]), row["rate"]),
        document_charges=standard(parts(row["charges"]), row["rate"]),
        prepaid=row["prepaid"],
    )
    totals = [found[name] for name in ("tax_exclusive", "tax_total", "tax_inclusive", "payable")]
    assert totals == [row["net"], row["tax"], row["gross"], row["payable"]]


@pytest.mark.parametrize("row", tax_by_group.ROWS, ids=lambda row: row["lines"])
def test_tax_by_group_is_as_in_the_table(row: Row) -> None:
    told = taxed(row["lines"])
    found = computed(lines=lines(told))
    assert (groups(found), found["tax_total"]) == (row["groups"], row["tax"])
    exact = [Decimal(each["amount"]) * Decimal(each["tax_rate"]) / 100 for each in told]
    assert str(sum(tax.quantize(Decimal("0.01"), ROUND_HALF_UP) for tax in exact)) == row["by_line"]


@pytest.mark.parametrize("row", allowances_and_charges.ROWS, ids=lambda row: row["groups"])
def test_allowances_and_charges_are_as_in_the_table(row: Row) -> None:
    told = {"document_allowances": taxed(row["allowances"]), "document_charges": taxed(row["charges"])}
    found = computed(lines=lines(taxed(row["lines"])), **told)
    assert (groups(found), found["tax_exclusive"], found["tax_total"]) == (row["groups"], row["net"], row["tax"])


@pytest.mark.parametrize("row", prepaid_and_rounding.ROWS, ids=lambda row: row["why"])
def test_prepaid_and_rounding_are_as_in_the_table(row: Row) -> None:
    told = {"prepaid": row["prepaid"], "rounding": row["rounding"]}
    found = computed(row["currency"], lines=lines(standard([row["net"]], row["rate"])), **told)
    totals = [found[name] for name in ("tax_total", "tax_inclusive", "payable")]
    assert totals == [row["tax"], row["gross"], row["payable"]]


@pytest.mark.parametrize("row", currency_decimals.ROWS, ids=lambda row: f"{row['currency']} {row['why']}")
def test_currencies_are_as_in_the_table(row: Row) -> None:
    line = {"id": "1", "quantity": row["quantity"], "unit_price": row["unit_price"]}
    found = computed(row["currency"], lines=[line | {"tax_category": "S", "tax_rate": row["rate"]}])
    assert [found[name] for name in ("tax_exclusive", "tax_total", "tax_inclusive")] == [
        row["net"],
        row["tax"],
        row["gross"],
    ]
