"""The estate level's plan is its seed's alone, and what ends otherwise than in the calm story is told."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from drill.estate import ends
from drill.estate.plan import ROUND_S, WEIGHTS, round_of
from drill.estate.story import Billed, Shape
from drill.estate.strikes import STRIKES
from sandbox.firm.desks import ApprovedTime, ErpInvoice, Mark, ShownInvoice
from sandbox.firm.shape import Deal, Kind

SHAPE = Shape("US", 1, False)
CALM = {SHAPE: ("100", "100", "100", 1, "posted", (("posted", 1),), (("posted", "100", "0"),))}


def test_the_same_seed_is_the_same_plan() -> None:
    assert round_of(3, 1, 21, 20) == round_of(3, 1, 21, 20) != round_of(4, 1, 21, 20)


def test_every_kind_comes_and_has_its_strike() -> None:
    drawn = Counter(each.kind for number in range(40) for each in round_of(1, number, 1, 20))
    assert set(drawn) == set(WEIGHTS) == set(STRIKES)


def test_a_rounds_faults_are_numbered_on_and_spread_over_it() -> None:
    plan = round_of(1, 2, 41, 20)
    assert [each.number for each in plan] == list(range(41, 61))
    assert all(0 <= each.at_s <= ROUND_S for each in plan) and plan == sorted(plan, key=lambda each: each.at_s)


def a_story(*invoices: str, in_erp: int = 1, in_delivery: int = 1, invoiced: bool = True) -> Any:
    """One deal, one entry, and these invoices in the ERP, each of 100 dollars."""
    deal = Deal("Quay", "Acme", "US", Kind.TIME, Decimal(1), (), "PO-1", 30, ())
    worked: Any = SimpleNamespace(deal=deal, entry_ids=("e1",), gross=Decimal(100))
    worth = Decimal("100.00")
    books = [
        ErpInvoice(str(number), f"INV{number}", each, "c", "p", "USD", worth, worth, worth, (("work", worth),))
        for number, each in enumerate(invoices)
    ]
    shown = [ShownInvoice(each, "INV", "posted", worth, Decimal("0.00")) for each in dict.fromkeys(invoices)]
    entry = ApprovedTime("e1", "Quay", "ann@example.com", date(2026, 10, 5), 60, invoiced)
    asked = {
        "/invoices": {"invoices": [{"invoice_id": each, "status": "posted"} for each in invoices]},
        "/audit": {"by_project": [{"holds": True}]},
    }
    firm = SimpleNamespace(
        fabric=SimpleNamespace(read=asked.__getitem__),
        delivery=SimpleNamespace(project_titles=lambda: ["Quay"] * in_delivery, approved_time=lambda: [entry]),
        finance=SimpleNamespace(invoices=lambda: books),
        erp_projects=lambda _: ["p"] * in_erp,
        erp_invoices=lambda _: books,
        crm_invoices=lambda _: shown,
        psa_marks=lambda _: [Mark("INV", "posted", frozenset(["e1"]))],
    )
    return SimpleNamespace(firm=firm, everything=[deal], billed=[Billed(worked, SHAPE)])


def told(story: Any, filled: tuple[str, ...] = (), open_: tuple[dict[str, str], ...] = ()) -> list[str]:
    return [*ends.differences(story, CALM), *ends.complaints(story, filled, open_)]


def test_the_end_of_the_calm_story_is_no_complaint() -> None:
    assert told(a_story("i-1")) == []


@pytest.mark.parametrize(
    ("story", "said"),
    [
        (a_story(), "Quay: without"),
        (a_story("i-1", "i-2"), "Quay: without [], instead"),
        (a_story("i-1", "i-1"), "i-1 stands 2 times in the ERP"),
        (a_story("i-1", in_erp=2), "Quay: 2 times in the ERP"),
        (a_story("i-1", in_delivery=2), "2 times in delivery"),
        (a_story("i-1", invoiced=False), "approved, on no invoice in delivery: ['e1']"),
    ],
    ids=["lost", "more than was worked", "twice", "two projects", "two workspaces", "not shown"],
)
def test_what_ended_otherwise_is_told(story: Any, said: str) -> None:
    assert any(said in each for each in told(story)), told(story)


def test_what_lies_about_is_told() -> None:
    trouble = {"type": "vendor_refused", "subject": "i-1", "owner": ""}
    assert told(a_story("i-1"), ("time-dlq",), (trouble,)) == [
        "dead letters in time-dlq",
        "open: vendor_refused i-1, owner nobody",
    ]
