"""The demo's last word: the month came out right only if every cent and every entry is where it belongs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cli import demo_report
from sandbox.firm.reckoning import Due
from sandbox.firm.truth import Account, Truth

DUE = Due(
    approved=Decimal("900.00"), discounts=Decimal("-20.00"), written_off=Decimal("-40.00"), held=Decimal("-90.00")
)


def told(
    issued: str = "1000.00", credited: str = "250.00", open_: str = "90.00", stray: str = "0", **counts: int
) -> Any:
    stated = Decimal(stray)
    account = Account("Yard", "US", "USD", "3 % off", DUE, Decimal(issued), Decimal(credited))
    truth = Truth((account,), 10, 8, stray={"USD": stated} if stated else {})
    row = {"legal_entity": "US", "currency": "USD", "open": open_, "written_off": "40.00", "claimed": "0"}
    return {
        "invoices": [{}],
        "vendors_agree": demo_report.agreement(truth),
        "contracts": demo_report.contracts(truth),
        "left_open": demo_report.left_open([row], truth),
        "conservation": {"holds": True},
        "counts": {
            "time_entries_approved": 10,
            "time_entries_invoiced": 8,
            "time_entries_held_or_written_off": 2,
            "duplicate_invoices_in_erp": 0,
            "lost_entries": 0,
        }
        | counts,
    }


def test_approved_with_every_step_is_what_the_erp_holds() -> None:
    report = told()
    assert demo_report.came_out_right(report)
    [row] = report["vendors_agree"]
    assert (row["should_be_invoiced"], row["invoiced_in_erp"], row["difference"]) == ("750.00", "750.00", "0.00")


@pytest.mark.parametrize(
    "wrong",
    [
        {"issued": "1000.01"},
        {"credited": "249.99"},
        {"open_": "90.01"},
        {"stray": "0.01"},
        {"lost_entries": 1},
        {"time_entries_invoiced": 7},
        {"duplicate_invoices_in_erp": 1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_cent_or_an_entry_that_is_not_explained_is_wrong(wrong: dict[str, Any]) -> None:
    assert not demo_report.came_out_right(told(**wrong))
