"""What an attempt at one thing leaves to the next: whether to look first, and how long what is not there may still show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.connectors.sap_s4hana.client import Row
from functions.connectors.sap_s4hana.making import Making, making
from functions.connectors.sap_s4hana.settings import SapS4HanaSettings
from shared.faults import BusinessException, Duplicate, Throttled, Transient
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts

SETTLE_S = 30
ROW = {"BillingDocument": "1"}


def ports() -> Any:
    found: Any = FakePorts(clock=FakeClock(datetime(2026, 11, 20, 12, tzinfo=UTC)))
    found.erp = SapS4HanaSettings.model_validate({"organizations": {}, "materials": {}, "settle_s": SETTLE_S})
    return found


def attempt(world: Any) -> Making:
    return making("invoice", "1", world)


def made() -> Row:
    return ROW


def raising(fault: BaseException) -> Callable[[], Row]:
    def create() -> Row:
        raise fault

    return create


def must_wait(world: Any) -> None:
    with pytest.raises(Transient) as early:
        attempt(world).make("request", raising(AssertionError("made again")))
    assert early.value.code == "erp_record_not_visible"


def test_the_first_attempt_makes_it_without_a_look() -> None:
    first = attempt(ports())
    assert not first.again
    assert first.make("request", made) == ROW


def test_an_attempt_that_ended_before_anything_was_sent_leaves_nothing() -> None:
    world = ports()
    attempt(world)
    assert not attempt(world).again


def test_after_a_lost_answer_nothing_is_made_until_it_must_have_shown() -> None:
    world = ports()
    with pytest.raises(Transient):
        attempt(world).make("request", raising(Transient("unknown_outcome")))
    world.clock.pass_(seconds=SETTLE_S - 1)
    must_wait(world)
    world.clock.pass_(seconds=1)
    assert attempt(world).again
    assert attempt(world).make("request", made) == ROW


@pytest.mark.parametrize("end", [SystemExit(), None], ids=["died", "made"])
def test_what_was_sent_and_is_missed_is_waited_for_from_then_on(end: BaseException | None) -> None:
    """However long ago: a process that died may have sent it at its very end."""
    world = ports()
    create = made if end is None else raising(end)
    try:
        attempt(world).make("request", create)
    except SystemExit:
        pass
    world.clock.pass_(seconds=10 * SETTLE_S)
    must_wait(world)
    world.clock.pass_(seconds=SETTLE_S - 1)
    must_wait(world)
    world.clock.pass_(seconds=1)
    assert attempt(world).make("request", made) == ROW


@pytest.mark.parametrize("fault", [BusinessException("erp_refused"), Throttled("erp_busy", 2), Transient("slots_busy")])
def test_a_refusal_leaves_nothing_to_wait_for(fault: Exception) -> None:
    world = ports()
    with pytest.raises(type(fault)):
        attempt(world).make("request", raising(fault))
    assert attempt(world).again
    assert attempt(world).make("request", made) == ROW


def test_what_sap_has_but_does_not_show_yet_is_waited_for() -> None:
    world = ports()
    with pytest.raises(Duplicate):
        attempt(world).make("request", raising(Duplicate("erp_record_exists")))
    must_wait(world)


def test_of_two_attempts_whose_turns_overlap_one_makes() -> None:
    world = ports()
    one, other = attempt(world), attempt(world)
    one.make("request", made)
    with pytest.raises(Transient) as late:
        other.make("request", raising(AssertionError("made twice")))
    assert late.value.code == "erp_record_not_visible"
