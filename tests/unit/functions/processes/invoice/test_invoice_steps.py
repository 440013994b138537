"""Sealed, priced, submitted, posted or rejected: each step once, however often it runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from events.values import Ref
from functions.processes.invoice import request_approval
from shared.domain.invoice import InvoiceDocument, InvoiceStatus
from shared.domain.money import Money
from shared.domain.policies import Policies
from shared.faults import BusinessException
from tests.fakes.policies import some_policies
from tests.fakes.ports import FakePorts
from tests.stories import Fabric, a_contract, an_entry, an_expense, time_and_materials


@pytest.fixture
def fabric() -> Fabric:
    return sealed()


def sealed(policies: Policies | None = None) -> Fabric:
    fabric = Fabric(FakePorts(policies=policies)).ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry(), an_expense())
    fabric.draft()
    return fabric


def the_id(fabric: Fabric) -> str:
    return next(iter(fabric.ports.invoices.rows))


def document(fabric: Fabric) -> InvoiceDocument:
    key = fabric.invoice(the_id(fabric)).document_key
    return TypeAdapter(InvoiceDocument).validate_json(fabric.ports.documents.get(key))


def test_pricing_writes_totals_dates_and_the_document(fabric: Fabric) -> None:
    told = fabric.to_price(the_id(fabric))
    invoice = fabric.invoice(the_id(fabric))
    assert invoice.status is InvoiceStatus.PRICED and invoice.totals is not None
    assert invoice.totals.gross == Money(Decimal("230.00"), "USD") == document(fabric).totals.gross
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 3, 31), date(2026, 4, 30))
    assert invoice.last_approval_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert told == {
        "invoice_id": invoice.invoice_id,
        "kind": "invoice",
        "legal_entity_id": "US",
        "document_key": invoice.document_key,
        "currency": "USD",
        "gross": "230.00",
        "needs_approval": False,
        "ended": False,
    }


def test_pricing_twice_gives_the_same(fabric: Fabric) -> None:
    first, kept = fabric.to_price(the_id(fabric)), dict(fabric.ports.documents.bodies)
    fabric.ports.clock.pass_(days=60)
    assert fabric.to_price(the_id(fabric)) == first
    assert fabric.ports.documents.bodies == kept


def test_a_pricing_that_died_before_it_was_recorded_is_done_anew(fabric: Fabric) -> None:
    update = fabric.ports.invoices.update

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError

    fabric.ports.invoices.update = dies
    with pytest.raises(RuntimeError):
        fabric.to_price(the_id(fabric))
    fabric.ports.invoices.update = update
    fabric.ports.clock.pass_(days=60)
    fabric.to_price(the_id(fabric))
    assert document(fabric).issued_on == fabric.invoice(the_id(fabric)).issued_on == date(2026, 5, 1)


def test_an_invoice_is_dated_today_in_its_legal_entitys_calendar(fabric: Fabric) -> None:
    fabric.ports.clock.at = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
    fabric.to_price(the_id(fabric))
    assert fabric.invoice(the_id(fabric)).issued_on == date(2026, 5, 1)


def test_a_draft_is_not_priced(fabric: Fabric) -> None:
    rows = fabric.ports.invoices.rows
    rows[the_id(fabric)] = replace(rows[the_id(fabric)], status=InvoiceStatus.DRAFT)
    with pytest.raises(BusinessException, match="invoice_not_sealed"):
        fabric.to_price(the_id(fabric))


def test_a_seal_that_does_not_hold_stops_before_money_moves(fabric: Fabric) -> None:
    rows = fabric.ports.invoices.rows
    rows[the_id(fabric)] = replace(rows[the_id(fabric)], net=Money(Decimal("230.01"), "USD"))
    with pytest.raises(BusinessException, match="seal_broken") as broken:
        fabric.to_price(the_id(fabric))
    assert broken.value.facts["found"] == "2 items, 230.00" and not fabric.ports.documents.bodies


@pytest.mark.parametrize(("over", "needed"), [("229.99", True), ("230.00", False)])
def test_an_invoice_over_the_threshold_needs_a_person(over: str, needed: bool) -> None:
    fabric = sealed(replace(some_policies(), approval_over={"USD": Decimal(over)}))
    assert fabric.to_price(the_id(fabric))["needs_approval"] is needed


def test_an_approval_is_asked_of_an_owner_with_the_sagas_token(fabric: Fabric) -> None:
    command = request_approval.RequestApproval(
        invoice_id=the_id(fabric), correlation_id="contract-1", gross="230.00", currency="USD", task_token="token-1"
    )
    request_approval.handler.step(command, fabric.ports)
    (trouble,) = fabric.ports.exceptions.list()
    assert (trouble.type, trouble.task_token) == ("invoice_approval_due", "token-1")
    assert trouble.facts == {"gross": "230.00", "currency": "USD", "customer_id": "customer-1"}


def test_submitting_twice_requests_once_and_keeps_the_first_approver(fabric: Fabric) -> None:
    fabric.to_price(the_id(fabric))
    fabric.submit(the_id(fabric), approver="Dana")
    fabric.submit(the_id(fabric))
    invoice = fabric.invoice(the_id(fabric))
    assert (invoice.status, invoice.approver) == (InvoiceStatus.SUBMITTED, "Dana")
    assert len(fabric.ports.outbox.of_type("invoice.requested")) == 1


def test_an_unpriced_invoice_is_not_submitted(fabric: Fabric) -> None:
    with pytest.raises(BusinessException, match="invoice_not_priced"):
        fabric.submit(the_id(fabric))


def test_posting_is_recorded_once_with_the_erps_number_and_total(fabric: Fabric) -> None:
    invoice = fabric.post(the_id(fabric))
    fabric.ports.clock.pass_(hours=1)
    fabric.posted(the_id(fabric))
    assert fabric.invoice(the_id(fabric)) == invoice
    assert (invoice.status, invoice.erp_number) == (InvoiceStatus.POSTED, f"INV-{invoice.invoice_id}")
    (told,) = fabric.ports.outbox.of_type("invoice.posted")
    assert told.data.erp_gross.amount == Decimal("230.00")
    refs = {(ref.kind, ref.id) for ref in fabric.ports.references.refs_of(invoice.invoice_id)}
    assert refs == {("invoice", f"ns-{invoice.invoice_id}"), ("invoice_number:US", f"INV-{invoice.invoice_id}")}
    assert fabric.exceptions() == [] and fabric.conserved()


def test_a_total_that_is_not_ours_is_posted_and_owned_by_finance(fabric: Fabric) -> None:
    fabric.to_price(the_id(fabric))
    fabric.submit(the_id(fabric))
    fabric.posted(the_id(fabric), gross=Decimal("230.01"))
    assert fabric.invoice(the_id(fabric)).status is InvoiceStatus.POSTED
    (trouble,) = fabric.ports.exceptions.list()
    assert trouble.type == "amount_disagreement"
    assert (trouble.facts["ours"], trouble.facts["erp"]) == (
        "net 230.00 tax 0.00 gross 230.00 USD",
        "net 230.00 tax 0.00 gross 230.01 USD",
    )


def test_a_disagreement_recorded_twice_stays_one_open_exception(fabric: Fabric) -> None:
    fabric.to_price(the_id(fabric))
    fabric.submit(the_id(fabric))
    for _ in range(2):
        fabric.posted(the_id(fabric), gross=Decimal("230.01"))
    assert fabric.exceptions() == ["amount_disagreement"]
    assert len(fabric.ports.outbox.of_type("exception.raised")) == 1
    assert not fabric.ports.outbox.of_type("exception.resolved")


def test_one_erp_invoice_is_never_two_of_ours(fabric: Fabric) -> None:
    first = fabric.post(the_id(fabric))
    fabric.approve(an_entry("t-2"))
    (second,) = [each["invoice_id"] for each in fabric.draft()["invoices"]]
    fabric.to_price(second)
    fabric.submit(second)
    assert first.erp_ref is not None
    with pytest.raises(BusinessException, match="reference_taken"):
        fabric.posted(second, ref=Ref(system="netsuite", kind="invoice", id=first.erp_ref.id))
    assert fabric.invoice(second).status is InvoiceStatus.SUBMITTED


@pytest.mark.parametrize("reached", ["sealed", "priced", "submitted"])
def test_a_rejected_invoice_opens_its_work_for_the_next_run(fabric: Fabric, reached: str) -> None:
    first = the_id(fabric)
    if reached != "sealed":
        fabric.to_price(first)
    if reached == "submitted":
        fabric.submit(first)
    assert fabric.reject(first) == {"invoice_id": first, "released": 2}
    assert fabric.reject(first) == {"invoice_id": first, "released": 0}
    (told,) = fabric.ports.outbox.of_type("invoice.rejected")
    assert told.data.code == "posting_period_closed" == fabric.invoice(first).rejected_by
    (again,) = fabric.bill()
    assert again.invoice_id != first and again.sequence == 2 and fabric.conserved()


def test_a_posted_invoice_is_not_rejected(fabric: Fabric) -> None:
    fabric.post(the_id(fabric))
    with pytest.raises(BusinessException, match="invoice_state"):
        fabric.reject(the_id(fabric))
    assert all(item.claimed_by for item in fabric.ports.wip.items.values())


def test_a_rejected_invoice_is_not_posted(fabric: Fabric) -> None:
    fabric.to_price(the_id(fabric))
    fabric.submit(the_id(fabric))
    fabric.reject(the_id(fabric))
    with pytest.raises(BusinessException, match="invoice_state"):
        fabric.posted(the_id(fabric))
