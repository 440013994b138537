"""A credit memo that somebody else decides on, and one that ends, as if nobody had asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from functions.operations.act_on_exception import ActOnException
from functions.operations.act_on_exception import handler as act
from functions.processes.invoice.request_approval import RequestApproval
from functions.processes.invoice.request_approval import handler as request_approval
from shared.domain.invoice import InvoiceStatus
from shared.faults import BusinessException
from tests.credited import amounts, billed, the_row, told
from tests.stories import THROUGH


def test_a_concession_is_approved_by_somebody_else_and_written_off() -> None:
    fabric, invoice = billed()
    memo_id = fabric.credit(invoice.invoice_id, amount=Decimal("45.00"), remedy="concession")["memo_id"]
    priced = fabric.to_price(memo_id)
    assert (priced["needs_approval"], priced["kind"]) == (True, "credit_memo")
    ask = RequestApproval(
        invoice_id=memo_id,
        correlation_id="c",
        gross="45.00",
        currency="USD",
        task_token="token-1",
    )
    exception_id = request_approval.step(ask, fabric.ports)["exception_id"]
    with pytest.raises(BusinessException) as refusal:
        act.step(ActOnException(exception_id=exception_id, action="approve", by=" ann accountant"), fabric.ports)
    assert refusal.value.code == "approver_is_submitter"
    with pytest.raises(BusinessException):
        fabric.submit(memo_id, "Ann Accountant")
    act.step(ActOnException(exception_id=exception_id, action="approve", by="Grace"), fabric.ports)
    fabric.submit(memo_id, "Grace")
    fabric.posted(memo_id)
    assert fabric.invoice(memo_id).approver == "Grace"
    assert amounts(the_row(fabric)) == ("450.00", "0.00", "0.00", "450.00", "45.00", "45.00")
    assert fabric.draft()["invoices"] == []


@pytest.mark.parametrize("remedy", ["rebill", "concession"])
def test_a_memo_that_ends_leaves_everything_as_it_was(remedy: str) -> None:
    fabric, invoice = billed()
    memo_id = fabric.credit(invoice.invoice_id, remedy=remedy)["memo_id"]
    fabric.to_price(memo_id)
    fabric.submit(memo_id, "Grace")
    fabric.reject(memo_id)
    fabric.reject(memo_id)
    assert amounts(the_row(fabric)) == ("450.00", "0.00", "0.00", "450.00", "0.00", "0.00")
    assert len(told(fabric, "credit_memo.rejected")) == 1 and told(fabric, "invoice.rejected") == []
    assert fabric.draft()["invoices"] == []
    assert fabric.credit(invoice.invoice_id, "r-2")["gross"] == "450.00"


def test_a_memo_that_ends_after_its_work_was_billed_again_is_set_off_by_the_next_run() -> None:
    fabric, invoice = billed()
    memo_id = fabric.credit(invoice.invoice_id, lines=("1",))["memo_id"]
    ids = {each["invoice_id"] for each in fabric.draft()["invoices"]}
    [again] = ids - {memo_id}
    fabric.post(again)
    fabric.to_price(memo_id)
    fabric.reject(memo_id)
    fabric.reject(memo_id)
    assert amounts(the_row(fabric)) == ("450.00", "-150.00", "0.00", "600.00", "0.00", "0.00")


def test_the_billing_run_finishes_what_a_dead_request_left() -> None:
    fabric, invoice = billed()
    memo_id = fabric.credit(invoice.invoice_id)["memo_id"]
    fabric.ports.invoices.rows[memo_id] = replace(fabric.invoice(memo_id), status=InvoiceStatus.DRAFT, item_count=0)
    ready = [each["invoice_id"] for each in fabric.draft(THROUGH)["invoices"]]
    assert memo_id in ready
    assert (fabric.invoice(memo_id).status, fabric.invoice(memo_id).item_count) == (InvoiceStatus.SEALED, 2)
