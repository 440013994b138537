"""The worked examples of backlog, and caps, through the use-case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.domain.amendment import AddInstalments, Amendment, EndLine, SetCap, SetValue
from shared.domain.contract import Contract, ContractLine, Instalment, LineKind
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.terms import Cap, LineTerms, OverCap
from shared.domain.wip import WipItem, WipKind
from shared.usecases.amend import amend
from shared.usecases.amendment_effect import amendment_effect
from tests.examples import backlog
from tests.fakes.flow import NOON
from tests.fakes.records import some_contract, some_group, some_item, usd

ON = date(2026, 4, 1)
KINDS = {"time": LineKind.TIME_AND_MATERIALS, "fee": LineKind.FIXED_FEE, "milestone": LineKind.MILESTONE}


def amended(contract: Contract, *changes: Any) -> Contract:
    return amend(contract, Amendment("A-1", "contract-1", ON, NOON, "Dana", "Kim", "words", changes))


def a_contract_of(row: dict[str, str]) -> Contract:
    parts = (Instalment("p-1", date(2026, 3, 31), usd("500.00")), Instalment("p-2", date(2026, 4, 30), usd("500.00")))
    kind = KINDS[row["line"]]
    instalments = parts if kind is LineKind.FIXED_FEE else ()
    return replace(some_contract(), lines=(ContractLine("l", kind, "Work", usd(row["signed_before"]), instalments),))


def change_of(words: str) -> Any:
    if words == "end":
        return EndLine("l")
    amount = usd(words.split()[-1])
    if words.startswith("add"):
        return AddInstalments("l", (Instalment("p-3", date(2026, 5, 31), amount),))
    return SetValue("l", amount)


def delivered(value: str) -> list[WipItem]:
    return [replace(some_item(value=value), line_id="l")] if value != "0.00" else []


@pytest.mark.parametrize("row", backlog.ROWS, ids=lambda row: f"{row['line']} {row['delivered']} {row['change']}")
def test_backlog_is_as_in_the_example(row: dict[str, str]) -> None:
    before = a_contract_of(row)
    after = amended(before, change_of(row["change"]))
    items = delivered(row["delivered"])
    (found,) = amendment_effect(before, after, items=items, revalued={}, invoices={}).backlog
    for name in ("signed_before", "delivered", "signed_after", "remaining_before", "remaining_after", "over_after"):
        assert getattr(found, name) == usd(row[name]), name


def test_an_expense_delivers_nothing_of_the_backlog() -> None:
    before = some_contract()
    cost = replace(some_item(value="80.00"), kind=WipKind.EXPENSE)
    rows = amendment_effect(before, before, items=[cost], revalued={}, invoices={}).backlog
    assert [row.delivered for row in rows] == [usd("0"), usd("0")]


def test_a_raised_cap_frees_open_work_that_was_above_it() -> None:
    low, high = Cap(OverCap.HARD, usd("200.00")), Cap(OverCap.HARD, usd("400.00"))
    line = some_contract().lines[0]
    before = replace(some_contract(), lines=(replace(line, terms=LineTerms(cap=low)),))
    after = amended(before, SetCap("line-1", high))
    invoice = Invoice("i-1", some_group(), date(2026, 3, 31), 1, InvoiceStatus.POSTED)
    items = [replace(some_item("w-1", value="150.00"), claimed_by="i-1"), some_item("w-2", value="125.00")]
    (row,) = amendment_effect(before, after, items=items, revalued={}, invoices={"i-1": invoice}).caps
    assert (row.used, row.open) == (usd("150").amount, usd("125").amount)
    assert (row.remaining_before, row.remaining_after) == (usd("50").amount, usd("250").amount)
    assert (row.above_before, row.above_after) == (usd("75").amount, usd("0").amount)


def test_a_cap_below_what_was_billed_leaves_nothing_and_shows_by_how_much() -> None:
    line = some_contract().lines[0]
    before = replace(some_contract(), lines=(line,))
    after = amended(before, SetCap("line-1", Cap(OverCap.HARD, usd("100.00"))))
    invoice = Invoice("i-1", some_group(), date(2026, 3, 31), 1, InvoiceStatus.POSTED)
    items = [replace(some_item("w-1", value="150.00"), claimed_by="i-1"), some_item("w-2", value="125.00")]
    (row,) = amendment_effect(before, after, items=items, revalued={}, invoices={"i-1": invoice}).caps
    assert (row.cap_before, row.remaining_before, row.remaining_after) == (None, None, usd("-50").amount)
    assert (row.above_before, row.above_after) == (usd("0").amount, usd("125").amount)
