"""Accepting a plan of credit and rebill carries it out: a memo per invoice, the work open at its new price, once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from functions.operations import act_on_exception
from functions.operations.acts.preview import preview
from shared.domain.invoice import InvoiceKind, InvoiceStatus
from shared.faults import BusinessException
from tests.stories import CONTRACT, Fabric, a_card, a_contract, an_entry, time_and_materials
from tests.unit.functions.operations.test_amend_contract import amend, work

APRIL = date(2026, 4, 30)


def billed(*, minutes: tuple[int, ...] = (60, 50)) -> Fabric:
    """Two entries on a posted invoice, priced 150.00; then the card says 160.00."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(*(an_entry(f"t-{number}", minutes=each) for number, each in enumerate(minutes)))
    fabric.bill()
    fabric.price(a_card(2, rate="160.00"))
    return fabric


def accept(fabric: Fabric, by: str = "Fay", action: str = "accept") -> dict[str, str]:
    [trouble] = [each for each in fabric.ports.exceptions.list() if each.resolved_at is None]
    command = act_on_exception.ActOnException(exception_id=trouble.exception_id, action=action, by=by)
    return act_on_exception.handler.step(command, fabric.ports)


def memos(fabric: Fabric) -> list[Any]:
    return [each for each in fabric.ports.invoices.rows.values() if each.kind is InvoiceKind.CREDIT_MEMO]


def open_values(fabric: Fabric) -> list[Decimal]:
    return sorted(item.value.amount for item in fabric.ports.wip.open_of(CONTRACT))


def test_an_accepted_rate_change_is_credited_and_billed_at_the_new_price() -> None:
    fabric = billed()
    [invoice] = fabric.ports.invoices.rows.values()
    assert accept(fabric)["status"] == "resolved"
    [memo] = memos(fabric)
    assert (memo.credits, memo.status, memo.submitter) == (invoice.invoice_id, InvoiceStatus.SEALED, "Fay")
    assert memo.net is not None and memo.net.amount == Decimal("-275.00")
    assert ("invoice", memo.invoice_id) in fabric.ports.sagas.started
    assert open_values(fabric) == [Decimal("133.33"), Decimal("160.00")]
    assert {item.valuation.rate_card_version for item in fabric.ports.wip.open_of(CONTRACT)} == {"2"}
    fabric.post(memo.invoice_id)
    [again] = fabric.bill(APRIL)
    assert again.net is not None and again.net.amount == Decimal("293.33")
    assert (fabric.exceptions(), fabric.conserved()) == ([], True)


def test_the_same_yes_again_does_nothing_more() -> None:
    fabric = billed()
    accept(fabric)
    kept = dict(fabric.ports.invoices.rows)
    [trouble] = list(fabric.ports.exceptions.list())
    command = act_on_exception.ActOnException(exception_id=trouble.exception_id, action="accept", by="Fay")
    assert act_on_exception.handler.step(command, fabric.ports)["resolution"] == "accept"
    assert fabric.ports.invoices.rows == kept


def test_the_audit_log_has_who_accepted_and_the_memos() -> None:
    fabric = billed()
    accept(fabric)
    [entry] = [each for each in fabric.ports.audit_log.of_legal_entity("US") if each.act.what == "exception.accept"]
    assert (entry.act.who, entry.act.after["credit_memos"]) == ("Fay", memos(fabric)[0].invoice_id)


def test_a_rejected_plan_credits_nothing() -> None:
    fabric = billed()
    accept(fabric, action="reject")
    assert (memos(fabric), open_values(fabric)) == ([], [])


def test_work_that_was_corrected_since_is_left_out() -> None:
    fabric = billed()
    fabric.approve(an_entry("t-0", sequence=2, minutes=30))
    accept(fabric)
    [memo] = memos(fabric)
    assert memo.net is not None and memo.net.amount == Decimal("-125.00")
    fabric.post(memo.invoice_id)
    fabric.bill(APRIL)
    billed_now = sum(each.net.amount for each in fabric.ports.invoices.rows.values() if each.net)
    assert (billed_now, fabric.conserved()) == (Decimal("80.00") + Decimal("133.33"), True)


