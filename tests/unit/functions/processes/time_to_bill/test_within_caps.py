"""A cap is filled to the cent, what crosses it stays open and owned, and nobody bills above it in any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from events.contract_signed.v1 import SignedLine
from events.terms import CapTerms, Terms
from functions.operations import act_on_exception
from functions.operations.acts import approve
from functions.processes.time_to_bill import within_caps
from shared.domain.invoice import InvoiceStatus
from shared.domain.ledger import LedgerEntry, LedgerUse
from shared.faults import BusinessException, Transient
from shared.usecases.conservation import broken_seals
from shared.usecases.group_wip import group_wip
from tests.stories import CONTRACT, Fabric, a_contract, an_entry, an_expense, usd

APRIL = date(2026, 4, 30)


def capped(sequence: int = 1, **cap: Any) -> Any:
    terms = Terms(cap=CapTerms(**cap))
    line = SignedLine(
        line_id="l-time", kind="time_and_materials", description="Consulting", value=usd("50000"), terms=terms
    )
    return a_contract(sequence, lines=(line,))


def fabric_of(**cap: Any) -> Fabric:
    return Fabric().ready(capped(**cap))


def work(*minutes: int, first: int = 1) -> list[Any]:
    """One entry a day from the second of March on, 150.00 an hour."""
    return [
        an_entry(f"t-{number}", minutes=each, worked_on=date(2026, 3, 1 + number))
        for number, each in enumerate(minutes, start=first)
    ]


def nets(invoices: list[Any]) -> list[Decimal]:
    return [each.totals.net.amount for each in invoices]


def sound(fabric: Fabric) -> bool:
    ports = fabric.ports
    return fabric.conserved() and not broken_seals(ports.wip.items.values(), ports.invoices.rows.values())


def act(fabric: Fabric, action: str, by: str = "ada") -> dict[str, str]:
    (open_one,) = [each for each in fabric.ports.exceptions.list() if each.resolved_at is None]
    command = act_on_exception.ActOnException(exception_id=open_one.exception_id, action=action, by=by)
    return act_on_exception.handler.step(command, fabric.ports)


def test_the_item_that_crosses_is_cut_and_the_cap_filled_to_the_cent() -> None:
    fabric = fabric_of(value=usd("333.33"))
    fabric.approve(*work(60, 120))
    assert nets(fabric.bill()) == [Decimal("333.33")]
    assert fabric.exceptions() == ["over_hard_cap"]
    (held,) = fabric.ports.wip.open_of(CONTRACT)
    assert held.value.amount == Decimal("116.67")
    assert sound(fabric)


def test_what_is_held_is_billed_once_an_amendment_raises_the_cap() -> None:
    fabric = fabric_of(value=usd("333.33"))
    fabric.approve(*work(60, 120))
    fabric.bill()
    fabric.sign(capped(2, value=usd("1000.00")))
    assert nets(fabric.bill(APRIL)) == [Decimal("116.67")]
    assert fabric.exceptions() == []
    assert sound(fabric)


def test_a_cap_in_hours_is_filled_to_the_minute() -> None:
    fabric = fabric_of(minutes=100)
    fabric.approve(*work(60, 120))
    (invoice,) = fabric.bill()
    assert nets([invoice]) == [Decimal("250.00")]
    (held,) = fabric.ports.wip.open_of(CONTRACT)
    assert (held.valuation.quantity, held.value.amount) == (Decimal(80), Decimal("200.00"))
    assert sound(fabric)


def test_a_yes_above_a_soft_cap_lets_exactly_that_much_pass() -> None:
    fabric = fabric_of(over="soft", value=usd("200.00"))
    fabric.approve(*work(60, 60))
    assert nets(fabric.bill()) == [Decimal("200.00")]
    assert fabric.exceptions() == ["over_cap"]
    act(fabric, "approve")
    (allowance,) = fabric.ports.ledgers.of_contract(CONTRACT).allowances
    assert (allowance.approver, allowance.value.amount) == ("ada", Decimal("100.00"))
    fabric.approve(*work(60, first=3))
    assert nets(fabric.bill(APRIL)) == [Decimal("100.00")]
    assert fabric.exceptions() == ["over_cap"]
    assert sound(fabric)


def test_the_same_yes_told_twice_counts_once() -> None:
    fabric = fabric_of(over="soft", value=usd("200.00"))
    fabric.approve(*work(120))
    fabric.bill()
    (trouble,) = fabric.ports.exceptions.list()
    command = act_on_exception.ActOnException(exception_id=trouble.exception_id, action="approve", by="ada")
    approve.let_pass(trouble, command, fabric.ports)
    act(fabric, "approve")
    assert len(fabric.ports.ledgers.of_contract(CONTRACT).allowances) == 1


def test_nobody_can_say_yes_to_a_hard_cap() -> None:
    fabric = fabric_of(value=usd("100.00"))
    fabric.approve(*work(60))
    fabric.bill()
    with pytest.raises(BusinessException, match="action_not_allowed"):
        act(fabric, "approve")


def test_expenses_count_only_where_the_cap_says_so() -> None:
    without, counted = fabric_of(value=usd("150.00")), fabric_of(value=usd("150.00"), with_expenses=True)
    for fabric in (without, counted):
        fabric.approve(*work(60), an_expense())
    assert nets(without.bill()) == [Decimal("230.00")]
    assert nets(counted.bill()) == [Decimal("150.00")]


def test_a_correction_of_billed_work_makes_room() -> None:
    fabric = fabric_of(value=usd("300.00"))
    fabric.approve(*work(120, 60))
    assert nets(fabric.bill()) == [Decimal("300.00")]
    fabric.approve(an_entry("t-1", 2, minutes=30, worked_on=date(2026, 3, 2)), *work(240, first=4))
    assert nets(fabric.bill(APRIL)) == []
    total = fabric.ports.ledgers.of_contract(CONTRACT).total("l-time", "USD", lambda each: each.counted)
    assert total.amount <= Decimal("300.00")
    assert sound(fabric)


def test_a_rejected_invoice_gives_its_room_back_and_fills_the_cap_anew() -> None:
    fabric = fabric_of(value=usd("333.33"))
    fabric.approve(*work(60, 120))
    (told,) = fabric.draft()["invoices"]
    fabric.to_price(told["invoice_id"])
    fabric.submit(told["invoice_id"])
    fabric.reject(told["invoice_id"])
    assert fabric.ports.ledgers.of_contract(CONTRACT).entries == ()
    fabric.approve(*work(30, first=0))
    assert nets(fabric.bill(APRIL)) == [Decimal("333.33")]
    assert sound(fabric)


def test_a_run_that_died_after_the_cut_goes_on_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fabric = fabric_of(value=usd("333.33"))
    fabric.approve(*work(60, 120))

    def dies(*_: object, **__: object) -> None:
        raise Transient("aws_busy")

    with monkeypatch.context() as patch, pytest.raises(Transient):
        patch.setattr(fabric.ports.invoices, "open_draft", dies)
        fabric.draft()
    assert nets(fabric.bill()) == [Decimal("333.33")]
    assert len([each for each in fabric.ports.wip.items.values() if each.valuation.rule == "over_cap"]) == 2
    assert sound(fabric)


def test_a_lagging_list_of_open_work_cuts_nothing_twice() -> None:
    fabric = fabric_of(value=usd("333.33"))
    fabric.approve(*work(60, 120))
    before = list(fabric.ports.wip.open_of(CONTRACT))
    contract, projects = fabric.ports.contracts.get(CONTRACT), list(fabric.ports.projects.all())
    within_caps.group_within_caps(
        before, contract, lambda some: group_wip(some, contract, projects, through=date(2026, 3, 31)), fabric.ports
    )
    fabric.ports.wip.open_of = lambda *_: iter(before)
    with pytest.raises(Transient, match="open_work_lags"):
        fabric.draft()


def test_two_invoices_that_met_at_a_cap_never_bill_above_it() -> None:
    """Both were drafted before either was priced, by runs that did not see each other."""
    fabric = fabric_of(value=usd("200.00"))
    fabric.approve(*work(60))
    unfinished, fabric.ports.invoices.unfinished = fabric.ports.invoices.unfinished, lambda _: []
    fabric.draft()
    invoices = fabric.ports.invoices.rows
    for invoice in list(invoices.values()):
        claimed = list(fabric.ports.wip.claimed_by(invoice.invoice_id))
        fabric.ports.invoices.seal(invoice.invoice_id, item_count=1, net=claimed[0].value)
    fabric.approve(*work(60, first=2))
    fabric.draft()
    fabric.ports.invoices.unfinished = unfinished
    first, second = [each["invoice_id"] for each in fabric.draft()["invoices"]]
    fabric.post(first)
    with pytest.raises(BusinessException, match="cap_exceeded"):
        fabric.to_price(second)
    fabric.reject(second, "cap_exceeded")
    assert nets(fabric.bill(APRIL)) == [Decimal("50.00")]
    assert sound(fabric)


def test_a_pricing_that_read_an_older_ledger_is_reckoned_again() -> None:
    fabric = fabric_of(value=usd("1000.00"))
    fabric.approve(*work(60))
    (told,) = fabric.draft()["invoices"]
    read = fabric.ports.ledgers.of_contract

    def as_it_was(contract_id: str) -> Any:
        ledger = read(contract_id)
        use = LedgerUse(contract_id, an_entry_of("another"), ledger.revision)
        fabric.ports.invoices._ledgers(fabric.invoice(told["invoice_id"]), {contract_id: use})
        fabric.ports.ledgers.of_contract = read
        return ledger

    fabric.ports.ledgers.of_contract = as_it_was
    with pytest.raises(Transient, match="ledger_moved"):
        fabric.to_price(told["invoice_id"])
    assert fabric.to_price(told["invoice_id"])["gross"] == "150.00"
    assert fabric.invoice(told["invoice_id"]).status is InvoiceStatus.PRICED


def an_entry_of(invoice_id: str) -> Any:
    return LedgerEntry(invoice_id, ())
