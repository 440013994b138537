"""A credit memo on its way through the real steps: asked, priced, submitted, posted; or ended, as if nobody had asked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from functions.operations.act_on_exception import ActOnException
from functions.operations.act_on_exception import handler as act
from functions.processes.billing_status_feedback.plan_feedback import as_reports
from functions.processes.billing_status_feedback.start import handler as start_feedback
from functions.processes.invoice.request_approval import RequestApproval
from functions.processes.invoice.request_approval import handler as request_approval
from shared.adapters.invoice_document import read_document
from shared.domain.invoice import Invoice, InvoiceDocument, InvoiceKind, InvoiceStatus
from shared.faults import BusinessException, Transient
from shared.usecases.conservation import ConservationRow, broken_seals, conservation
from tests.stories import THROUGH, Fabric, a_contract, an_entry, time_and_materials


def billed() -> tuple[Fabric, Invoice]:
    """Two entries at 150.00 an hour: 150.00 and 300.00, posted."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry("t-1"), an_entry("t-2", minutes=120))
    [invoice] = fabric.bill()
    return fabric, invoice


def document(fabric: Fabric, invoice_id: str) -> InvoiceDocument:
    return read_document(fabric.ports.documents.get(fabric.invoice(invoice_id).document_key))


def the_row(fabric: Fabric) -> ConservationRow:
    ports = fabric.ports
    [row] = conservation(ports.wip.sources.values(), ports.wip.items.values(), ports.invoices.rows.values())
    assert row.holds
    assert broken_seals(ports.wip.items.values(), ports.invoices.rows.values()) == ()
    return row


def amounts(row: ConservationRow) -> tuple[str, ...]:
    names = ("approved", "open", "claimed", "invoiced", "credited", "written_off")
    return tuple(f"{getattr(row, name):.2f}" for name in names)


def told(fabric: Fabric, kind: str) -> list[Any]:
    return [event.data for event in fabric.ports.outbox.of_type(kind)]


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
