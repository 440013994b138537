"""The same month gives the same amounts, whatever PSA and ERP the firm has."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cli import demo_report
from sandbox.estate import registered
from sandbox.firm.month import FirmMonth
from sandbox.firm.offices import DECIMALS
from tests.pairs import paper
from tests.pairs.played import played

pytestmark = pytest.mark.estate
PAIRS = tuple(product(registered.of_role("psa"), registered.of_role("erp")))


@pytest.fixture(autouse=True)
def hushed() -> Iterator[None]:
    """Every step of the fabric is a line of log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(("psa", "erp"), PAIRS)
def test_the_same_month_gives_the_same_amounts(psa: str, erp: str, tmp_path: Path) -> None:
    said: list[str] = []
    with played(psa, erp, tmp_path, said.append) as (firm, report):
        for amount in ("should_be_invoiced", "invoiced_in_erp"):
            assert {row["contract"]: row[amount] for row in report["contracts"]} == as_said(firm), amount
        assert in_the_fabric(report) == in_the_books(firm)
        assert demo_report.came_out_right(report), (said, *wrong(report))


def as_said(firm: FirmMonth) -> dict[str, str]:
    amounts = paper.invoiced(firm)
    return {name: f"{amount:.{DECIMALS[firm.currency_of(name)]}f}" for name, amount in amounts.items()}


Documents = list[tuple[str, Decimal, Decimal]]


def in_the_fabric(report: dict[str, Any]) -> Documents:
    """Number in the ERP, net and gross of every invoice and memo; legal entities may count each for itself."""
    return sorted(
        (row["erp_number"], abs(Decimal(row["net"])), abs(Decimal(row["gross"]))) for row in report["invoices"]
    )


def in_the_books(firm: FirmMonth) -> Documents:
    invoices = [(each.number, each.net, each.gross) for each in firm.finance.invoices()]
    return sorted([*invoices, *((each.number, each.net, each.gross) for each in firm.finance.credit_memos())])


def wrong(report: dict[str, Any]) -> list[Any]:
    return [report[part] for part in ("vendors_agree", "left_open", "counts", "exceptions")]
