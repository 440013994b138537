"""Contracts of one customer on one invoice: each keeps its own clauses, orders, holds and credits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.terms import CapTerms, DiscountTerms, RetainerTerms, Terms, TierTerms
from functions.experience import invoices as reading
from functions.experience import preview as previewing
from functions.experience import trace as tracing
from functions.experience.eligibility import eligibility
from functions.operations import hold_billing
from functions.processes.billing_status_feedback import plan_feedback
from functions.processes.time_to_bill import list_contracts
from shared.domain.hold import HoldLevel
from shared.domain.invoice import Invoice, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.usecases.conservation import broken_seals
from tests.examples.grouping_by_customer import ROWS
from tests.stories import THROUGH, Fabric, usd
from tests.together import NORTH, SOUTH, both, hours, order, signed

APRIL = date(2026, 4, 30)


def sound(fabric: Fabric) -> bool:
    items, invoices = fabric.ports.wip.items.values(), fabric.ports.invoices.rows.values()
    return fabric.conserved() and broken_seals(items, invoices) == ()


def lines_of(fabric: Fabric, invoice: Invoice) -> list[tuple[str, Decimal]]:
    document = reading.document_of(invoice, fabric.ports)
    return [(line.contract_id, line.net.amount) for line in document.lines]


def test_the_work_of_both_contracts_stands_on_one_invoice_whichever_is_asked() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1", minutes=120))
    drafted = fabric.draft(contract_id=SOUTH)
    assert drafted == fabric.draft(contract_id=NORTH)
    [invoice] = [fabric.post(each["invoice_id"]) for each in drafted["invoices"]]
    assert (invoice.contract_ids, invoice.group.contract_id, invoice.item_count) == ((NORTH, SOUTH), NORTH, 2)
    assert lines_of(fabric, invoice) == [(NORTH, Decimal("150.00")), (SOUTH, Decimal("300.00"))]
    assert [(share.net, share.gross) for share in invoice.shares] == [
        (Money(Decimal(amount), "USD"),) * 2 for amount in ("150.00", "300.00")
    ]
    document = reading.document_of(invoice, fabric.ports)
    assert (document.contract_reference, document.contract_ids) == (f"C-{NORTH}, C-{SOUTH}", (NORTH, SOUTH))
    assert fabric.ports.invoices.unfinished(NORTH) == fabric.ports.invoices.unfinished(SOUTH) == []
    assert sound(fabric)


def test_a_run_lists_one_contract_for_all_that_go_together() -> None:
    fabric = both()
    listed = list_contracts.handler.step(list_contracts.ListContracts(legal_entity_id="US"), fabric.ports)
    assert listed["contract_ids"] == [NORTH]


@pytest.mark.parametrize(
    "apart",
    [
        {"grouping": "contract"},
        {"payment_terms_days": 14},
        {"billing_schedule": "weekly"},
        {"ship_to": "elsewhere"},
    ],
    ids=["grouping", "days to pay", "schedule", "ship-to"],
)
def test_what_contracts_do_not_share_keeps_them_apart(apart: dict[str, Any]) -> None:
    fabric = both()
    site = signed(SOUTH).data.customer.model_copy(update={"customer_id": "site-2"})
    changes = {"ship_to": site} if "ship_to" in apart else apart
    fabric.sign(signed(SOUTH, sequence=2, **changes))
    listed = list_contracts.handler.step(list_contracts.ListContracts(legal_entity_id="US"), fabric.ports)
    assert listed["contract_ids"] == [NORTH, SOUTH]
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    [invoice] = fabric.bill()
    assert invoice.contract_ids == (NORTH,)


def test_each_contract_counts_in_its_own_ledger() -> None:
    capped = Terms(cap=CapTerms(over="soft", value=usd("200.00")))
    discount = Terms(discount=DiscountTerms(tiers=(TierTerms(over=usd("0"), percent=Decimal(10)),)))
    fabric = both(north=capped, south=discount)
    fabric.approve(hours(NORTH, "n-1", minutes=120), hours(SOUTH, "s-1"))
    [invoice] = fabric.bill()
    assert sorted(lines_of(fabric, invoice)) == [
        (NORTH, Decimal("-100.00")),
        (NORTH, Decimal("300.00")),
        (SOUTH, Decimal("-15.00")),
        (SOUTH, Decimal("150.00")),
    ]
    north, south = (fabric.ports.ledgers.of_contract(each) for each in (NORTH, SOUTH))
    [counted] = [line for entry in north.entries for line in entry.lines]
    [given] = [line for entry in south.entries for line in entry.lines]
    assert (counted.line_id, counted.counted.amount) == ("l-north", Decimal("200.00"))
    assert (given.line_id, given.discount.amount) == ("l-south", Decimal("15.00"))
    assert fabric.exceptions() == ["over_cap"]
    assert sound(fabric)


def test_a_retainer_covers_the_work_of_its_own_contract_only() -> None:
    fabric = both(north=Terms(retainer=RetainerTerms(fee=usd("500.00"), starts_on=date(2026, 3, 1))))
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    [invoice] = fabric.bill()
    assert sorted(lines_of(fabric, invoice)) == [
        (NORTH, Decimal("-150.00")),
        (NORTH, Decimal("150.00")),
        (NORTH, Decimal("500.00")),
        (SOUTH, Decimal("150.00")),
    ]


def test_a_hold_on_one_contract_leaves_the_other_billed() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    place = hold_billing.HoldBilling(level=HoldLevel.CONTRACT, subject_id=NORTH, held=True, reason="dispute", by="Ann")
    hold_billing.handler.step(place, fabric.ports)
    [invoice] = fabric.bill()
    assert (invoice.contract_ids, invoice.group.contract_id) == ((SOUTH,), SOUTH)
    hold_billing.handler.step(place.model_copy(update={"held": False}), fabric.ports)
    [later] = fabric.bill()
    assert (later.contract_ids, later.sequence) == ((NORTH,), 2)
    assert sound(fabric)


def test_an_order_of_each_contract_has_its_own_limit() -> None:
    fabric = Fabric()
    both(fabric=fabric, purchase_orders=order(limit="200.00"))
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"), hours(SOUTH, "s-2"))
    [invoice] = fabric.bill()
    assert (invoice.group.purchase_order, invoice.net and invoice.net.amount) == ("PO-7", Decimal("300.00"))
    for contract_id in (NORTH, SOUTH):
        assert fabric.ports.invoices.drawn(contract_id)["PO-7"].amount == Decimal("150.00")
    assert [each.facts["project"] for each in fabric.ports.exceptions.list()] == [SOUTH]
    fabric.credit(invoice.invoice_id, lines=["1"])
    assert sound(fabric)


def test_what_one_contract_takes_back_is_set_off_against_the_other() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1", minutes=120))
    fabric.bill()
    fabric.approve(hours(SOUTH, "s-1", 2, minutes=60), hours(NORTH, "n-2", minutes=120, worked_on=date(2026, 4, 2)))
    [invoice] = fabric.bill(APRIL)
    assert (invoice.kind, invoice.net and invoice.net.amount) == (InvoiceKind.INVOICE, Decimal("150.00"))
    assert sound(fabric)


def test_a_credit_gives_each_contract_its_own_back() -> None:
    discount = Terms(discount=DiscountTerms(tiers=(TierTerms(over=usd("0"), percent=Decimal(10)),)))
    fabric = both(south=discount, purchase_orders=order())
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    [invoice] = fabric.bill()
    told = fabric.credit(invoice.invoice_id, lines=["2", "3"])
    memo = fabric.post(told["memo_id"])
    assert (memo.contract_ids, memo.group.contract_id) == ((SOUTH,), SOUTH)
    south = fabric.ports.ledgers.of_contract(SOUTH)
    assert south.total("l-south", "USD", lambda each: each.work).amount == 0
    assert south.total("l-south", "USD", lambda each: each.discount).amount == 0
    assert [len(fabric.ports.ledgers.of_contract(each).entries) for each in (NORTH, SOUTH)] == [1, 2]
    assert fabric.ports.invoices.drawn(NORTH)["PO-7"].amount == Decimal("150.00")
    assert fabric.ports.invoices.drawn(SOUTH)["PO-7"].amount == 0
    after = fabric.invoice(invoice.invoice_id)
    assert [share.credited and share.credited.amount for share in after.shares] == [None, Decimal("135.00")]
    [again] = fabric.bill()
    assert (again.contract_ids, again.net and again.net.amount) == ((SOUTH,), Decimal("150.00"))
    assert sound(fabric)


def test_a_rejected_invoice_leaves_every_ledger_and_order_as_before() -> None:
    fabric = both(purchase_orders=order())
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    [told] = fabric.draft()["invoices"]
    fabric.to_price(told["invoice_id"])
    fabric.reject(told["invoice_id"])
    for contract_id in (NORTH, SOUTH):
        assert fabric.ports.ledgers.of_contract(contract_id).entries == ()
        assert fabric.ports.invoices.drawn(contract_id).get("PO-7", None) is None
    assert [invoice.contract_ids for invoice in fabric.bill()] == [(NORTH, SOUTH)]
    assert sound(fabric)


def test_every_deal_is_told_its_own_part_and_the_parts_sum_to_the_invoice() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1", minutes=50))
    [invoice] = fabric.bill()
    command = plan_feedback.PlanFeedback(invoice_id=invoice.invoice_id, correlation_id=NORTH)
    north, south = plan_feedback.handler.step(command, fabric.ports)["reports"]
    assert (north["invoice_id"], north["contract_id"], north["net"]) == (invoice.invoice_id, NORTH, "150.00")
    assert (south["contract_id"], south["net"], south["number"]) == (SOUTH, "125.00", invoice.erp_number)
    assert south["invoice_id"] not in ("", invoice.invoice_id)
    assert [each["opportunity_ref"]["id"] for each in (north, south)] == [f"006{NORTH}", f"006{SOUTH}"]
    assert [each["project_refs"][0]["id"] for each in (north, south)] == ["77", "78"]
    assert invoice.totals and sum(Decimal(each["gross"]) for each in (north, south)) == invoice.totals.gross.amount


def test_a_preview_of_either_shows_the_invoice_of_both_and_writes_nothing() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    for contract_id in (NORTH, SOUTH):
        [shown] = previewing.preview(fabric.ports, contract_id, THROUGH)["invoices"]
        assert (shown["net"], len(shown["lines"])) == ("300.00", 2)
    assert fabric.ports.invoices.rows == {}
    [item] = [each for each in fabric.ports.wip.items.values() if each.contract_id == SOUTH]
    assert eligibility(fabric.ports, item.wip_id, THROUGH).billable


def test_explain_names_the_contract_of_each_line() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    [invoice] = fabric.bill()
    told = reading.explain(fabric.ports, invoice.invoice_id)
    named = [
        [step["facts"]["contract_id"] for step in line["chain"] if step["step"] == "contract"] for line in told["lines"]
    ]
    assert named == [[NORTH], [SOUTH]]
    assert told["invoice"]["contract_ids"] == [NORTH, SOUTH]


def test_the_second_contracts_story_has_the_invoice() -> None:
    fabric = both()
    fabric.approve(hours(NORTH, "n-1"), hours(SOUTH, "s-1"))
    [invoice] = fabric.bill()
    types = {
        each["type"] for each in tracing.trace(fabric.ports, SOUTH)["events"] if each["subject"] == invoice.invoice_id
    }
    assert "invoice.posted.v1" in types


def test_a_contract_signed_between_two_runs_joins_the_standing_draft() -> None:
    fabric = both()
    fabric.approve(hours(SOUTH, "s-1"))
    seal = fabric.ports.invoices.seal
    fabric.ports.invoices.seal = lambda *_, **__: (_ for _ in ()).throw(RuntimeError)
    with pytest.raises(RuntimeError):
        fabric.draft()
    fabric.ports.invoices.seal = seal
    [draft] = fabric.ports.invoices.rows.values()
    assert (draft.status, draft.contract_ids) == (InvoiceStatus.DRAFT, (SOUTH,))
    fabric.approve(hours(NORTH, "n-1"))
    [invoice] = fabric.bill()
    assert (invoice.invoice_id, invoice.contract_ids) == (draft.invoice_id, (NORTH, SOUTH))
    assert sound(fabric)


TERMS_OF_SOUTH: dict[str, dict[str, Any]] = {
    "as North's": {},
    "14 days": {"payment_terms_days": 14},
    "semi_monthly": {"billing_schedule": "semi_monthly"},
    "grouping contract": {"grouping": "contract"},
    "10 % discount": {"terms": Terms(discount=DiscountTerms(tiers=(TierTerms(over=usd("0"), percent=Decimal(10)),)))},
    "cap 200.00": {"terms": Terms(cap=CapTerms(over="hard", value=usd("200.00")))},
    "minimum 500.00": {"terms": Terms(minimum=usd("500.00"))},
    "order PO-8": {"purchase_orders": order("PO-8")},
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    fabric = both()
    fabric.sign(signed(SOUTH, sequence=2, **TERMS_OF_SOUTH[row["terms of South"]]))
    for contract_id, told in ((NORTH, row["North"]), (SOUTH, row["South"])):
        minutes, *held = told.split()
        fabric.approve(hours(contract_id, f"t-{contract_id}", minutes=int(minutes)))
        if held:
            hold = hold_billing.HoldBilling(
                level=HoldLevel.CONTRACT, subject_id=contract_id, held=True, reason="dispute", by="Ann"
            )
            hold_billing.handler.step(hold, fabric.ports)
    listed = list_contracts.handler.step(list_contracts.ListContracts(legal_entity_id="US"), fabric.ports)
    found = []
    for contract_id in listed["contract_ids"]:
        for each in fabric.draft(contract_id=contract_id)["invoices"]:
            found.append(in_words(fabric, fabric.post(each["invoice_id"])))
    assert found == [each.strip() for each in row["invoices"].split("|")]
    assert sound(fabric)


def in_words(fabric: Fabric, invoice: Invoice) -> str:
    sums: dict[str, Decimal] = {}
    for contract_id, net in lines_of(fabric, invoice):
        sums[contract_id] = sums.get(contract_id, Decimal(0)) + net
    names = {NORTH: "North", SOUTH: "South"}
    parts = " + ".join(f"{names[contract_id]} {sums[contract_id]}" for contract_id in sorted(sums))
    return f"{parts} = {invoice.totals.net.amount if invoice.totals else None}"
