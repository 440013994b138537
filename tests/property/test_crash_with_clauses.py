"""The process may die between any two writes while a cap is cut, a retainer covers and a period is topped up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.invoice import InvoiceKind
from shared.domain.money import Money
from shared.domain.terms import Cap, Discount, LineTerms, OverCap, Prepaid, Retainer, Tier
from shared.usecases.conservation import broken_seals, conservation
from tests.fakes.records import some_contract
from tests.property.platform import CONTRACT, Platform

Deaths = frozenset[int]
LINE = some_contract(CONTRACT).lines[0].line_id


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


CAP = Decimal("1600.00")
TERMS = LineTerms(
    cap=Cap(OverCap.HARD, value=usd("1600.00")),
    discount=Discount((Tier(usd("0"), Decimal(0)), Tier(usd("1000.00"), Decimal("12.5")))),
    retainer=Retainer(usd("300.00"), carry_periods=1),
    prepaid=Prepaid(usd("400.00"), date(2026, 3, 1), usd("100.00")),
    minimum=usd("1000.00"),
)


def a_month(deaths: Deaths = frozenset(), rejects: Deaths = frozenset(), firm: Platform | None = None) -> Platform:
    """Work, a run, a correction of billed work and more than the cap holds, two more runs."""
    firm = firm or Platform(deaths, rejects, TERMS)
    for entry, minutes in (("t-1", 60), ("t-2", 50), ("t-3", 235)):
        firm.tell(entry, 1, minutes)
    firm.bill()
    firm.tell("t-2", 2, 20)
    firm.tell("t-5", 1, 400)
    firm.bill()
    firm.bill()
    return firm


CALM = a_month()
CALM_WITH_REFUSAL = a_month(rejects=frozenset({0}))


def assert_sound(firm: Platform) -> None:
    fake = firm.fake
    rows = conservation(fake.wip.sources.values(), fake.wip.items.values(), fake.invoices.rows.values())
    assert rows and all(row.holds for row in rows)
    assert broken_seals(fake.wip.items.values(), fake.invoices.rows.values()) == ()
    ledger = fake.ledgers.of_contract(CONTRACT)
    assert ledger.total(LINE, "USD", lambda each: each.counted).amount <= CAP
    covered = [cover.value.amount for line in ledger.of_line(LINE) for cover in line.covered]
    deposits = [item for item in fake.wip.items.values() if item.valuation.rule == "prepaid_deposit"]
    assert 0 <= sum(covered) <= 300 * len({item.source_id for item in fees(firm)})
    assert 0 <= ledger.total(LINE, "USD", lambda each: each.drawn).amount <= 400 * len(deposits)
    invoices = fake.invoices.rows.values()
    by_clause = sum((each.by_clause.amount for each in invoices if each.by_clause and each.posted_at), Decimal(0))
    posted = [each for each in firm.erp.invoices.values() if each.kind is InvoiceKind.INVOICE]
    in_erp = sum((document.totals.net.amount for document in posted), Decimal(0))
    assert in_erp == sum(row.invoiced for row in rows) + by_clause


def fees(firm: Platform) -> list:
    return [item for item in firm.fake.wip.items.values() if item.valuation.rule == "retainer_fee"]


def test_the_month_without_a_death_fills_the_cap() -> None:
    assert_sound(CALM)
    assert_sound(CALM_WITH_REFUSAL)
    for firm in (CALM, CALM_WITH_REFUSAL):
        ledger = firm.fake.ledgers.of_contract(CONTRACT)
        assert ledger.total(LINE, "USD", lambda each: each.counted).amount == CAP
        assert [each.type for each in firm.fake.exceptions.rows.values()] == ["over_hard_cap"]


@pytest.mark.parametrize("moment", range(CALM.fate.moments))
def test_dying_at_any_one_moment_changes_nothing(moment: int) -> None:
    firm = a_month(frozenset({moment}))
    assert len(firm.fate.died_at) == 1
    assert firm.state() == CALM.state()


@pytest.mark.parametrize("moment", range(CALM_WITH_REFUSAL.fate.moments))
def test_dying_at_any_one_moment_round_a_refusal_changes_nothing(moment: int) -> None:
    firm = a_month(frozenset({moment}), rejects=frozenset({0}))
    assert len(firm.fate.died_at) == 1
    assert firm.state() == CALM_WITH_REFUSAL.state()


@pytest.mark.parametrize("moment", range(CALM.fate.moments))
@pytest.mark.parametrize("other", ["another run", "a correction", "a late entry"])
def test_another_process_at_any_one_moment_crosses_no_cap_and_covers_nothing_twice(moment: int, other: str) -> None:
    firm = Platform(terms=TERMS)
    acts = {
        "another run": firm.bill,
        "a correction": lambda: firm.tell("t-1", 9, 90),
        "a late entry": lambda: firm.tell("t-9", 1, 33),
    }
    firm.fate.meanwhile[moment] = acts[other]
    a_month(firm=firm)
    firm.bill()
    assert firm.fate.meanwhile == {}
    assert_sound(firm)
