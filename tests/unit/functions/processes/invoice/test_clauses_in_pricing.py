"""Clauses from the signed contract to the posted invoice, and that pricing again, or after a crash, changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from events.contract_signed.v1 import SignedLine
from events.terms import DiscountTerms, PrepaidTerms, PurchaseOrderTerms, RetainerTerms, Terms, TierTerms
from functions.experience.invoices import explain
from shared.domain.invoice import InvoiceDocument, InvoiceStatus, LineOrigin
from shared.domain.money import Money
from shared.faults import BusinessException, Transient
from shared.usecases.conservation import broken_seals
from tests.stories import CONTRACT, Fabric, a_contract, an_entry, an_expense, usd

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


def fabric_of(**terms: Any) -> Fabric:
    line = SignedLine(
        line_id="l-time",
        kind="time_and_materials",
        description="Consulting",
        value=usd("50000"),
        terms=Terms(**terms),
    )
    return Fabric().ready(a_contract(lines=(line,), starts_on=date(2026, 3, 1)))


def document(fabric: Fabric, invoice: Any) -> InvoiceDocument:
    return TypeAdapter(InvoiceDocument).validate_json(fabric.ports.documents.get(invoice.document_key))


def shown(fabric: Fabric, invoice: Any) -> list[tuple[str, Decimal]]:
    return [(line.origin.value, line.net.amount) for line in document(fabric, invoice).lines]


def sound(fabric: Fabric) -> bool:
    ports = fabric.ports
    return fabric.conserved() and not broken_seals(ports.wip.items.values(), ports.invoices.rows.values())


TEN_PERCENT = DiscountTerms(tiers=(TierTerms(over=usd("0"), percent=Decimal(10)),))


def test_a_discount_is_a_line_and_the_net_is_items_and_clauses() -> None:
    fabric = fabric_of(discount=TEN_PERCENT)
    fabric.approve(an_entry(), an_expense())
    (invoice,) = fabric.bill()
    assert shown(fabric, invoice)[-1] == ("discount", Decimal("-15.00"))
    assert invoice.by_clause.amount == Decimal("-15.00")
    assert invoice.totals.net == invoice.net + invoice.by_clause
    assert sound(fabric)


def test_a_clause_line_has_no_wip_and_never_a_negative_price() -> None:
    fabric = fabric_of(discount=TEN_PERCENT)
    fabric.approve(an_entry())
    (invoice,) = fabric.bill()
    line = document(fabric, invoice).lines[-1]
    assert (line.wip_id, line.source_ref, line.quantity, line.unit_price) == ("", None, Decimal(-1), Decimal("15.00"))
    assert line.clause == "150.00 in 2026-03: discount 15.00, of which 0 on earlier invoices"
    assert line.tax == document(fabric, invoice).lines[0].tax


def test_a_retainer_bills_its_fee_once_and_covers_the_work() -> None:
    fabric = fabric_of(retainer=RetainerTerms(fee=usd("400.00")))
    fabric.approve(an_entry())
    (invoice,) = fabric.bill()
    assert sorted(shown(fabric, invoice)) == [
        ("covered", Decimal("-150.00")),
        ("work", Decimal("150.00")),
        ("work", Decimal("400.00")),
    ]
    fabric.approve(an_entry("t-2", minutes=120))
    (late,) = fabric.bill()
    assert late.totals.net.amount == Decimal("50.00")
    assert sound(fabric)


def test_a_month_without_work_still_has_its_fee() -> None:
    fabric = fabric_of(retainer=RetainerTerms(fee=usd("400.00")))
    (march,), (april,) = fabric.bill(MARCH), fabric.bill(APRIL)
    assert [each.totals.net.amount for each in (march, april)] == [Decimal("400.00"), Decimal("400.00")]
    assert fabric.bill(APRIL) == []
    assert sound(fabric)


def test_a_deposit_is_drawn_down_to_an_invoice_of_zero() -> None:
    fabric = fabric_of(prepaid=PrepaidTerms(deposit=usd("1000.00"), due_on=date(2026, 3, 1)))
    (deposit,) = fabric.bill()
    fabric.approve(an_entry())
    (work,) = fabric.bill()
    assert (deposit.totals.net.amount, work.totals.net.amount) == (Decimal("1000.00"), Decimal("0.00"))
    assert shown(fabric, work) == [("work", Decimal("150.00")), ("covered", Decimal("-150.00"))]
    assert sound(fabric)


def test_a_rejected_invoice_gives_back_what_it_drew() -> None:
    fabric = fabric_of(prepaid=PrepaidTerms(deposit=usd("1000.00"), due_on=date(2026, 3, 1)))
    fabric.bill()
    fabric.approve(an_entry())
    (told,) = fabric.draft()["invoices"]
    fabric.to_price(told["invoice_id"])
    fabric.submit(told["invoice_id"])
    fabric.reject(told["invoice_id"])
    ledger = fabric.ports.ledgers.of_contract(CONTRACT)
    assert ledger.total("l-time", "USD", lambda each: each.drawn).amount == 0
    (again,) = fabric.bill(APRIL)
    assert again.totals.net.amount == Decimal("0.00")
    assert sound(fabric)


@pytest.mark.parametrize("dies_before", ["documents.put", "invoices.update"])
def test_a_pricing_that_died_is_finished_with_the_same_document(dies_before: str) -> None:
    fabric, calm = (fabric_of(retainer=RetainerTerms(fee=usd("400.00")), discount=TEN_PERCENT) for _ in range(2))
    for each in (fabric, calm):
        each.approve(an_entry(), an_entry("t-2", minutes=200))
    (told,), (same,) = fabric.draft()["invoices"], calm.draft()["invoices"]
    port, name = dies_before.split(".")
    there = getattr(getattr(fabric.ports, port), name)

    def dies(*_: object, **__: object) -> None:
        raise Transient("aws_busy")

    setattr(getattr(fabric.ports, port), name, dies)
    with pytest.raises(Transient):
        fabric.to_price(told["invoice_id"])
    assert fabric.ports.ledgers.of_contract(CONTRACT).entries == ()
    setattr(getattr(fabric.ports, port), name, there)
    first, again = fabric.to_price(told["invoice_id"]), fabric.to_price(told["invoice_id"])
    assert first == again == calm.to_price(same["invoice_id"])
    assert len(fabric.ports.ledgers.of_contract(CONTRACT).entries) == 1


def test_two_invoices_of_one_contract_never_use_the_same_cover() -> None:
    fabric = fabric_of(retainer=RetainerTerms(fee=usd("200.00")))
    fabric.approve(an_entry())
    (first,) = fabric.draft()["invoices"]
    fabric.approve(an_entry("t-2"))
    second = next(each for each in fabric.draft()["invoices"] if each != first)
    read, stale = fabric.ports.ledgers.of_contract, fabric.ports.ledgers.of_contract(CONTRACT)
    fabric.to_price(first["invoice_id"])
    fabric.ports.ledgers.of_contract = lambda _: stale
    with pytest.raises(Transient, match="ledger_moved"):
        fabric.to_price(second["invoice_id"])
    fabric.ports.ledgers.of_contract = read
    assert fabric.to_price(second["invoice_id"])["gross"] == "100.00"
    covered = [
        line.net.amount
        for each in (first, second)
        for line in document(fabric, fabric.invoice(each["invoice_id"])).lines
        if line.origin is LineOrigin.COVERED
    ]
    assert covered == [Decimal("-150.00"), Decimal("-50.00")]


def test_the_last_of_two_invoices_of_a_period_tops_it_up() -> None:
    fabric = fabric_of(minimum=usd("1000.00"))
    fabric.approve(an_entry())
    fabric.draft()
    fabric.approve(an_entry("t-2", minutes=120))
    first, second = (fabric.post(each["invoice_id"]) for each in fabric.draft()["invoices"])
    assert "minimum" not in dict(shown(fabric, first))
    assert dict(shown(fabric, second))["minimum"] == Decimal("550.00")
    assert first.totals.net.amount + second.totals.net.amount == Decimal("1000.00")
    fabric.approve(an_entry("t-3"))
    (late,) = fabric.bill(APRIL)
    assert dict(shown(fabric, late)) == {"work": Decimal("150.00"), "minimum": Decimal("1000.00")}
    assert sound(fabric)


def test_a_clause_line_is_explained_by_its_figures() -> None:
    fabric = fabric_of(discount=TEN_PERCENT, retainer=RetainerTerms(fee=usd("100.00")))
    fabric.approve(an_entry())
    (invoice,) = fabric.bill()
    chains = {line["description"]: line["chain"] for line in explain(fabric.ports, invoice.invoice_id)["lines"]}
    discount = chains["Discount, work of 2026-03"]
    assert [each["step"] for each in discount] == ["clause", "approval", "contract", "tax", "invoice", "erp"]
    assert discount[0]["words"] == (
        "discount: 150.00 in 2026-03: discount 15.00, of which 0 on earlier invoices: -15.00 USD, beside work of 250.00 on this contract line"
    )
    covered = chains["Covered by retainer, work of 2026-03"]
    assert (
        covered[0]["words"]
        == "covered: retainer of 2026-03: 100.00 of 100.00 left of the fee: -100.00 USD, beside work of 250.00 on this contract line"
    )


def test_delivery_is_told_of_the_work_and_not_of_the_clauses() -> None:
    fabric = fabric_of(discount=TEN_PERCENT)
    fabric.approve(an_entry())
    (invoice,) = fabric.bill()
    refs = [line.source_ref for line in document(fabric, invoice).lines]
    assert [ref and ref.id for ref in refs] == ["t-1", None]


def test_a_top_up_does_not_cross_the_purchase_order() -> None:
    order = PurchaseOrderTerms(number="PO-1", limit=usd("300.00"))
    fabric = fabric_of(minimum=usd("500.00"), purchase_order=order)
    fabric.approve(an_entry())
    (drafted,) = fabric.draft()["invoices"]
    with pytest.raises(BusinessException, match="purchase_order_exceeded"):
        fabric.to_price(drafted["invoice_id"])
    invoice = fabric.invoice(drafted["invoice_id"])
    assert (invoice.status, invoice.net) == (InvoiceStatus.SEALED, Money(Decimal("150.00"), "USD"))


@pytest.mark.parametrize(("remedy", "covered"), [("concession", Decimal("-250.00")), ("rebill", Decimal("-375.00"))])
def test_a_fee_that_is_given_up_covers_less(remedy: str, covered: Decimal) -> None:
    """Half of a fee of 500.00; 2.5 hours of its period come after that."""
    fabric = fabric_of(retainer=RetainerTerms(fee=usd("500.00")))
    [first] = fabric.bill()
    told = fabric.credit(first.invoice_id, amount=Decimal("250.00"), remedy=remedy)
    fabric.to_price(told["memo_id"])
    fabric.submit(told["memo_id"], approver="Kim")
    fabric.posted(told["memo_id"])
    fabric.approve(an_entry(minutes=150))
    [later] = [invoice for invoice in fabric.bill() if not invoice.credits]
    assert dict(shown(fabric, later))["covered"] == covered
    assert sound(fabric)


def test_a_concession_of_a_fee_that_is_not_posted_takes_nothing_away() -> None:
    fabric = fabric_of(retainer=RetainerTerms(fee=usd("500.00")))
    [first] = fabric.bill()
    told = fabric.credit(first.invoice_id, remedy="concession")
    fabric.to_price(told["memo_id"])
    fabric.reject(told["memo_id"])
    fabric.approve(an_entry(minutes=120))
    fabric.draft()
    [drafted] = [each for each in fabric.ports.invoices.rows.values() if each.status is InvoiceStatus.SEALED]
    fabric.to_price(drafted.invoice_id)
    assert dict(shown(fabric, fabric.invoice(drafted.invoice_id)))["covered"] == Decimal("-300.00")
