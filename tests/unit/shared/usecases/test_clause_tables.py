"""Every row of the worked examples of clauses, through the use-cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from types import ModuleType

import pytest

from shared.domain.identity import ExternalRef
from shared.domain.ledger import Allowance
from shared.domain.terms import (
    Cap,
    Discount,
    ExpenseBasis,
    ExpenseRule,
    LineTerms,
    OverCap,
    Prepaid,
    Retainer,
    Tier,
    TierBasis,
)
from shared.domain.wip import WipKind
from shared.usecases.due_fees import fee_periods
from shared.usecases.expense_item import above_limit, expense_item
from shared.usecases.hold_over_cap import hold_over_cap
from shared.usecases.retainer_cover import fee_left, valid_for
from tests.build import a_project, eur
from tests.clauses import LINE, Play, amounts, contract_with, is_deposit, month, net_of, total
from tests.examples import caps, discounts, expenses, minimums, prepaid, retainers, volume_tiers

Row = Mapping[str, str]
JANUARY = date(2026, 1, 31)


def stories(table: ModuleType) -> Iterator[tuple[str, list[Row]]]:
    for name, rows in groupby(table.ROWS, key=lambda row: row["story"]):
        yield name, list(rows)


def by_case(table: ModuleType) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", table.ROWS, ids=lambda row: row["case"])


def by_story(table: ModuleType) -> pytest.MarkDecorator:
    told = list(stories(table))
    return pytest.mark.parametrize("rows", [rows for _, rows in told], ids=[name for name, _ in told])


@pytest.mark.parametrize("table", [caps, discounts, expenses, minimums, prepaid, retainers, volume_tiers])
def test_every_row_has_the_columns_of_its_table(table: ModuleType) -> None:
    assert all(set(row) == set(table.COLUMNS) for row in table.ROWS)


@by_case(caps)
def test_caps(row: Row) -> None:
    cap = Cap(OverCap.SOFT, value=eur(row["cap"]), with_expenses=row["expenses_count"] == "yes")
    play = Play(LineTerms(cap=cap))
    play.bill(play.work(row["billed_before"], on=date(2025, 12, 5)), date(2025, 12, 31))
    if row["allowed"]:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        yes = Allowance("a", LINE, eur(row["allowed"]), Decimal(0), "ada", at)
        play.ledger = replace(play.ledger, allowances=(yes,))
    items = [
        item for place, each in enumerate(amounts(row["work"])) for item in play.work(each, on=date(2026, 1, 3 + place))
    ]
    items += play.work(*amounts(row["expenses"]), on=date(2026, 1, 20), kind=WipKind.EXPENSE)
    over = sum((held.over for held in hold_over_cap(items, play.contract, play.ledger)), Decimal(0))
    assert over == Decimal(row["held"])
    assert sum(item.value.amount for item in items) - over == Decimal(row["billed_now"])


@by_case(volume_tiers)
def test_volume_tiers(row: Row) -> None:
    pairs = [part.split(":") for part in amounts(row["tiers"])]
    tiers = tuple(Tier(eur(over), Decimal(percent)) for over, percent in pairs)
    play = Play(LineTerms(discount=Discount(tiers, TierBasis.TO_DATE)))
    given = []
    for place, worth in enumerate(amounts(row["invoices"])):
        _, clauses = play.month(f"2026-0{place + 1}", worth)
        given.append(-total(clauses, "Discount"))
    assert given == [Decimal(each) for each in amounts(row["discounts"])]
    assert sum(given) == Decimal(row["sum"])


@by_case(discounts)
def test_discounts(row: Row) -> None:
    play = Play(LineTerms(discount=Discount((Tier(eur("0"), Decimal(row["percent"])),))))
    items, clauses = play.month("2026-01", *amounts(row["work"]), expenses=amounts(row["expenses"]))
    assert total(clauses, "Discount") == Decimal(row["discount"])
    assert net_of(items, clauses) == Decimal(row["net"])


@by_story(retainers)
def test_retainers(rows: list[Row]) -> None:
    carry = None if rows[0]["carry"] == "forever" else int(rows[0]["carry"])
    retainer = Retainer(eur(rows[0]["fee"]), carry_periods=carry)
    play = Play(LineTerms(retainer=retainer))
    for row in rows:
        items, clauses = play.month(row["month"], *[each for each in amounts(row["work"]) if Decimal(each)])
        assert -total(clauses, "Covered") == Decimal(row["covered"])
        assert net_of(items, clauses) == Decimal(row["invoice_net"])
        carried, expired = balances(play, retainer, month(row["month"]))
        assert (carried, expired) == (Decimal(row["carried"]), Decimal(row["expired"]))


def balances(play: Play, retainer: Retainer, now: date) -> tuple[Decimal, Decimal]:
    """(usable in the next period, expired by then); included = used + carried + expired holds for them."""
    due = fee_periods(play.contract, retainer, now)
    covers = [cover for line in play.ledger.of_line(LINE) for cover in line.covered]
    left = fee_left(due, retainer, covers, {})
    coming = (now.replace(day=28) + (date(2026, 1, 5) - date(2026, 1, 1))).replace(day=1)
    carried = sum((v.amount for p, v in left.items() if valid_for(play.contract, retainer, p, coming)), Decimal(0))
    expired = sum((v.amount for v in left.values()), Decimal(0)) - carried
    used = sum((cover.value.amount for cover in covers), Decimal(0))
    assert len(due) * retainer.fee.amount == used + carried + expired
    assert all(value.amount >= 0 for value in left.values())
    return carried, expired


@by_story(prepaid)
def test_prepaid(rows: list[Row]) -> None:
    refill = rows[0]["refill_below"]
    terms = Prepaid(eur(rows[0]["deposit"]), date(2026, 1, 1), eur(refill) if refill else None)
    play = Play(LineTerms(prepaid=terms))
    for row in rows:
        spent = [each for each in amounts(row["expenses"]) if Decimal(each)]
        items, clauses = play.month(row["month"], *amounts(row["work"]), expenses=spent)
        asked = sum((item.value.amount for item in items if is_deposit(item)), Decimal(0))
        assert asked == Decimal(row["deposit_line"])
        assert total(clauses, "Paid from deposit") == Decimal(row["paid_from_deposit"])
        assert net_of(items, clauses) == Decimal(row["invoice_net"])
        drawn = play.ledger.total(LINE, "EUR", lambda each: each.drawn)
        assert (sum(play.deposits, eur("0")) - drawn).amount == Decimal(row["left"])


@by_story(minimums)
def test_minimums(rows: list[Row]) -> None:
    cap = rows[0]["cap"]
    terms = LineTerms(minimum=eur(rows[0]["minimum"]), cap=Cap(OverCap.HARD, value=eur(cap)) if cap else None)
    play = Play(terms)
    for row in rows:
        worth = [part.split(": ") for part in amounts(row["work"])]
        items = [item for name, each in worth for item in play.work(each, on=month(name).replace(day=10))]
        clauses = play.bill(items, date.fromisoformat(row["invoice_to"]))
        found = {line.description.removeprefix("Minimum of "): line.net.amount for line in clauses.lines}
        told = [part.split(": ") for part in amounts(row["top_ups"])]
        assert found == {name: Decimal(each) for name, each in told}
        assert net_of(items, clauses) == Decimal(row["invoice_net"])


@by_case(expenses)
def test_expenses(row: Row) -> None:
    rules = tuple(a_rule(part) for part in amounts(row["rule"]))
    item = expense_item(
        contract=contract_with(LineTerms(expenses=rules)),
        project=a_project(),
        expense_id="x-1",
        expense_ref=ExternalRef("kantata", "expense", "x-1"),
        sequence=1,
        person="Ada",
        category=row["category"],
        incurred_on=JANUARY,
        value=eur(row["cost"]),
        approved_at=None,
        approver=None,
    )
    held = above_limit(item)
    assert (item.value.amount, held.amount) == (Decimal(row["value"]), Decimal(row["held"]))
    assert (item.value - held).amount == Decimal(row["billed"])


def a_rule(text: str) -> ExpenseRule:
    """ "Hotel: mark_up 10, limit 100.00" """
    category, _, rest = text.rpartition(": ")
    first, *others = rest.split(", ")
    basis, _, figure = first.partition(" ")
    limit = next((each.removeprefix("limit ") for each in others), None)
    return ExpenseRule(
        ExpenseBasis(basis),
        category or None,
        mark_up=Decimal(figure) if basis == "mark_up" else Decimal(0),
        per_diem=eur(figure) if basis == "per_diem" else None,
        limit=eur(limit) if limit else None,
    )