def test_a_line_credited_in_part_before_refuses_the_whole_plan() -> None:
    fabric = billed()
    [invoice] = list(fabric.ports.invoices.rows)
    fabric.credit(invoice, amount=Decimal("10.00"), lines=["1"])
    before = dict(fabric.ports.invoices.rows)
    with pytest.raises(BusinessException, match="rebill_of_part"):
        accept(fabric)
    assert fabric.ports.invoices.rows == before
    assert fabric.exceptions() == ["late_rate_change"]


def test_an_invoice_that_is_not_posted_yet_refuses_the_whole_plan() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    [told] = fabric.draft()["invoices"]
    fabric.to_price(told["invoice_id"])
    fabric.price(a_card(2, rate="160.00"))
    with pytest.raises(BusinessException, match="invoice_not_posted"):
        accept(fabric)
    fabric.submit(told["invoice_id"])
    fabric.posted(told["invoice_id"])
    assert accept(fabric)["status"] == "resolved"
    assert open_values(fabric) == [Decimal("160.00")]


def amended() -> Fabric:
    """Work of 9 and 12 March is billed at 150.00; the amendment says 180.00 from 10 March on."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    work(fabric, 9, 12)
    fabric.bill()
    amend(fabric)
    return fabric


def test_an_amendment_of_billed_work_leaves_a_plan_with_an_owner() -> None:
    fabric = amended()
    [trouble] = list(fabric.ports.exceptions.list())
    assert (trouble.type, trouble.facts["amendment_id"]) == ("amendment_plan", "A-1")
    amounts = [trouble.facts[name] for name in ("lines", "credited", "rebilled", "difference")]
    assert amounts == ["1", "150.00", "180.00", "30.00"]
    assert "180.00" in preview(trouble, fabric.ports)["accept"]
    amend(fabric)
    assert fabric.exceptions() == ["amendment_plan"]


def test_an_accepted_amendment_is_credited_and_billed_at_its_price() -> None:
    fabric = amended()
    with pytest.raises(BusinessException, match="approver_is_submitter"):
        accept(fabric, by="dana")
    accept(fabric)
    [memo] = memos(fabric)
    assert memo.net is not None and memo.net.amount == Decimal("-150.00")
    assert open_values(fabric) == [Decimal("180.00")]
    fabric.post(memo.invoice_id)
    [again] = fabric.bill(APRIL)
    assert again.net is not None and again.net.amount == Decimal("180.00")
    assert amend(fabric)["effect"]["plan"] == []
    assert (fabric.exceptions(), fabric.conserved()) == ([], True)


def test_a_decision_about_an_amendment_is_not_asked_again() -> None:
    fabric = amended()
    accept(fabric, action="reject")
    amend(fabric)
    assert fabric.exceptions() == []


def test_work_of_a_line_that_ended_is_open_and_held() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    work(fabric, 9, 12)
    fabric.bill()
    amend(fabric, {"change": "end_line", "line_id": "l-time"})
    accept(fabric)
    fabric.post(memos(fabric)[0].invoice_id)
    assert fabric.draft(APRIL)["left"] == ["line_ended"]
    assert (open_values(fabric), fabric.exceptions()) == ([Decimal("150.00")], ["line_ended"])


def test_who_accepted_does_not_approve_the_memo() -> None:
    fabric = billed(minutes=(60 * 400,))
    accept(fabric)
    [memo] = memos(fabric)
    assert fabric.to_price(memo.invoice_id)["needs_approval"] is True
    with pytest.raises(BusinessException, match="approver_is_submitter"):
        fabric.submit(memo.invoice_id, approver="Fay")
