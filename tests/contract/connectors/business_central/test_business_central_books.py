"""The Business Central connector against its simulator: what is particular to this ERP, beside the kit's promises."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from functions.connectors.business_central.texts import reference_of
from shared.domain.money import Money
from shared.faults import BusinessException, Transient
from tests.conformance.roles import ErpWorld
from tests.conformance.wire import LOST, Call

POST_INVOICE = Call("POST", r"/salesInvoices\([^)]*\)/Microsoft.NAV.post")
POST_MEMO = Call("POST", r"/salesCreditMemos\([^)]*\)/Microsoft.NAV.post")


def documents(world: ErpWorld, kind: str = "salesInvoices") -> list[dict[str, Any]]:
    return [dict(row) for row in world.vendor.control.records(kind)]


def set_rate(world: ErpWorld, percent: str) -> None:
    body = {"company": "DE", "area": "DOMESTIC", "group": "VAT19", "percent": percent}
    world.vendor.control.post("/tax-rates", body)


def test_totals_that_are_not_ours_are_told_before_anything_is_posted(world: ErpWorld) -> None:
    set_rate(world, "20")
    with pytest.raises(BusinessException, match="amount_disagreement") as refused:
        world.execute("invoice", 1)
    assert refused.value.facts["ours"].split()[0] == refused.value.facts["theirs"].split()[0]
    assert documents(world) == []


def test_once_the_set_up_is_repaired_the_invoice_goes_through(world: ErpWorld) -> None:
    set_rate(world, "20")
    with pytest.raises(BusinessException):
        world.execute("invoice", 1)
    set_rate(world, "19")
    world.execute("invoice", 1)
    assert [row["status"] for row in documents(world)] == ["Open"]


def test_a_draft_left_by_a_closed_period_is_posted_when_it_is_open_again(world: ErpWorld) -> None:
    world.vendor.control.post("/posting-dates", {"from": "2099-01-01"})
    with pytest.raises(BusinessException, match="posting_period_closed"):
        world.execute("invoice", 1)
    (draft,) = documents(world)
    world.vendor.control.post("/posting-dates", {})
    world.execute("invoice", 1)
    assert [(row["id"], row["status"]) for row in documents(world)] == [(draft["id"], "Open")]


@pytest.mark.parametrize("rounding", ["line", "document"])
def test_the_tax_is_ours_however_the_tenant_rounds_it(world: ErpWorld, rounding: str) -> None:
    """Three lines of 33.33 make 18.99 by line and 19.00 by group."""
    world.vendor.control.post("/settings", {"tax_rounding": rounding})
    assert world.execute("invoice", 1).tax == Decimal("19.00")


def test_a_draft_of_an_earlier_attempt_that_is_seen_late_is_gone_on_with_or_deleted(world: ErpWorld) -> None:
    ours, customer = world.our_id("invoice", 1), documents(world, "customers")[0]["number"]
    body = {"externalDocumentNumber": reference_of(ours), "customerNumber": customer}
    world.wire.plant(POST_INVOICE, LOST)
    world.vendor.control.post("/records", {"company": "DE", "set": "salesInvoices", "body": body})
    world.execute("invoice", 1)
    assert [row["status"] for row in documents(world)] == ["Open"]


def test_two_posted_under_one_id_are_a_persons_job(world: ErpWorld) -> None:
    world.execute("invoice", 1)
    (row,) = documents(world)
    body = {"externalDocumentNumber": row["externalDocumentNumber"], "customerNumber": row["customerNumber"]}
    copy = world.vendor.control.post("/records", {"company": "DE", "set": "salesInvoices", "body": body})
    world.vendor.control.post(f"/records/salesInvoices/{copy['id']}", {"status": "Open"})
    with pytest.raises(BusinessException, match="erp_invoice_doubled"):
        world.execute("invoice", 1)


def invoice_id(world: ErpWorld) -> str:
    world.done("invoice", 1)
    return str(documents(world)[0]["id"])


def test_a_memo_for_an_unpaid_invoice_is_applied_whole(world: ErpWorld) -> None:
    invoice_id(world)
    assert world.execute("credit_memo", 1).applied == Decimal("118.99")


def test_a_memo_for_a_paid_invoice_is_applied_nowhere(world: ErpWorld) -> None:
    world.vendor.desk.take_payment(invoice_id(world))
    assert world.execute("credit_memo", 1).applied == 0


def test_how_far_a_memo_was_applied_is_known_after_a_lost_answer_too(world: ErpWorld) -> None:
    world.vendor.desk.take_payment(invoice_id(world), Decimal("100.00"))
    world.wire.plant(POST_MEMO, LOST)
    first, again = world.done("credit_memo", 1), world.execute("credit_memo", 1)
    assert first.applied == again.applied == Decimal("18.99")


def test_a_memo_for_an_invoice_that_is_not_there_is_refused(world: ErpWorld) -> None:
    with pytest.raises(BusinessException, match="erp_invoice_missing"):
        world.execute("credit_memo", 1)


def test_an_invoice_that_finance_cancelled_is_dead_and_not_paid(world: ErpWorld) -> None:
    world.vendor.control.post(
        f"/records/salesInvoices/{invoice_id(world)}", {"status": "Canceled", "remainingAmount": 0}
    )
    world.invoices.add(world.orders.document(1))
    with pytest.raises(BusinessException, match="erp_invoice_dead"):
        world.execute("invoice", 1)
    world.drain("payments")
    assert world.told("payments") == []


def test_parts_of_a_payment_are_told_as_they_come(world: ErpWorld) -> None:
    invoice = invoice_id(world)
    world.invoices.add(world.orders.document(1))
    for amount in ("18.99", "100.00"):
        world.vendor.desk.take_payment(invoice, Decimal(amount))
        world.drain("payments")
        record_the_last(world)
    told = sorted(world.told("payments"), key=lambda each: each.sequence)
    assert [(each.data.state, each.data.open.amount) for each in told] == [("part_paid", Decimal(100)), ("paid", 0)]


def record_the_last(world: ErpWorld) -> None:
    """As the fabric does with an event."""
    last = max(world.told("payments"), key=lambda each: each.sequence)
    known, paid = world.invoices.known, Money(last.data.paid.amount, last.data.paid.currency)
    known[last.subject] = replace(known[last.subject], erp_sequence=last.sequence, paid=paid)


def test_a_record_that_somebody_changed_meanwhile_is_changed_by_the_next_try(world: ErpWorld) -> None:
    world.vendor.control.post("/faults", {"action": "locked", "method": "PATCH", "path": "/customers", "times": 1})
    with pytest.raises(Transient, match="erp_record_changed"):
        world.execute("customer", 1, name="Another Name")
    world.execute("customer", 1, name="Another Name")
    assert documents(world, "customers")[0]["displayName"] == "Another Name"
