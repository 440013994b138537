"""What a credit takes back: the worked examples, row by row, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

import pytest

from shared.domain.credit import Credited, CreditPlan
from shared.domain.credit_ledger import no_credits, with_credit, without_credit
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.tax import TaxCategory, TaxDecision
from shared.faults import BusinessException
from shared.usecases.credit_plan import credit_plan
from shared.usecases.total_invoice import total_invoice
from tests.build import an_invoice
from tests.examples import credit_memos
from tests.invoices import a_document
from tests.property.strategies import a_line

Row = Mapping[str, str]
POSTED = an_invoice(status=InvoiceStatus.POSTED)


def invoiced(row: Row) -> InvoiceDocument:
    category, rate = row["tax"].split()
    tax = TaxDecision(TaxCategory(category), Decimal(rate), None, "a-rule")
    parts = [part.strip().split(": ") for part in row["lines"].split(",")]
    return a_document([a_line(name, money(net), tax) for name, net in parts])


def money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money(Decimal(amount), currency or "EUR")


def asked(row: Row, document: InvoiceDocument, credited: Credited) -> CreditPlan:
    """ "line 2, 50 %": a line and how much of it, either may be missing; "the rest" is neither."""
    chosen: dict[str, object] = {}
    for part in row["asked"].split(", "):
        if part.startswith("line "):
            chosen["line_ids"] = [part.removeprefix("line ")]
        elif part.endswith(" %"):
            chosen["percent"] = Decimal(part.removesuffix(" %"))
        elif part != "the rest":
            chosen["amount"] = Money(Decimal(part), document.currency)
    return credit_plan(POSTED, document, credited, **chosen)  # type: ignore[arg-type]


def shown(plan: CreditPlan) -> dict[str, str]:
    return {
        "credited": ", ".join(f"{line.line_id}: {line.net.amount}" for line in plan.lines),
        "net": str(plan.net.amount),
        "memo_tax": str(plan.tax.amount),
        "gross": str(plan.gross.amount),
    }


@pytest.mark.parametrize("invoice", sorted({row["invoice"] for row in credit_memos.ROWS}))
def test_the_worked_examples_hold(invoice: str) -> None:
    rows = [row for row in credit_memos.ROWS if row["invoice"] == invoice]
    document, credited = invoiced(rows[0]), no_credits("inv-1")
    for number, row in enumerate(rows):
        if "refused" in row:
            with pytest.raises(BusinessException) as refusal:
                asked(row, document, credited)
            assert refusal.value.code == row["refused"]
            continue
        plan = asked(row, document, credited)
        assert shown(plan) == {name: row[name] for name in shown(plan)}
        credited = with_credit(credited, plan, f"memo-{number}")


@pytest.mark.parametrize("invoice", [key for key, _ in groupby(row["invoice"] for row in credit_memos.ROWS)])
def test_examples_that_take_the_rest_sum_to_their_invoice(invoice: str) -> None:
    rows = [row for row in credit_memos.ROWS if row["invoice"] == invoice and "net" in row]
    if rows[-1]["asked"] == "the rest":
        totals = total_invoice(invoiced(rows[0]).lines)
        sums = [sum(Decimal(row[name]) for row in rows) for name in ("net", "memo_tax", "gross")]
        assert sums == [totals.net.amount, totals.tax.amount, totals.gross.amount]


THREE = invoiced(credit_memos.ROWS[0])


@pytest.mark.parametrize(
    "status", [each for each in InvoiceStatus if each not in (InvoiceStatus.POSTED, InvoiceStatus.PAID)]
)
def test_only_what_is_in_the_books_is_credited(status: InvoiceStatus) -> None:
    with pytest.raises(BusinessException) as refusal:
        credit_plan(an_invoice(status=status), THREE, no_credits("inv-1"))
    assert refusal.value.code == "invoice_not_posted"


def test_a_paid_invoice_is_credited_too() -> None:
    plan = credit_plan(an_invoice(status=InvoiceStatus.PAID), THREE, no_credits("inv-1"))
    assert plan.gross == money("118.99")


def test_a_memo_is_not_credited() -> None:
    with pytest.raises(BusinessException) as refusal:
        credit_plan(replace(POSTED, kind=InvoiceKind.CREDIT_MEMO), THREE, no_credits("inv-1"))
    assert refusal.value.code == "credit_of_memo"


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"line_ids": ["9"]}, "line_unknown"),
        ({"amount": Money(Decimal("1.00"), "USD")}, "credit_currency"),
        ({"amount": Money(Decimal("1.005"), "EUR")}, "credit_currency"),
        ({"percent": Decimal(0)}, "credit_not_positive"),
        ({"line_ids": ["1"], "amount": Money(Decimal("33.34"), "EUR")}, "credit_exceeds_line"),
    ],
)
def test_what_cannot_be_credited_says_why(chosen: dict[str, object], code: str) -> None:
    with pytest.raises(BusinessException) as refusal:
        credit_plan(POSTED, THREE, no_credits("inv-1"), **chosen)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_a_line_above_what_the_whole_invoice_came_to_is_refused() -> None:
    """100.00 less 60.00 came to 40.00: nobody gets 100.00 back."""
    document = invoiced({"lines": "1: 100.00, 2: -60.00", "tax": "S 19"})
    with pytest.raises(BusinessException) as refusal:
        credit_plan(POSTED, document, no_credits("inv-1"), line_ids=["1"])
    assert refusal.value.code == "credit_exceeds_document"


def test_a_credit_that_ended_without_a_memo_leaves_no_trace_in_what_is_left() -> None:
    before = with_credit(no_credits("inv-1"), credit_plan(POSTED, THREE, no_credits("inv-1"), line_ids=["1"]), "memo-1")
    plan = credit_plan(POSTED, THREE, before, line_ids=["2"])
    after = without_credit(with_credit(before, plan, "memo-2"), plan, "memo-2")
    assert (after.lines, after.taxes, after.memos) == (before.lines, before.taxes, before.memos)
    assert after.version == before.version + 2


def test_many_small_credits_never_take_more_tax_than_there_was() -> None:
    """0.03 at 19 % is 0.01 of tax each time; 1.00 carries 0.19."""
    document, credited = invoiced({"lines": "1: 1.00", "tax": "S 19"}), no_credits("inv-1")
    taxes = []
    for number in range(33):
        plan = credit_plan(POSTED, document, credited, amount=Money(Decimal("0.03"), "EUR"))
        credited = with_credit(credited, plan, f"memo-{number}")
        taxes.append(plan.tax.amount)
    last = credit_plan(POSTED, document, credited)
    assert all(tax >= 0 for tax in taxes)
    assert (last.net, sum(taxes) + last.tax.amount) == (money("0.01"), Decimal("0.19"))
