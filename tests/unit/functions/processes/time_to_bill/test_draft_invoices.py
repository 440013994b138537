"""What is due of one contract is grouped, claimed and sealed; any later run finishes what an earlier one began."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from events.billing_hold_placed.v1 import BillingHoldPlaced
from events.billing_hold_released.v1 import BillingHoldReleased
from functions.processes.time_to_bill import list_contracts, note_hold
from shared.domain.invoice import InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.source import Applied
from shared.faults import Transient
from tests.fakes.flow import NOON
from tests.stories import PROJECT, WORKSPACE, Fabric, a_contract, an_entry, an_expense, event, time_and_materials, usd


@pytest.fixture
def fabric() -> Fabric:
    """Signed for time and materials, active, priced."""
    return Fabric().ready(a_contract(lines=time_and_materials()))


def nets(fabric: Fabric) -> list[tuple[InvoiceStatus, Decimal | None]]:
    rows = sorted(fabric.ports.invoices.rows.values(), key=lambda each: (each.period_end, each.sequence))
    return [(each.status, each.net.amount if each.net else None) for each in rows]


def test_what_is_due_goes_on_one_sealed_invoice(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_entry("t-2"), an_expense())
    drafted = fabric.draft()
    (invoice,) = fabric.ports.invoices.rows.values()
    assert drafted == {"invoices": [{"invoice_id": invoice.invoice_id, "correlation_id": "contract-1"}], "left": []}
    assert (invoice.status, invoice.item_count) == (InvoiceStatus.SEALED, 3)
    assert invoice.net is not None and invoice.net.amount == Decimal("380.00")


def test_a_run_repeated_finds_its_own_invoice(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    assert fabric.draft() == fabric.draft()
    assert len(fabric.ports.invoices.rows) == 1


def test_work_after_the_period_stays(fabric: Fabric) -> None:
    fabric.approve(an_entry(worked_on=date(2026, 4, 1)))
    assert fabric.draft() == {"invoices": [], "left": ["later_period"]}


def test_late_entries_go_on_the_next_invoice_of_the_period(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.draft()
    fabric.approve(an_entry("t-2", minutes=120))
    fabric.draft()
    assert nets(fabric) == [(InvoiceStatus.SEALED, Decimal("150.00")), (InvoiceStatus.SEALED, Decimal("300.00"))]
    assert sorted(each.sequence for each in fabric.ports.invoices.rows.values()) == [1, 2]


def test_a_run_that_died_after_claiming_is_finished_by_the_next(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    seal = fabric.ports.invoices.seal

    def dies(*_: object, **__: object) -> None:
        raise Transient("aws_busy")

    fabric.ports.invoices.seal = dies
    with pytest.raises(Transient):
        fabric.draft()
    fabric.ports.invoices.seal = seal
    later = fabric.draft(date(2026, 4, 30))
    assert [each["invoice_id"] for each in later["invoices"]] == list(fabric.ports.invoices.rows)
    assert nets(fabric) == [(InvoiceStatus.SEALED, Decimal("150.00"))]


def test_a_draft_that_got_nothing_starts_no_invoice(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.ports.wip.claim = lambda *_: ()
    assert fabric.draft()["invoices"] == []


def test_a_draft_sealed_by_another_run_leaves_the_rest_to_the_next(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.draft()
    fabric.approve(an_entry("t-2"))
    open_draft, asked = fabric.ports.invoices.open_draft, []

    def a_moment_ago(group: object, period_end: date, **_: object) -> object:
        asked.append(group)
        return next(iter(fabric.ports.invoices.rows.values())) if len(asked) == 1 else open_draft(group, period_end)

    fabric.ports.invoices.open_draft = a_moment_ago
    fabric.draft()
    assert len(asked) == 2 and len(fabric.ports.invoices.rows) == 2


def test_a_draft_that_others_always_seal_first_is_tried_again_later(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.draft()
    fabric.approve(an_entry("t-2"))
    fabric.ports.invoices.open_draft = lambda *_, **__: next(iter(fabric.ports.invoices.rows.values()))
    with pytest.raises(Transient, match="drafts_sealed_by_others"):
        fabric.draft()


def test_a_correction_before_billing_is_billed_as_what_it_became(fabric: Fabric) -> None:
    fabric.approve(an_entry(), an_entry(sequence=2, minutes=30))
    fabric.draft()
    (invoice,) = fabric.ports.invoices.rows.values()
    assert invoice.item_count == 3 and invoice.net is not None and invoice.net.amount == Decimal("75.00")


def test_a_correction_after_billing_goes_with_the_next_invoice(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    fabric.bill()
    fabric.approve(an_entry(sequence=2, minutes=90))
    assert [invoice.net and invoice.net.amount for invoice in fabric.bill()] == [Decimal("75.00")]
    assert fabric.conserved()


def test_corrections_that_outweigh_the_work_are_credited_where_it_was_billed(fabric: Fabric) -> None:
    fabric.approve(an_entry())
    [first] = fabric.bill()
    fabric.approve(an_entry(sequence=2, state="withdrawn"))
    drafted = fabric.draft()
    assert drafted["left"] == []
    [memo] = (fabric.invoice(each["invoice_id"]) for each in drafted["invoices"])
    assert (memo.kind, memo.credits, memo.net) == (
        InvoiceKind.CREDIT_MEMO,
        first.invoice_id,
        Money(Decimal("-150.00"), "USD"),
    )
    assert fabric.exceptions() == []
    assert fabric.conserved()


def test_corrections_that_nothing_billed_explains_wait_with_an_exception_until_there_is_more(fabric: Fabric) -> None:
    fabric.approve(an_expense(value=usd("-80.00")))
    assert fabric.draft() == {"invoices": [], "left": ["negative_invoice"]}
    assert fabric.exceptions() == ["negative_invoice"]
    fabric.approve(an_entry("t-9", minutes=120))
    [drafted] = fabric.draft()["invoices"]
    assert fabric.invoice(drafted["invoice_id"]).net == Money(Decimal("220.00"), "USD")
    assert fabric.exceptions() == []
    assert fabric.conserved()


def test_a_contract_without_its_reference_bills_nothing_until_it_is_attached() -> None:
    fabric = Fabric().ready(a_contract(reference=None, lines=time_and_materials()))
    assert fabric.exceptions() == ["missing_contract_reference"]
    fabric.approve(an_entry())
    assert fabric.draft() == {"invoices": [], "left": ["missing_contract_reference"]}
    assert fabric.exceptions() == ["missing_contract_reference"]
    fabric.sign(a_contract(2, lines=time_and_materials()))
    assert fabric.exceptions() == []
    assert len(fabric.draft()["invoices"]) == 1


def test_instalments_are_billed_on_their_dates_once() -> None:
    fabric = Fabric().ready()
    fabric.draft()
    fabric.draft()
    assert nets(fabric) == [(InvoiceStatus.SEALED, Decimal("500.00"))]
    fabric.draft(date(2026, 4, 30))
    assert [net for _, net in nets(fabric)] == [Decimal("500.00"), Decimal("500.00")]


def test_nothing_is_billed_of_a_project_that_is_not_set_up() -> None:
    fabric = Fabric()
    fabric.sign()
    assert fabric.draft() == {"invoices": [], "left": []}
    fabric.open()
    assert fabric.draft() == {"invoices": [], "left": []}
    assert not fabric.ports.wip.items


def hold(fabric: Fabric, sequence: int, placed: bool = True) -> Applied:
    data = (
        BillingHoldPlaced(project_ref=WORKSPACE, reason="dispute", placed_at=NOON)
        if placed
        else BillingHoldReleased(project_ref=WORKSPACE, released_at=NOON)
    )
    told = event(data, PROJECT, sequence)
    return note_hold.handler.step(told, fabric.ports)


def test_work_of_a_held_project_is_valued_but_not_billed_until_released(fabric: Fabric) -> None:
    assert hold(fabric, 5) is Applied.NEW
    fabric.approve(an_entry())
    assert fabric.draft() == {"invoices": [], "left": ["billing_hold"]}
    assert hold(fabric, 6, placed=False) is Applied.NEW
    assert len(fabric.draft()["invoices"]) == 1


def test_the_newest_word_about_a_hold_wins(fabric: Fabric) -> None:
    assert hold(fabric, 6, placed=False) is Applied.NEW
    assert hold(fabric, 5) is Applied.STALE
    assert hold(fabric, 6, placed=False) is Applied.DUPLICATE
    assert fabric.ports.projects.get(PROJECT).on_hold is False


def test_a_hold_on_a_project_nobody_knows_yet_comes_again() -> None:
    with pytest.raises(Transient, match="project_not_known_yet"):
        hold(Fabric(), 1)


def test_contracts_are_listed_in_pages_that_go_on_where_the_last_ended(
    fabric: Fabric, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_contracts, "PAGE", 2)
    contract = fabric.ports.contracts.get("contract-1")
    for number in (2, 3):
        fabric.ports.contracts.save(replace(contract, contract_id=f"contract-{number}"), sequence=1)
    command = list_contracts.ListContracts(legal_entity_id="US")
    first = list_contracts.handler.step(command, fabric.ports)
    assert first == {"contract_ids": ["contract-1", "contract-2"], "after": "contract-2"}
    rest = list_contracts.handler.step(command.model_copy(update={"after": "contract-2"}), fabric.ports)
    assert rest == {"contract_ids": ["contract-3"], "after": None}
