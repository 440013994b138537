"""Holds at three levels, beside delivery's own: what is held stays open, and is billed once nothing holds it."""

from __future__ import annotations

from typing import Any

import pytest

from functions.experience import decisions
from functions.operations import hold_billing
from shared.domain.hold import HoldLevel
from shared.faults import BusinessException
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, an_entry, time_and_materials

SUBJECTS = {HoldLevel.PROJECT: PROJECT, HoldLevel.CONTRACT: CONTRACT, HoldLevel.CUSTOMER: "customer-1"}
LEVELS = pytest.mark.parametrize("level", list(HoldLevel))


@pytest.fixture
def fabric() -> Fabric:
    made = Fabric().ready(a_contract(lines=time_and_materials()))
    made.approve(an_entry())
    return made


def tell(fabric: Fabric, level: HoldLevel, held: bool, subject: str | None = None) -> Any:
    command = hold_billing.HoldBilling(
        level=level, subject_id=subject or SUBJECTS[level], held=held, by="Dana", reason="dispute"
    )
    return hold_billing.handler.step(command, fabric.ports)


@LEVELS
def test_what_is_held_is_not_drafted_and_the_next_run_after_the_release_bills_it(
    fabric: Fabric, level: HoldLevel
) -> None:
    assert tell(fabric, level, True)["changed"] is True
    assert fabric.draft() == {"invoices": [], "left": ["billing_hold"]}
    tell(fabric, level, False)
    assert len(fabric.bill()) == 1
    assert fabric.conserved()


def test_every_level_has_to_let_go(fabric: Fabric) -> None:
    for level in HoldLevel:
        tell(fabric, level, True)
    for level in HoldLevel:
        assert fabric.draft()["left"] == ["billing_hold"]
        tell(fabric, level, False)
    assert len(fabric.bill()) == 1


@LEVELS
def test_held_and_released_a_hundred_times_nothing_is_stuck(fabric: Fabric, level: HoldLevel) -> None:
    for _ in range(100):
        tell(fabric, level, True)
        assert fabric.draft()["left"] == ["billing_hold"]
        tell(fabric, level, False)
    assert decisions.holds(fabric.ports) == [] and fabric.exceptions() == []
    assert len(fabric.bill()) == 1 and fabric.conserved()


def test_a_hold_placed_twice_says_that_it_stood(fabric: Fabric) -> None:
    tell(fabric, HoldLevel.CONTRACT, True)
    assert tell(fabric, HoldLevel.CONTRACT, True)["changed"] is False


def test_a_hold_on_something_else_holds_nothing_here(fabric: Fabric) -> None:
    fabric.sign(a_contract(contract_id="contract-2"))
    tell(fabric, HoldLevel.CONTRACT, True, "contract-2")
    assert len(fabric.bill()) == 1


def test_a_customer_may_be_named_by_the_crms_id(fabric: Fabric) -> None:
    assert tell(fabric, HoldLevel.CUSTOMER, True, "001A")["subject_id"] == "customer-1"
    (row,) = decisions.holds(fabric.ports)
    assert (row["subject"], row["reason"], row["by"]) == ("Acme", "dispute", "Dana")


@LEVELS
def test_nobody_holds_what_nobody_knows(fabric: Fabric, level: HoldLevel) -> None:
    with pytest.raises(BusinessException, match=f"{level.value}_unknown"):
        tell(fabric, level, True, "nobody")
    assert decisions.audit_log(fabric.ports)["newest"] == []


def test_every_word_is_in_the_audit_log(fabric: Fabric) -> None:
    tell(fabric, HoldLevel.CUSTOMER, True)
    tell(fabric, HoldLevel.CUSTOMER, False)
    log = decisions.audit_log(fabric.ports)
    assert log["holds"] is True
    assert [(row["what"], row["who"], row["why"]) for row in log["newest"]] == [
        ("hold.released", "Dana", "dispute"),
        ("hold.placed", "Dana", "dispute"),
    ]


def test_every_word_that_changes_something_is_announced_once(fabric: Fabric) -> None:
    for held in (True, True, False):
        tell(fabric, HoldLevel.CONTRACT, held)
    told = fabric.ports.outbox.of_type("hold.changed")
    assert [(each.data.held, each.data.version, each.data.by) for each in told] == [
        (True, 1, "Dana"),
        (False, 2, "Dana"),
    ]
    assert {(each.subject, each.data.level, each.legalentity) for each in told} == {(CONTRACT, "contract", "US")}
