"""Crediting every line of an invoice leaves the contract's ledger as it was before it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shared.domain.ledger import LedgerEntry
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.domain.terms import Cap, Discount, LineTerms, OverCap, Prepaid, Retainer, Tier
from shared.usecases.apply_clauses import Clauses
from shared.usecases.credit_entry import credit_entry
from shared.usecases.price_invoice import clause_lines
from tests.build import eur
from tests.clauses import LINE, Play, hours

JANUARY = date(2026, 1, 31)
TAX = TaxDecision(TaxCategory.STANDARD, Decimal(19), None, "de")
TERMS = LineTerms(
    cap=Cap(OverCap.HARD, value=eur("5000.00")),
    discount=Discount((Tier(eur("0"), Decimal(10)),)),
    retainer=Retainer(eur("100.00")),
    prepaid=Prepaid(eur("50.00"), date(2026, 1, 1)),
    minimum=eur("900.00"),
)


def sums(entries: list[LedgerEntry]) -> dict[str, Decimal]:
    lines = [line for entry in entries for line in entry.lines]
    found = {
        name: sum((getattr(line, name).amount for line in lines), Decimal(0))
        for name in ("counted", "work", "discount", "drawn", "top_up", "brought_in")
    }
    covers = sum((cover.value.amount for line in lines for cover in line.covered), Decimal(0))
    return found | {"covered": covers, "minutes": sum((line.minutes for line in lines), Decimal(0))}


def everything(play: Play) -> tuple[list[tuple], Clauses]:
    items = [*play.due(JANUARY), hours("w-1", 100, date(2026, 1, 5))]
    return [(item, item.value) for item in items], play.bill(items, JANUARY, "inv-1")


def test_a_full_credit_gives_everything_back() -> None:
    play = Play(TERMS)
    work, clauses = everything(play)
    lines = [(line, line.net) for line in clause_lines(clauses.lines, 0)]
    assert {line.origin.value for line, _ in lines} == {"discount", "covered", "minimum"}
    memo = credit_entry("memo-1", play.contract, work=work, clauses=lines, of=[clauses.entry])
    assert set(sums([clauses.entry, memo]).values()) == {Decimal(0)}


def test_two_partial_credits_give_back_what_one_does() -> None:
    play = Play(TERMS)
    work, clauses = everything(play)
    lines = [(line, line.net) for line in clause_lines(clauses.lines, 0)]
    halves = [(line, Money((net.amount / 2).quantize(Decimal("0.01")), "EUR")) for line, net in lines]
    rest = [(line, net - half) for (line, net), (_, half) in zip(lines, halves, strict=True)]
    first = credit_entry("memo-1", play.contract, clauses=halves, of=[clauses.entry])
    second = credit_entry("memo-2", play.contract, work=work, clauses=rest, of=[clauses.entry, first])
    assert set(sums([clauses.entry, first, second]).values()) == {Decimal(0)}


def test_a_credit_makes_room_under_the_cap() -> None:
    play = Play(LineTerms(cap=Cap(OverCap.HARD, value=eur("1000.00"))))
    items = play.work("600.00", on=date(2026, 1, 5))
    clauses = play.bill(items, JANUARY)
    play.enter(credit_entry("memo-1", play.contract, work=[(items[0], eur("150.00"))], of=[clauses.entry]))
    assert play.ledger.total(LINE, "EUR", lambda each: each.counted) == eur("450.00")
