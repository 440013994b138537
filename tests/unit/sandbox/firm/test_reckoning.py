"""The firm's own arithmetic: worked by hand, to the cent."""

from __future__ import annotations

from decimal import Decimal

from sandbox.firm.clauses import PLAIN, Clauses, ExpenseClause
from sandbox.firm.reckoning import Due, Outlay, Work, reckon


def work(*values: str, late: str | None = None, given_up: str | None = None) -> list[Work]:
    found = [Work(str(place), Decimal(value)) for place, value in enumerate(values)]
    found += [Work("late", Decimal(late), on_time=False)] if late else []
    return [*found, *([Work("kick-off", Decimal(given_up), given_up=True)] if given_up else [])]


def due(clauses: Clauses, works: list[Work], *outlays: Outlay, currency: str = "USD") -> Due:
    return reckon(clauses, currency, works, outlays)


def test_without_clauses_all_that_was_approved_is_invoiced() -> None:
    found = reckon(PLAIN, "USD", work("100.10", late="20.00"), [Outlay("Travel", Decimal("9.90"))], Decimal(500))
    assert (found.approved, found.invoiced) == (Decimal("630.00"), Decimal("630.00"))


def test_above_a_hard_cap_work_is_held_and_expenses_are_not() -> None:
    found = due(Clauses(hard_cap=Decimal(150)), work("100", "80", late="30"), Outlay("Travel", Decimal(40)))
    assert (found.held, found.invoiced) == (Decimal(-60), Decimal(190))


def test_a_yes_raises_a_soft_cap_by_what_was_there_then() -> None:
    found = due(Clauses(soft_cap=Decimal(150)), work("100", "80", late="30"))
    assert (found.held, found.invoiced) == (Decimal(-30), Decimal(180))


def test_a_soft_cap_with_room_takes_late_work() -> None:
    assert due(Clauses(soft_cap=Decimal(150)), work("100", late="30")).held == 0


def test_a_retainer_covers_work_up_to_its_fee() -> None:
    found = due(Clauses(retainer=Decimal(150)), work("100", late="80"))
    assert (found.fees, found.covered, found.invoiced) == (Decimal(150), Decimal(-150), Decimal(180))


def test_a_deposit_pays_work_and_then_expenses() -> None:
    found = due(Clauses(deposit=Decimal(130)), work("100"), Outlay("Meals", Decimal(50)))
    assert (found.covered, found.invoiced) == (Decimal(-130), Decimal(150))


def test_each_tier_counts_for_its_part_of_the_volume() -> None:
    tiers = ((Decimal(0), Decimal(3)), (Decimal(1000), Decimal(8)))
    assert due(Clauses(tiers=tiers), work("900", late="600")).discounts == Decimal("-70.00")


def test_a_discount_in_yen_is_whole() -> None:
    found = due(Clauses(tiers=((Decimal(0), Decimal("2.5")),)), work("1001"), currency="JPY")
    assert (str(found.discounts), str(found.invoiced)) == ("-25", "976")


def test_late_work_lowers_no_top_up_that_was_billed() -> None:
    found = due(Clauses(minimum=Decimal(500)), work("420", late="50"))
    assert (found.minimums, found.invoiced) == (Decimal(80), Decimal(550))


def test_expenses_by_the_first_rule_that_fits() -> None:
    rules = (
        ExpenseClause("Travel", mark_up=Decimal("7.5")),
        ExpenseClause("Meals", per_diem=Decimal(28)),
        ExpenseClause(limit=Decimal(150)),
    )
    outlays = [("Travel", "99.99"), ("Meals", "31.50"), ("Lodging", "210.00"), ("Mileage", "12.40")]
    found = due(Clauses(expenses=rules), [], *(Outlay(name, Decimal(cost)) for name, cost in outlays))
    assert found.expense_rules == Decimal("7.50") - Decimal("3.50")
    assert (found.held, found.invoiced) == (Decimal("-60.00"), Decimal("297.89"))


def test_what_is_given_up_is_not_invoiced() -> None:
    found = due(PLAIN, work("100", given_up="40"), Outlay("Meals", Decimal(5), given_up=True))
    assert (found.approved, found.written_off, found.invoiced) == (Decimal(145), Decimal(-45), Decimal(100))


def test_two_contracts_are_reckoned_each_by_its_own_papers_and_added_up() -> None:
    capped = due(Clauses(hard_cap=Decimal(150)), work("100", "80"))
    discounted = due(Clauses(tiers=((Decimal(0), Decimal(10)),)), work("200"))
    both = capped + discounted
    assert (both.held, both.discounts) == (Decimal(-30), Decimal(-20))
    assert both.invoiced == capped.invoiced + discounted.invoiced == Decimal(330)
