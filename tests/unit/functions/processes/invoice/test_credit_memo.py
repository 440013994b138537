"""A credit memo on its way through the real steps: asked, priced, submitted, posted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.adapters.invoice_document import read_document
from shared.domain.invoice import InvoiceDocument, InvoiceKind, InvoiceStatus
from shared.faults import BusinessException
from tests.credited import amounts, billed, the_row, told
from tests.stories import Fabric, a_contract, an_entry, time_and_materials


def document(fabric: Fabric, invoice_id: str) -> InvoiceDocument:
    return read_document(fabric.ports.documents.get(fabric.invoice(invoice_id).document_key))


def test_a_full_credit_goes_the_way_of_an_invoice_and_opens_the_work_again() -> None:
    fabric, invoice = billed()
    asked = fabric.credit(invoice.invoice_id)
    assert (asked["net"], asked["gross"], asked["started"]) == ("450.00", "450.00", True)
    memo_id = asked["memo_id"]
    assert ("invoice", memo_id) in fabric.ports.sagas.started
    assert amounts(the_row(fabric)) == ("450.00", "450.00", "-450.00", "450.00", "0.00", "0.00")
    memo = fabric.post(memo_id)
    assert (memo.status, memo.kind, memo.credits) == (
        InvoiceStatus.POSTED,
        InvoiceKind.CREDIT_MEMO,
        invoice.invoice_id,
    )
    assert amounts(the_row(fabric)) == ("450.00", "450.00", "0.00", "450.00", "450.00", "0.00")
    of_memo = document(fabric, memo_id)
    assert [str(line.net.amount) for line in of_memo.lines] == ["150.00", "300.00"]
    assert (of_memo.credits, of_memo.reason, str(of_memo.totals.gross.amount)) == (
        invoice.invoice_id,
        "Wrong rate",
        "450.00",
    )
    [posted] = told(fabric, "credit_memo.posted")
    assert (posted.memo_id, posted.invoice_id, posted.applied.amount) == (
        memo_id,
        invoice.invoice_id,
        Decimal("450.00"),
    )
    assert len(told(fabric, "credit_memo.requested")) == 1
    assert len(told(fabric, "invoice.posted")) == 1


def test_what_was_credited_is_billed_again_once() -> None:
    fabric, invoice = billed()
    fabric.post(fabric.credit(invoice.invoice_id, lines=("2",))["memo_id"])
    [again] = fabric.bill()
    assert str(again.totals.gross.amount) == "300.00"  # type: ignore[union-attr]
    assert amounts(the_row(fabric)) == ("450.00", "0.00", "0.00", "750.00", "300.00", "0.00")
    assert fabric.draft()["invoices"] == []


def test_a_line_is_rebilled_at_another_price() -> None:
    """2 h at 150.00 become 2 h at 140.00: the customer pays 20.00 less, and approved work is worth that less."""
    fabric, invoice = billed()
    asked = fabric.credit(invoice.invoice_id, lines=("2",), unit_price=Decimal("140.00"))
    assert asked["lines"][0]["rebilled_at"] == "280.00"
    fabric.post(asked["memo_id"])
    [again] = fabric.bill()
    [line] = document(fabric, again.invoice_id).lines
    assert (line.quantity, line.unit_price, str(line.net.amount)) == (Decimal(120), Decimal("140.00"), "280.00")
    assert amounts(the_row(fabric)) == ("430.00", "0.00", "0.00", "730.00", "300.00", "0.00")


def test_a_correction_after_a_rebill_takes_back_what_was_rebilled() -> None:
    fabric, invoice = billed()
    fabric.post(fabric.credit(invoice.invoice_id, lines=("2",))["memo_id"])
    fabric.bill()
    fabric.approve(an_entry("t-2", sequence=2, minutes=180))
    [third] = fabric.bill()
    assert str(third.totals.net.amount) == "150.00"  # type: ignore[union-attr]
    assert amounts(the_row(fabric))[0] == "600.00"


def test_the_same_request_is_one_memo_and_its_saga_starts_once() -> None:
    fabric, invoice = billed()
    first = fabric.credit(invoice.invoice_id, amount=Decimal("100.00"))
    again = fabric.credit(invoice.invoice_id, amount=Decimal("200.00"))
    assert again == first | {"started": False}
    assert amounts(the_row(fabric)) == ("450.00", "100.00", "-100.00", "450.00", "0.00", "0.00")


def test_no_more_than_the_invoice_is_ever_credited() -> None:
    fabric, invoice = billed()
    fabric.credit(invoice.invoice_id, "r-1", amount=Decimal("400.00"))
    with pytest.raises(BusinessException) as refusal:
        fabric.credit(invoice.invoice_id, "r-2", amount=Decimal("50.01"))
    assert (refusal.value.code, refusal.value.facts["left"]) == ("credit_exceeds_line", "50.00")
    fabric.credit(invoice.invoice_id, "r-3")
    with pytest.raises(BusinessException) as refusal:
        fabric.credit(invoice.invoice_id, "r-4")
    assert refusal.value.code == "credited_in_full"


def test_a_preview_writes_nothing() -> None:
    fabric, invoice = billed()
    before = (dict(fabric.ports.wip.items), dict(fabric.ports.invoices.rows), len(fabric.ports.outbox.events))
    seen = fabric.credit(invoice.invoice_id, percent=Decimal(10), dry_run=True)
    assert (seen["net"], [line["net"] for line in seen["lines"]], seen["started"]) == (
        "45.00",
        ["15.00", "30.00"],
        False,
    )
    assert before == (dict(fabric.ports.wip.items), dict(fabric.ports.invoices.rows), len(fabric.ports.outbox.events))
    assert fabric.ports.credits.rows == {}


@pytest.mark.parametrize(
    "asked",
    [
        {"amount": Decimal(1), "percent": Decimal(1)},
        {"remedy": "correction"},
        {"unit_price": Decimal(1)},
        {"unit_price": Decimal(1), "lines": ("1",), "remedy": "concession"},
    ],
)
def test_an_unclear_request_is_refused(asked: dict[str, Any]) -> None:
    fabric, invoice = billed()
    with pytest.raises(BusinessException) as refusal:
        fabric.credit(invoice.invoice_id, **asked)
    assert refusal.value.code == "credit_unclear"


def test_a_draft_is_not_credited() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    [drafted] = fabric.draft()["invoices"]
    with pytest.raises(BusinessException) as refusal:
        fabric.credit(drafted["invoice_id"])
    assert refusal.value.code == "invoice_not_posted"


def test_an_invoice_is_found_by_its_number_and_a_memo_is_not_credited() -> None:
    fabric, invoice = billed()
    memo = fabric.post(fabric.credit(invoice.erp_number or "")["memo_id"])
    with pytest.raises(BusinessException) as refusal:
        fabric.credit(memo.invoice_id)
    assert refusal.value.code == "credit_of_memo"
