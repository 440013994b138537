"""What an invoice, its payments and delivery know of its credit memos."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from functions.processes.billing_status_feedback.plan_feedback import as_reports
from functions.processes.billing_status_feedback.start import handler as start_feedback
from shared.domain.invoice import InvoiceStatus
from shared.faults import Transient
from tests.credited import billed


def test_the_invoice_knows_what_is_credited_and_delivery_sees_it() -> None:
    fabric, invoice = billed()
    first = fabric.post(fabric.credit(invoice.invoice_id, "r-1", lines=("1",))["memo_id"])
    fabric.posted(first.invoice_id)
    after = fabric.invoice(invoice.invoice_id)
    assert (after.status, after.credited.amount, after.credit_memos) == (  # type: ignore[union-attr]
        InvoiceStatus.POSTED,
        Decimal("150.00"),
        (first.invoice_id,),
    )
    [report] = as_reports(after, fabric.ports)
    assert (report.status, report.credited) == (
        "part_credited",
        Decimal("150.00"),
    )
    fabric.post(fabric.credit(invoice.invoice_id, "r-2")["memo_id"])
    [report] = as_reports(fabric.invoice(invoice.invoice_id), fabric.ports)
    assert report.status == "credited"


@pytest.mark.parametrize(
    ("settled", "status", "shown", "money"),
    [
        ("150.00", InvoiceStatus.POSTED, "part_credited", "0"),
        ("250.00", InvoiceStatus.POSTED, "part_paid", "100.00"),
        ("450.00", InvoiceStatus.PAID, "paid", "300.00"),
    ],
)
def test_paid_is_what_came_beside_the_credit(settled: str, status: InvoiceStatus, shown: str, money: str) -> None:
    """150.00 of 450.00 is credited; the ERP says so much is settled."""
    fabric, invoice = billed()
    fabric.post(fabric.credit(invoice.invoice_id, lines=("1",))["memo_id"])
    now = fabric.invoice(invoice.invoice_id)
    paid = replace(now, status=status, paid=replace(now.credited, amount=Decimal(settled)))  # type: ignore[type-var]
    [report] = as_reports(paid, fabric.ports)
    assert (report.status, report.paid) == (shown, Decimal(money))


def test_the_posted_memo_starts_the_feedback_of_its_invoice_once_it_is_noted_there() -> None:
    fabric, invoice = billed()
    memo = fabric.post(fabric.credit(invoice.invoice_id)["memo_id"])
    [event] = fabric.ports.outbox.of_type("credit_memo.posted")
    start_feedback.step(event, fabric.ports)
    assert list(fabric.ports.sagas.started)[-1][1].startswith(invoice.invoice_id)
    fabric.ports.invoices.rows[invoice.invoice_id] = replace(fabric.invoice(invoice.invoice_id), credit_memos=())
    with pytest.raises(Transient):
        start_feedback.step(event, fabric.ports)
    assert memo.credits == invoice.invoice_id


def test_a_memo_its_invoice_has_no_room_for_is_told_to_finance() -> None:
    fabric, invoice = billed()
    memo_id = fabric.credit(invoice.invoice_id)["memo_id"]
    fabric.to_price(memo_id)
    fabric.submit(memo_id)
    fabric.posted(memo_id, applied=Decimal("100.00"))
    assert fabric.exceptions() == ["credit_unapplied"]
