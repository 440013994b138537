"""The same month gives the same amounts, whatever PSA and ERP the firm has."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from cli import demo, demo_report
from functions.experience import routes
from infra.deployment import load
from sandbox.estate import registered
from sandbox.firm import truth
from sandbox.firm.month import FirmMonth
from sandbox.firm.offices import DECIMALS
from tests.pairs import paper
from tests.pairs.connection import AtWork, QuietTurns
from tests.pairs.fabric import Fabric
from tests.pairs.small_month import month
from tests.pairs.vendors import simulators

pytestmark = pytest.mark.estate
CRM = "salesforce"
PAIRS = tuple(product(registered.of_role("psa"), registered.of_role("erp")))


@pytest.fixture(autouse=True)
def hushed() -> Iterator[None]:
    """Every step of the fabric is a line of log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(("psa", "erp"), PAIRS)
def test_the_same_month_gives_the_same_amounts(
    psa: str, erp: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = {"crm": CRM, "psa": psa, "erp": erp}
    with simulators(roles.values(), tmp_path) as systems:
        firm = FirmMonth(systems, roles, 1, month())
        deployment = load("sandbox", roles=roles)
        world = Fabric(deployment, roles, systems)
        monkeypatch.setattr(routes, "ports", lambda: world.ports)
        with AtWork(world) as fabric:
            said: list[str] = []
            monkeypatch.setattr(demo, "wait_until", fabric.until)
            demo.Play(firm, fabric, QuietTurns(fabric), said.append).run()  # type: ignore[arg-type]
            report = demo_report.build(fabric, firm, truth.find(firm))  # type: ignore[arg-type]
            assert in_the_fabric(report) == in_the_books(firm)
    assert {row["contract"]: row["invoiced_in_erp"] for row in report["contracts"]} == as_said(firm)
    assert demo_report.came_out_right(report), (said, *wrong(report))


def in_the_fabric(report: dict[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Net and gross of every invoice and memo by the ERP's number."""
    return {row["erp_number"]: (abs(Decimal(row["net"])), abs(Decimal(row["gross"]))) for row in report["invoices"]}


def in_the_books(firm: FirmMonth) -> dict[str, tuple[Decimal, Decimal]]:
    return {each.number: (each.net, each.gross) for each in (*firm.finance.invoices(), *firm.finance.credit_memos())}


def as_said(firm: FirmMonth) -> dict[str, str]:
    amounts = paper.invoiced(firm)
    return {name: f"{amount:.{DECIMALS[firm.currency_of(name)]}f}" for name, amount in amounts.items()}


def wrong(report: dict[str, Any]) -> list[Any]:
    return [report[part] for part in ("vendors_agree", "left_open", "counts", "exceptions")]
