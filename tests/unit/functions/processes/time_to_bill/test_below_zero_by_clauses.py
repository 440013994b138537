"""What a retainer pays may leave less than corrections take: no such invoice is drafted, and one that came to it ends."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from events.contract_signed.v1 import SignedLine
from events.terms import RetainerTerms, Terms
from functions.processes.time_to_bill import billed_together
from shared.domain.invoice import InvoiceKind, InvoiceStatus
from shared.faults import BusinessException, Transient
from tests.stories import Fabric, a_contract, an_entry, an_expense, usd

APRIL = date(2026, 4, 30)


@pytest.fixture
def fabric() -> Fabric:
    """300.00 a month, which pay for the month's first work."""
    terms = Terms(retainer=RetainerTerms(fee=usd("300.00")))
    line = SignedLine(
        line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000"), terms=terms
    )
    return Fabric().ready(a_contract(lines=(line,)))


def drafted(fabric: Fabric, through: date = APRIL) -> list[tuple[InvoiceKind, Decimal | None]]:
    found = [fabric.invoice(each["invoice_id"]) for each in fabric.draft(through)["invoices"]]
    return sorted(((each.kind, each.net and each.net.amount) for each in found), key=lambda each: each[0].value)


def corrected_below_the_retainer(fabric: Fabric) -> None:
    """March down by 1,200.00; April brings 1,000.00 and its fee of 300.00, which pays 300.00 of it: 100.00, less 300.00."""
    fabric.approve(an_entry(minutes=600))
    fabric.bill()
    fabric.approve(an_entry(sequence=2, minutes=120), an_entry("t-2", minutes=400, worked_on=date(2026, 4, 8)))


def test_corrections_that_outweigh_what_a_retainer_leaves_are_credited_where_they_were_billed(fabric: Fabric) -> None:
    corrected_below_the_retainer(fabric)
    assert drafted(fabric) == [
        (InvoiceKind.CREDIT_MEMO, Decimal("-1500.00")),
        (InvoiceKind.INVOICE, Decimal("1600.00")),
    ]
    assert fabric.exceptions() == []
    fabric.bill(APRIL)
    totals = {each.invoice_id: each.totals for each in fabric.ports.invoices.rows.values()}
    assert sorted(each.net.amount for each in totals.values() if each) == [1300, 1500, 1800]
    assert fabric.conserved()


def test_a_refund_that_outweighs_what_a_retainer_leaves_waits_for_more_work(fabric: Fabric) -> None:
    fabric.approve(an_entry(minutes=120), an_expense(value=usd("-700.00")))
    assert fabric.draft()["left"] == ["negative_invoice"]
    assert fabric.exceptions() == ["negative_invoice"]
    fabric.approve(an_entry("t-2", minutes=600))
    [invoice] = fabric.bill()
    assert invoice.totals and invoice.totals.net.amount == Decimal("1400.00")
    assert fabric.exceptions() == []
    assert fabric.conserved()


def test_a_draft_that_lagging_lists_brought_below_zero_is_given_back(
    fabric: Fabric, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group looked good when it was made: what stood beside it had gone when it was sealed."""
    corrected_below_the_retainer(fabric)
    monkeypatch.setattr(billed_together, "without_negative", lambda grouped, *_: grouped)
    with pytest.raises(Transient, match="drafted_below_zero"):
        fabric.draft(APRIL)
    monkeypatch.undo()
    assert drafted(fabric) == [
        (InvoiceKind.CREDIT_MEMO, Decimal("-1500.00")),
        (InvoiceKind.INVOICE, Decimal("1600.00")),
    ]
    assert fabric.conserved()


def overtaken(fabric: Fabric) -> str:
    """Drafted at 50.00 while the retainer was used up; a credit of the invoice that used it is priced first."""
    fabric.approve(an_entry(minutes=120))
    [first] = fabric.bill()
    fabric.approve(an_entry("t-2", minutes=60), an_expense(value=usd("-100.00")))
    [second] = fabric.draft()["invoices"]
    memo = fabric.credit(first.invoice_id)
    fabric.to_price(memo["memo_id"])
    return str(second["invoice_id"])


def test_an_invoice_that_came_below_zero_after_it_was_drafted_is_not_priced(fabric: Fabric) -> None:
    with pytest.raises(BusinessException, match="invoice_below_zero"):
        fabric.to_price(overtaken(fabric))


def test_its_work_is_open_once_it_is_cancelled_and_goes_with_the_next_run(fabric: Fabric) -> None:
    second = overtaken(fabric)
    fabric.reject(second, "cancelled")
    assert fabric.invoice(second).status is InvoiceStatus.REJECTED
    assert drafted(fabric, date(2026, 3, 31))[-1:] == [(InvoiceKind.INVOICE, Decimal("950.00"))]
    assert fabric.conserved()
