"""Approved time becomes WIP once per version, or waits for what it lacks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from events.values import Amount
from shared.domain.money import Money
from shared.domain.project import ProjectStatus
from shared.domain.source import Applied
from tests.stories import (
    CONTRACT,
    PROJECT,
    WORKSPACE,
    Fabric,
    a_card,
    a_contract,
    an_entry,
    an_expense,
    time_and_materials,
)

USD = Decimal


def values(fabric: Fabric) -> list[Decimal]:
    return sorted(item.value.amount for item in fabric.ports.wip.items.values())


def test_an_approved_hour_is_one_item_at_the_rate_of_its_day() -> None:
    fabric = Fabric().ready()
    assert fabric.approve(an_entry()) == [Applied.NEW]
    (item,) = fabric.ports.wip.items.values()
    assert (item.value, item.project_id, item.line_id) == (Money(USD("150.00"), "USD"), PROJECT, "l-time")
    (told,) = fabric.ports.outbox.of_type("wip.recorded")
    assert (told.subject, told.correlationid, told.legalentity) == (item.wip_id, CONTRACT, "US")
    assert told.causationid == an_entry().id


def test_a_repeated_entry_changes_nothing() -> None:
    fabric = Fabric().ready()
    assert fabric.approve(an_entry(), an_entry()) == [Applied.NEW, Applied.DUPLICATE]
    assert values(fabric) == [USD("150.00")]


def test_an_older_version_changes_nothing() -> None:
    fabric = Fabric().ready()
    assert fabric.approve(an_entry(sequence=5, minutes=30), an_entry(sequence=4)) == [Applied.NEW, Applied.STALE]
    assert values(fabric) == [USD("75.00")]


def test_a_correction_takes_the_old_item_back_and_adds_a_new_one() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(), an_entry(sequence=2, minutes=30))
    assert values(fabric) == [USD("-150.00"), USD("75.00"), USD("150.00")]
    source = fabric.ports.wip.source("t-1")
    assert source.value.amount == USD("75.00") and fabric.conserved()


def test_a_withdrawn_entry_takes_its_item_back() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(), an_entry(sequence=2, state="withdrawn"))
    assert values(fabric) == [USD("-150.00"), USD("150.00")]
    assert fabric.ports.wip.source("t-1").wip_id is None and fabric.conserved()


def test_a_withdrawal_that_overtakes_its_approval_leaves_nothing() -> None:
    fabric = Fabric().ready()
    assert fabric.approve(an_entry(sequence=2, state="withdrawn"), an_entry()) == [Applied.NEW, Applied.STALE]
    assert values(fabric) == []


def test_a_corrected_note_moves_the_version_alone() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(), an_entry(sequence=2, notes="better said"))
    assert values(fabric) == [USD("150.00")] and fabric.ports.wip.source("t-1").sequence == 2


def test_time_of_an_unknown_project_waits_and_is_released_by_its_reference() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    assert fabric.approve(an_entry()) == [None]
    assert fabric.exceptions() == ["unknown_project"]
    fabric.refer()
    assert fabric.exceptions() == []
    assert fabric.deliver() == 1
    (waiting,) = fabric.ports.parking.all()
    assert (waiting.waiting_for, waiting.exception_id) == (f"project:{PROJECT}", None)
    assert fabric.activate()["released"] == 1
    fabric.price()
    assert fabric.deliver() == 1
    assert values(fabric) == [USD("150.00")] and not fabric.ports.parking.rows


def test_time_of_a_project_not_yet_active_waits_without_an_exception() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    fabric.approve(an_entry(), an_entry("t-2"))
    assert fabric.exceptions() == [] and len(fabric.ports.parking.rows) == 2
    assert fabric.activate()["released"] == 2


def test_what_waited_is_released_in_the_order_it_came() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    fabric.refer()
    fabric.approve(an_entry("t-9"), an_entry("t-1"), an_entry("t-5"))
    fabric.activate()
    assert [json.loads(body)["detail"]["subject"] for body in fabric.ports.queues.bodies("time")] == [
        "t-9",
        "t-1",
        "t-5",
    ]


def test_time_without_a_rate_waits_for_its_card_and_says_for_what() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(role="Architect"))
    (trouble,) = fabric.ports.exceptions.list()
    assert (trouble.type, trouble.subject, trouble.legal_entity_id) == ("rate_missing", f"rate_card:{PROJECT}", "US")
    assert trouble.facts["role"] == "Architect"
    fabric.price(a_card(2, rate="200.00", role="Architect"))
    assert fabric.exceptions() == []
    fabric.deliver()
    assert values(fabric) == [USD("200.00")]


def test_a_card_that_still_says_nothing_parks_the_entry_again() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(role="Architect"))
    fabric.price(a_card(2, rate="200.00", role="Designer"))
    fabric.deliver()
    assert fabric.exceptions() == ["rate_missing"] and len(fabric.ports.parking.rows) == 1


def test_an_entry_parked_again_while_it_is_released_is_not_forgotten() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(role="Architect"))
    sent = fabric.ports.queues.send

    def consumed_at_once(queue: str, bodies: list[str], *, delay_s: int = 0) -> None:
        sent(queue, bodies, delay_s=delay_s)
        fabric.ports.queues.send = sent
        fabric.deliver()

    fabric.ports.queues.send = consumed_at_once
    fabric.price(a_card(2, rate="200.00", role="Designer"))
    assert len(fabric.ports.parking.rows) == 1 and fabric.exceptions() == ["rate_missing"]


def test_a_reference_that_arrives_between_looking_and_parking_frees_the_entry() -> None:
    fabric = Fabric()
    fabric.sign()
    fabric.open()
    park = fabric.ports.parking.park

    def too_late(parked: object) -> None:
        fabric.ports.parking.park = park
        fabric.refer()
        park(parked)

    fabric.ports.parking.park = too_late
    fabric.approve(an_entry())
    assert not fabric.ports.parking.rows and len(fabric.ports.queues.bodies("time")) == 1


def test_time_on_a_contract_without_a_line_for_it_waits_for_the_contract() -> None:
    signed = a_contract()
    fabric = Fabric().ready(a_contract(lines=signed.data.lines[1:]))
    fabric.approve(an_entry())
    (trouble,) = fabric.ports.exceptions.list()
    assert (trouble.type, trouble.facts["code"]) == ("unexpected_refusal", "line_missing")
    fabric.sign(a_contract(2, lines=time_and_materials()))
    fabric.deliver()
    assert values(fabric) == [USD("150.00")] and fabric.exceptions() == []


def test_late_time_on_a_closed_project_is_valued() -> None:
    fabric = Fabric().ready()
    fabric.ports.projects.update(PROJECT, lambda project: replace(project, status=ProjectStatus.CLOSED))
    assert fabric.approve(an_entry()) == [Applied.NEW]


def test_time_and_expense_of_one_number_are_two_records() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(), an_expense())
    assert values(fabric) == [USD("80.00"), USD("150.00")]


def test_an_expense_in_another_currency_waits_for_a_person() -> None:
    fabric = Fabric().ready()
    assert fabric.approve(an_expense(value=Amount(amount=USD("80.00"), currency="EUR"))) == [None]
    assert len(fabric.ports.parking.waiting_for(f"contract:{CONTRACT}")) == 1


def test_an_entry_of_zero_minutes_is_no_work() -> None:
    fabric = Fabric().ready()
    fabric.approve(an_entry(minutes=0, worked_on=date(2026, 3, 9), project_ref=WORKSPACE))
    assert values(fabric) == []
