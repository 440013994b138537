"""Corrections that outweigh the work of a run: a memo by itself."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.invoice import Invoice, InvoiceKind
from tests.credited import amounts, billed, the_row
from tests.stories import Fabric, a_contract, an_entry, time_and_materials


def corrected() -> tuple[Fabric, Invoice]:
    """t-2 was billed with 2 h and is half an hour now; t-1 is withdrawn."""
    fabric, invoice = billed()
    fabric.approve(an_entry("t-2", sequence=2, minutes=30), an_entry("t-1", sequence=2, minutes=0))
    return fabric, invoice


def test_corrections_that_outweigh_the_work_become_a_memo_and_the_work_an_invoice() -> None:
    fabric, invoice = corrected()
    bills = {each.kind: each for each in fabric.bill()}
    memo, again = bills[InvoiceKind.CREDIT_MEMO], bills[InvoiceKind.INVOICE]
    assert (memo.credits, str(memo.totals.net.amount)) == (invoice.invoice_id, "450.00")  # type: ignore[union-attr]
    assert str(again.totals.net.amount) == "75.00"  # type: ignore[union-attr]
    assert amounts(the_row(fabric)) == ("75.00", "0.00", "0.00", "525.00", "450.00", "0.00")
    assert fabric.exceptions() == []
    assert fabric.draft()["invoices"] == []


def test_two_runs_make_one_memo_of_the_same_corrections() -> None:
    fabric, _ = corrected()
    first = fabric.draft()["invoices"]
    assert fabric.draft()["invoices"] == first
    assert sum(each.kind is InvoiceKind.CREDIT_MEMO for each in fabric.ports.invoices.rows.values()) == 1


def test_corrections_of_several_invoices_are_a_memo_each() -> None:
    fabric, _ = billed()
    fabric.approve(an_entry("t-3"))
    fabric.bill()
    fabric.approve(*(an_entry(entry, sequence=2, minutes=0) for entry in ("t-1", "t-3")))
    memos = [each for each in fabric.bill() if each.kind is InvoiceKind.CREDIT_MEMO]
    assert [str(each.totals.net.amount) for each in memos] == ["150.00", "150.00"]  # type: ignore[union-attr]
    assert len({each.credits for each in memos}) == 2
    assert amounts(the_row(fabric))[:2] == ("300.00", "0.00")


def test_a_correction_of_an_invoice_not_posted_yet_waits_as_an_exception() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    [drafted] = fabric.draft()["invoices"]
    fabric.approve(an_entry(sequence=2, minutes=0))
    assert fabric.draft()["left"] == ["negative_invoice"]
    assert fabric.exceptions() == ["negative_invoice"]
    fabric.post(drafted["invoice_id"])
    [memo] = fabric.bill()
    assert (memo.kind, memo.credits) == (InvoiceKind.CREDIT_MEMO, drafted["invoice_id"])
    assert fabric.exceptions() == []


def test_a_correction_of_a_line_credited_in_part_is_nobodys_to_guess() -> None:
    fabric, invoice = billed()
    fabric.post(
        fabric.credit(invoice.invoice_id, lines=("1",), amount=Decimal("50.00"), remedy="concession")["memo_id"]
    )
    fabric.approve(an_entry("t-1", sequence=2, minutes=0))
    assert fabric.draft()["left"] == ["negative_invoice"]
    the_row(fabric)


def test_a_memo_that_ended_after_its_work_was_billed_again_comes_back_by_itself() -> None:
    fabric, invoice = billed()
    memo_id = fabric.credit(invoice.invoice_id, lines=("1",))["memo_id"]
    ids = {each["invoice_id"] for each in fabric.draft()["invoices"]}
    fabric.post((ids - {memo_id}).pop())
    fabric.to_price(memo_id)
    fabric.reject(memo_id)
    [memo] = fabric.bill()
    assert (memo.credits, memo.invoice_id != memo_id) == (invoice.invoice_id, True)
    assert amounts(the_row(fabric)) == ("450.00", "0.00", "0.00", "600.00", "150.00", "0.00")


def test_corrections_whose_memo_ended_are_credited_by_another() -> None:
    fabric, invoice = billed()
    fabric.approve(an_entry("t-1", sequence=2, minutes=0))
    for _ in range(2):
        [drafted] = fabric.draft()["invoices"]
        fabric.to_price(drafted["invoice_id"])
        fabric.reject(drafted["invoice_id"])
        assert amounts(the_row(fabric)) == ("300.00", "-150.00", "0.00", "450.00", "0.00", "0.00")
    [memo] = fabric.bill()
    assert memo.credits == invoice.invoice_id
    assert amounts(the_row(fabric)) == ("300.00", "0.00", "0.00", "450.00", "150.00", "0.00")
