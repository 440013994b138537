"""Giving up open work: who may, how much, once; and what becomes of it when the work is corrected afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from functions.operations import act_on_exception, reverse_write_off, write_off
from functions.operations.write_off_acts import APPROVAL_DUE
from shared.domain.write_off import WriteOff, WriteOffStatus
from shared.faults import BusinessException
from shared.usecases.conservation import conservation
from shared.usecases.open_exception import exception_id
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, an_entry, time_and_materials


@pytest.fixture
def fabric() -> Fabric:
    """Two hours approved, 150.00 each."""
    made = Fabric().ready(a_contract(lines=time_and_materials()))
    made.approve(an_entry(), an_entry("t-2"))
    return made


def ask(fabric: Fabric, request: str = "r-1", **changes: Any) -> list[dict[str, Any]]:
    values: dict[str, Any] = {"request_id": request, "by": "Ada", "reason": "goodwill", "project_id": PROJECT}
    answer: Any = write_off.handler.step(write_off.WriteOffWork(**(values | changes)), fabric.ports)
    return list(answer["write_offs"])


def act(fabric: Fabric, write_off_id: str, action: str, by: str) -> Any:
    command = act_on_exception.ActOnException(
        exception_id=exception_id(APPROVAL_DUE, write_off_id), action=action, by=by
    )
    return act_on_exception.handler.step(command, fabric.ports)


def take_back(fabric: Fabric, write_off_id: str) -> Any:
    command = reverse_write_off.ReverseWriteOff(write_off_id=write_off_id, by="Grace", reason="client pays after all")
    return reverse_write_off.handler.step(command, fabric.ports)


def book(fabric: Fabric) -> tuple[str, str, str, str, str]:
    """(approved, open, claimed, invoiced, written off), and it holds."""
    (row,) = conservation(
        fabric.ports.wip.sources.values(),
        fabric.ports.wip.items.values(),
        fabric.ports.invoices.rows.values(),
        fabric.ports.write_offs.rows.values(),
    )
    assert row.holds
    amounts = (row.approved, row.open, row.claimed, row.invoiced, row.written_off)
    a, b, c, d, e = (f"{each:.2f}" for each in amounts)
    return a, b, c, d, e


def the_record(fabric: Fabric) -> WriteOff:
    (made,) = fabric.ports.write_offs.rows.values()
    return made


def test_below_the_threshold_the_submitter_decides_and_that_is_recorded(fabric: Fabric) -> None:
    (made,) = ask(fabric)
    assert (made["status"], made["written_off"], made["realization_ratio"]) == ("recorded", "300.00", "0.0000")
    assert (made["submitter"], made["approver"], made["rule"]) == ("Ada", "Ada", "approvals[1]")
    assert book(fabric) == ("300.00", "0.00", "0.00", "0.00", "300.00")
    assert fabric.draft() == {"invoices": [], "left": []}


def test_a_percentage_of_each_item_keeps_the_rate_card_value_on_the_invoice(fabric: Fabric) -> None:
    (made,) = ask(fabric, percent=Decimal(10))
    assert (made["rate_card_value"], made["written_off"], made["realization_ratio"]) == ("300.00", "30.00", "0.9000")
    (invoice,) = fabric.bill()
    assert invoice.totals is not None and str(invoice.totals.net.amount) == "270.00"
    lines = sorted(item.value.amount for item in fabric.ports.wip.claimed_by(invoice.invoice_id))
    assert lines == [Decimal("-15.00")] * 2 + [Decimal("150.00")] * 2
    assert book(fabric) == ("300.00", "0.00", "0.00", "270.00", "30.00")


def test_an_amount_is_shared_out_to_the_cent(fabric: Fabric) -> None:
    (made,) = ask(fabric, amount=Decimal("100.01"))
    assert [line["written_off"] for line in made["lines"]] in (["50.01", "50.00"], ["50.00", "50.01"])
    assert book(fabric) == ("300.00", "199.99", "0.00", "0.00", "100.01")


def test_a_preview_writes_nothing(fabric: Fabric) -> None:
    before = (dict(fabric.ports.wip.items), dict(fabric.ports.wip.sources))
    (shown,) = ask(fabric, dry_run=True)
    assert shown["written_off"] == "300.00"
    assert (fabric.ports.wip.items, fabric.ports.wip.sources) == before
    assert not fabric.ports.write_offs.rows and not fabric.ports.audit_log.entries


def test_the_same_request_twice_gives_up_nothing_twice(fabric: Fabric) -> None:
    first = ask(fabric, percent=Decimal(10))
    fabric.approve(an_entry("t-3"))
    assert ask(fabric, percent=Decimal(10)) == first
    assert book(fabric)[-1] == "30.00"


def test_above_the_threshold_the_work_is_taken_and_another_person_decides(fabric: Fabric) -> None:
    fabric.approve(an_entry("t-3", minutes=480))
    (made,) = ask(fabric)
    assert (made["status"], made["approver"]) == ("requested", None)
    assert fabric.exceptions() == [APPROVAL_DUE]
    assert book(fabric) == ("1500.00", "0.00", "1500.00", "0.00", "0.00")
    act(fabric, made["write_off_id"], "approve", "Grace")
    record = the_record(fabric)
    assert (record.status, record.approver, record.submitter) == (WriteOffStatus.RECORDED, "Grace", "Ada")
    assert record.approved_at is not None and fabric.exceptions() == []
    assert book(fabric) == ("1500.00", "0.00", "0.00", "0.00", "1500.00")


@pytest.mark.parametrize(
    ("by", "code"),
    [("Ada", "approver_is_submitter"), (" ADA ", "approver_is_submitter"), ("billweave", "approver_is_service")],
)
def test_neither_the_submitter_nor_a_service_approves(fabric: Fabric, by: str, code: str) -> None:
    fabric.approve(an_entry("t-3", minutes=480))
    (made,) = ask(fabric)
    with pytest.raises(BusinessException, match=code):
        act(fabric, made["write_off_id"], "approve", by)
    assert the_record(fabric).status is WriteOffStatus.REQUESTED
    assert fabric.exceptions() == [APPROVAL_DUE]


def test_a_refused_write_off_gives_the_work_back_and_it_is_billed(fabric: Fabric) -> None:
    fabric.approve(an_entry("t-3", minutes=480))
    (made,) = ask(fabric)
    act(fabric, made["write_off_id"], "reject", "Grace")
    assert the_record(fabric).status is WriteOffStatus.REFUSED
    assert book(fabric) == ("1500.00", "1500.00", "0.00", "0.00", "0.00")
    fabric.bill()
    assert book(fabric)[3] == "1500.00"


@pytest.mark.parametrize("percent", [None, Decimal(10)])
def test_taken_back_the_work_is_billed_in_full(fabric: Fabric, percent: Decimal | None) -> None:
    (made,) = ask(fabric, percent=percent)
    assert take_back(fabric, made["write_off_id"])["status"] == "reversed"
    take_back(fabric, made["write_off_id"])
    (invoice,) = fabric.bill()
    assert invoice.totals is not None and str(invoice.totals.net.amount) == "300.00"
    assert book(fabric) == ("300.00", "0.00", "0.00", "300.00", "0.00")
    assert [entry.act.what for entry in fabric.ports.audit_log.of_legal_entity("US")] == [
        "write_off.recorded",
        "write_off.reversed",
    ]


CORRECTED = [
    # percent given up, minutes afterwards, then: open, written off
    (Decimal(100), 60, "0.00", "150.00"),
    (Decimal(100), 30, "0.00", "75.00"),
    (Decimal(100), 90, "75.00", "150.00"),
    (Decimal(100), None, "0.00", "0.00"),
    (Decimal(20), 30, "45.00", "30.00"),
    (Decimal(20), 6, "0.00", "15.00"),
    (Decimal(20), 120, "270.00", "30.00"),
    (Decimal(20), None, "0.00", "0.00"),
]


@pytest.mark.parametrize(("percent", "minutes", "open_", "written_off"), CORRECTED)
def test_a_correction_keeps_what_was_given_up_at_most_the_works_value(
    percent: Decimal, minutes: int | None, open_: str, written_off: str
) -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    ask(fabric, percent=percent)
    state = {"state": "withdrawn"} if minutes is None else {"minutes": minutes, "role": "Consultant"}
    fabric.approve(an_entry(sequence=2, **state))
    assert book(fabric)[1] == open_ and book(fabric)[4] == written_off
    (made,) = fabric.ports.write_offs.rows.values()
    take_back(fabric, made.write_off_id)
    assert book(fabric)[0] == book(fabric)[1]
    assert all(not source.given_up for source in fabric.ports.wip.sources.values())


def test_a_correction_after_the_written_down_work_was_billed_bills_the_difference_only(fabric: Fabric) -> None:
    ask(fabric, percent=Decimal(20))
    fabric.bill()
    fabric.approve(an_entry(sequence=2, minutes=90))
    assert book(fabric) == ("375.00", "75.00", "0.00", "240.00", "60.00")


def test_work_withdrawn_after_it_was_written_off_credits_nobody(fabric: Fabric) -> None:
    ask(fabric)
    fabric.approve(an_entry(sequence=2, state="withdrawn"), an_entry("t-2", sequence=2, state="withdrawn"))
    assert list(fabric.ports.wip.open_of(CONTRACT)) == []
    assert book(fabric) == ("0.00", "0.00", "0.00", "0.00", "0.00")


def test_a_write_down_made_while_a_run_drafts_goes_along(fabric: Fabric) -> None:
    listed = list(fabric.ports.wip.open_of(CONTRACT))
    ask(fabric, percent=Decimal(10))
    fabric.ports.wip.open_of = lambda _: iter(listed)
    (invoice,) = fabric.bill()
    assert invoice.totals is not None and str(invoice.totals.net.amount) == "270.00"


def test_a_credit_of_billed_work_is_never_written_off(fabric: Fabric) -> None:
    fabric.bill()
    fabric.approve(an_entry(sequence=2, state="withdrawn"))
    with pytest.raises(BusinessException, match="nothing_to_write_off"):
        ask(fabric)


def test_a_long_request_takes_several_records_and_is_one_decision(fabric: Fabric) -> None:
    fabric.approve(*(an_entry(f"e-{number}", minutes=6) for number in range(40)))
    made = ask(fabric)
    assert [len(each["lines"]) for each in made] == [15, 15, 12]
    assert book(fabric)[4] == "900.00"


def test_a_long_request_that_died_half_way_is_finished_by_asking_again(fabric: Fabric) -> None:
    fabric.approve(*(an_entry(f"e-{number}", minutes=6) for number in range(40)))
    take, taken = fabric.ports.write_offs.take, []

    def dies(*args: Any, **kwargs: Any) -> Any:
        if len(taken) == 2:
            raise RuntimeError
        taken.append(take(*args, **kwargs))
        return taken[-1]

    fabric.ports.write_offs.take = dies
    with pytest.raises(RuntimeError):
        ask(fabric)
    fabric.ports.write_offs.take = take
    fabric.approve(an_entry("late"))
    assert [len(each["lines"]) for each in ask(fabric)] == [15, 15, 12]
    assert book(fabric) == ("1050.00", "150.00", "0.00", "0.00", "900.00")


REFUSED = [
    ({"reason": "because"}, "write_off_reason"),
    ({"by": "billweave"}, "submitter_is_service"),
    ({"amount": Decimal("300.01")}, "write_off_exceeds"),
    ({"percent": Decimal(101)}, "write_off_share"),
    ({"percent": Decimal(0)}, "write_off_share"),
    ({"percent": Decimal(50), "amount": Decimal("10.00")}, "write_off_share"),
    ({"amount": Decimal("10.005")}, "write_off_share"),
    ({"project_id": None}, "write_off_of_what"),
    ({"through": date(2026, 2, 1)}, "nothing_to_write_off"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_what_cannot_be_given_up_is_refused_and_writes_nothing(
    fabric: Fabric, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(BusinessException, match=code):
        ask(fabric, **changes)
    assert not fabric.ports.write_offs.rows and not fabric.ports.audit_log.entries


def test_an_item_that_an_invoice_has_is_refused(fabric: Fabric) -> None:
    item = next(fabric.ports.wip.open_of(CONTRACT))
    fabric.draft()
    with pytest.raises(BusinessException, match="already_claimed"):
        ask(fabric, items=(item.wip_id,), project_id=None)


def test_a_written_off_item_may_be_named_by_itself(fabric: Fabric) -> None:
    item = next(fabric.ports.wip.open_of(CONTRACT))
    (made,) = ask(fabric, items=(item.wip_id,), project_id=None)
    assert [line["wip_id"] for line in made["lines"]] == [item.wip_id]
    assert replace(fabric.ports.wip.get(item.wip_id), claimed_by=None) == item


def test_a_project_may_be_named_by_the_psas_id(fabric: Fabric) -> None:
    assert ask(fabric, project_id="77")[0]["written_off"] == "300.00"


def test_a_request_that_dies_before_its_record_has_told_somebody_and_taken_nothing(fabric: Fabric) -> None:
    fabric.approve(an_entry("t-3", minutes=480))
    take = fabric.ports.write_offs.take

    def dies(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    fabric.ports.write_offs.take = dies
    with pytest.raises(RuntimeError):
        ask(fabric)
    (trouble,) = [each for each in fabric.ports.exceptions.list() if each.resolved_at is None]
    assert trouble.type == APPROVAL_DUE and book(fabric)[1] == "1500.00"
    act(fabric, trouble.subject, "reject", "Grace")
    assert fabric.exceptions() == []
    fabric.ports.write_offs.take = take
    (made,) = ask(fabric)
    assert made["status"] == "requested" and fabric.exceptions() == [APPROVAL_DUE]


def test_a_request_that_lost_its_work_to_an_invoice_leaves_nobody_waiting(fabric: Fabric) -> None:
    fabric.approve(an_entry("t-3", minutes=480))
    source = fabric.ports.wip.source

    def billed_meanwhile(source_id: str) -> Any:
        fabric.draft()
        return source(source_id)

    fabric.ports.wip.source = billed_meanwhile
    with pytest.raises(BusinessException, match="already_claimed"):
        ask(fabric)
    assert fabric.exceptions() == [] and not fabric.ports.write_offs.rows


def test_every_change_of_a_write_off_is_announced_once(fabric: Fabric) -> None:
    [made] = ask(fabric)
    ask(fabric)
    take_back(fabric, made["write_off_id"])
    told = fabric.ports.outbox.of_type("write_off.changed")
    assert [(each.data.status, each.data.by, each.data.items) for each in told] == [
        ("recorded", "Ada", 2),
        ("reversed", "Grace", 2),
    ]
    assert {(each.subject, each.correlationid, str(each.data.value.amount)) for each in told} == {
        (made["write_off_id"], CONTRACT, "300.00")
    }
