"""What the ERP says about an invoice is kept, newest word first, and carried back to sales and delivery."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from events.envelope import AnyEnvelope
from events.invoice_paid.v1 import InvoicePaid
from events.values import Ref
from functions.processes.billing_status_feedback import plan_feedback, record_payment, start
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient
from tests.stories import CONTRACT, Fabric, a_contract, an_entry, event, time_and_materials, usd


@pytest.fixture
def fabric() -> Fabric:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    fabric.draft()
    return fabric


def the_id(fabric: Fabric) -> str:
    return next(iter(fabric.ports.invoices.rows))


def paid(invoice_id: str, sequence: int, amount: str = "150.00", state: str = "paid") -> AnyEnvelope:
    data = InvoicePaid(
        invoice_id=invoice_id,
        erp_ref=Ref(system="netsuite", kind="invoice", id="1"),
        erp_number="INV1",
        state=state,
        paid=usd(amount),
        open=usd("0"),
        seen_on=date(2026, 4, 20),
    )
    return event(data, invoice_id, sequence, CONTRACT)


def pay(fabric: Fabric, told: AnyEnvelope) -> Applied:
    return record_payment.handler.step(told, fabric.ports)


def report(fabric: Fabric) -> dict[str, object]:
    command = plan_feedback.PlanFeedback(invoice_id=the_id(fabric), correlation_id=CONTRACT)
    planned = plan_feedback.handler.step(command, fabric.ports)
    [told] = planned["reports"]
    return told


def posted(fabric: Fabric) -> Invoice:
    return fabric.post(the_id(fabric))


def test_a_posted_invoice_is_carried_back_once(fabric: Fabric) -> None:
    posted(fabric)
    (told,) = fabric.ports.outbox.of_type("invoice.posted")
    assert start.handler.step(told, fabric.ports) is Applied.NEW
    assert start.handler.step(told, fabric.ports) is Applied.DUPLICATE
    name = f"{the_id(fabric)}-{told.id}"
    assert len(name) <= 80
    payload = {"invoice_id": the_id(fabric), "correlation_id": CONTRACT}
    assert fabric.ports.sagas.started["billing_status_feedback", name] == payload


def test_an_invoice_that_ended_before_it_was_priced_is_shown_nowhere(fabric: Fabric) -> None:
    fabric.reject(the_id(fabric))
    (told,) = fabric.ports.outbox.of_type("invoice.rejected")
    assert start.handler.step(told, fabric.ports) is Applied.NEW
    assert not [name for saga, name in fabric.ports.sagas.started if saga == "billing_status_feedback"]


def test_the_report_says_what_sales_and_delivery_look_for(fabric: Fabric) -> None:
    invoice = posted(fabric)
    told = report(fabric)
    assert (told["number"], told["status"], told["net"], told["paid"]) == (invoice.erp_number, "posted", "150.00", "0")
    assert told["opportunity_ref"] == {"system": "salesforce", "kind": "opportunity", "id": f"006{CONTRACT}"}
    assert told["customer_ref"] == {"system": "salesforce", "kind": "account", "id": "001A"}
    assert told["project_refs"] == [{"system": "kantata", "kind": "workspace", "id": "77"}]
    assert told["document_key"] == invoice.document_key


def test_an_unpriced_invoice_has_no_report(fabric: Fabric) -> None:
    with pytest.raises(BusinessException, match="invoice_not_priced"):
        report(fabric)


def test_a_payment_in_part_and_in_full_are_kept_and_shown(fabric: Fabric) -> None:
    posted(fabric)
    assert pay(fabric, paid(the_id(fabric), 10, "50.00", "part_paid")) is Applied.NEW
    assert (fabric.invoice(the_id(fabric)).status, report(fabric)["status"]) == (InvoiceStatus.POSTED, "part_paid")
    assert pay(fabric, paid(the_id(fabric), 20)) is Applied.NEW
    assert (fabric.invoice(the_id(fabric)).status, report(fabric)["status"]) == (InvoiceStatus.PAID, "paid")


def test_the_newest_word_about_money_wins(fabric: Fabric) -> None:
    posted(fabric)
    pay(fabric, paid(the_id(fabric), 20))
    assert pay(fabric, paid(the_id(fabric), 10, "50.00", "part_paid")) is Applied.STALE
    assert pay(fabric, paid(the_id(fabric), 20)) is Applied.DUPLICATE
    invoice = fabric.invoice(the_id(fabric))
    assert invoice.paid is not None and invoice.paid.amount == Decimal("150.00")


def test_a_payment_that_bounced_opens_the_invoice_again(fabric: Fabric) -> None:
    posted(fabric)
    pay(fabric, paid(the_id(fabric), 20))
    pay(fabric, paid(the_id(fabric), 30, "0", "part_paid"))
    assert (fabric.invoice(the_id(fabric)).status, report(fabric)["status"]) == (InvoiceStatus.POSTED, "posted")
    assert fabric.conserved()


def test_a_payment_seen_before_the_posting_is_recorded_comes_again(fabric: Fabric) -> None:
    fabric.to_price(the_id(fabric))
    fabric.submit(the_id(fabric))
    with pytest.raises(Transient, match="invoice_posting_not_recorded_yet"):
        pay(fabric, paid(the_id(fabric), 10))


def test_a_payment_of_a_rejected_invoice_is_refused(fabric: Fabric) -> None:
    fabric.reject(the_id(fabric))
    with pytest.raises(BusinessException, match="invoice_state"):
        pay(fabric, paid(the_id(fabric), 10))
