"""Every worked example of rates, multipliers, rounding and late rates, run through the use-cases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from shared.domain.contract import Contract
from shared.domain.money import Money
from shared.domain.rate_card import NAMES, Named, Rate, RateCard
from shared.domain.terms import LineTerms, Multipliers, RoundScope, RoundTo, TimeRounding, WorkKind
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.usecases.rate_for import rate_for
from shared.usecases.rerate import rerate_plan, rerated
from shared.usecases.round_day import round_day
from tests.build import a_card, a_contract, a_rate, eur, time_item
from tests.examples import late_rates, multipliers, rate_precedence, time_rounding

MONDAY = date(2026, 10, 5)
Row = dict[str, str]


def rows(table: Any) -> Any:
    return pytest.mark.parametrize("row", table.ROWS, ids=lambda row: str(table.ROWS.index(row) + 1))


def the_rate(text: str) -> Rate:
    """a: role Senior, project Harbour 155.00 USD from 2026-10-05 to 2026-11-01"""
    read = re.fullmatch(r"(\w+): (.*?) ([\d.]+)( USD)?(?: from (\S+))?(?: to (\S+))?", text)
    assert read, text
    name, names, amount, currency, start, end = read.groups()
    return Rate(
        name,
        Money(Decimal(amount), (currency or "EUR").strip()),
        date.fromisoformat(start or "2026-01-01"),
        date.fromisoformat(end) if end else None,
        **named(names),
    )


def named(text: str) -> dict[str, str]:
    pairs = (part.split(" ") for part in text.split(", ") if part != "anything")
    return {name: value for name, value in pairs if name in NAMES}


@rows(rate_precedence)
def test_which_rate(row: Row) -> None:
    work, _, day = row["work"].partition(" on ")
    card = a_card(*map(the_rate, row["rates"].split("; ")))
    asked = {"currency": "EUR", "worked_on": date.fromisoformat(day) if day else MONDAY}
    if not row["value"]:
        with pytest.raises(BusinessException, match=row["wins"]):
            rate_for(card, Named(**named(work)), **asked)
        return
    level, rate = rate_for(card, Named(**named(work)), **asked)
    assert (rate.rate_id, level, rate.rate_per_hour) == (row["wins"], row["level"], eur(row["value"]))


def agreed(terms: LineTerms) -> Contract:
    first, *rest = a_contract().lines
    return a_contract(lines=(replace(first, terms=terms), *rest))


def factors(text: str) -> Multipliers | None:
    if not text:
        return None
    pairs = re.findall(r"(overtime|weekend|travel) ([\d.]+)", text)
    days = (5, 6) if "Friday and Saturday" in text else (6, 7)
    return Multipliers(**{name: Decimal(factor) for name, factor in pairs}, weekend_days=days)


@rows(multipliers)
def test_multipliers(row: Row) -> None:
    item = time_item(
        contract=agreed(LineTerms(multipliers=factors(row["agreed"]))),
        card=a_card(a_rate(amount=row["rate"])),
        worked_on=date.fromisoformat(row["day"]),
        minutes=int(row["minutes"]),
        work_kind=WorkKind(row["kind"]) if row["kind"] else None,
    )
    how = item.valuation
    assert (how.unit_price, item.value) == (eur(row["price"]), eur(row["value"]))
    assert how.clauses == ((f"multipliers.{row['clause']}",) if row["clause"] else ())
    assert how.rate_per_hour == (eur(row["rate"]) if row["clause"] else None)


def rounding(text: str) -> TimeRounding:
    unit, to, _, *scope = text.split(" ")
    return TimeRounding(int(unit), RoundTo(to), RoundScope.ENTRY if scope == ["entry"] else RoundScope.PERSON_DAY)


def entries(row: Row) -> list[WipItem]:
    contract = agreed(LineTerms(time_rounding=rounding(row["rule"])))
    told = [part.split(" at ") for part in row["entries"].split("; ")]
    return [
        time_item(f"t-{number}", contract=contract, minutes=int(minutes), card=a_card(a_rate(amount=rate)))
        for number, (minutes, rate) in enumerate(told)
    ]


@rows(time_rounding)
def test_time_rounding(row: Row) -> None:
    day = entries(row)
    for order in permutations(day):
        added = [each.wanted for each in round_day(order, rounding(row["rule"])) if each.wanted]
        lines = [*day, *added] if "day" in row["rule"] else day
        assert ", ".join(str(line.value.amount) for line in lines) == row["lines"]
        assert sum(line.value.amount for line in lines) == Decimal(row["value"])
        assert sum(line.valuation.quantity for line in lines) == Decimal(row["billed"])


def the_card(text: str, version: str) -> RateCard:
    """150.00; none; 150.00 to 2026-10-05, then 160.00"""
    if text == "none":
        return a_card(a_rate(role="Nobody"), version=version)
    first, _, then = text.partition(", then ")
    amount, _, end = first.partition(" to ")
    change = date.fromisoformat(end) if end else None
    rates = [a_rate("r-1", amount, valid_to=change)]
    if change:
        rates.append(a_rate("r-2", then, valid_from=change))
    return a_card(*rates, version=version)


def the_work(row: Row) -> WipItem:
    read = re.fullmatch(r"(\d+) min on (\S+?)(?:, (weekend 2|.* per entry))?", row["work"])
    assert read
    minutes, day, term = read.groups()
    terms = LineTerms()
    if term:
        is_factor = term.startswith("weekend")
        terms = LineTerms(multipliers=factors(term)) if is_factor else LineTerms(time_rounding=rounding(term))
    item = time_item(
        contract=agreed(terms),
        card=the_card(row["before"], "v1"),
        minutes=int(minutes),
        worked_on=date.fromisoformat(day),
    )
    return replace(item, claimed_by="inv-1") if row["state"] == "billed" else item


@rows(late_rates)
def test_late_rates(row: Row) -> None:
    item, before, now = the_work(row), the_card(row["before"], "v1"), the_card(row["now"], "v2")
    assert item.value == eur(row["billed"])
    if row["state"] == "open":
        check_open(row, item, now)
        return
    plan = rerate_plan([item], before, now)
    found = [(line.credited, line.rebilled, line.difference) for line in plan]
    assert found == ([tuple(eur(row[name]) for name in ("credit", "rebill", "difference"))] if row["credit"] else [])


def check_open(row: Row, item: WipItem, now: RateCard) -> None:
    if row["credit"] == "rate_missing":
        with pytest.raises(BusinessException, match="rate_missing"):
            rerated(item, now)
        return
    new = rerated(item, now)
    assert (new.value if new else None) == (eur(row["rebill"]) if row["rebill"] else None)
    if new:
        assert new.value - item.value == eur(row["difference"])
