"""Every write can be repeated, and repeated after its answer was lost, with one result; two racing writers make one record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.faults import BusinessException, Duplicate, Fault, Poison, Throttled, Transient
from tests.conformance.wire import CUT, LATE, LOST, Answer
from tests.conformance.world import World

pytestmark = pytest.mark.estate


def test_a_command_makes_one_record_that_carries_our_reference(world: World, record: str) -> None:
    world.ready(record, 1, world.ports)
    world.execute(record, 1)
    assert len(world.standing(record, 1)) == 1


def test_a_command_repeated_is_one_record_with_one_result(world: World, record: str) -> None:
    world.ready(record, 1, world.ports)
    first, second = world.execute(record, 1), world.execute(record, 1)
    assert first == second
    assert len(world.standing(record, 1)) == 1


def test_another_process_that_repeats_it_gets_the_same_result(world: World, record: str) -> None:
    """Its references and documents are in the table and the bucket; nothing else of the first is left."""
    world.ready(record, 1, world.ports)
    first = world.execute(record, 1)
    assert world.execute(record, 1, beside(world)) == first
    assert len(world.standing(record, 1)) == 1


def beside(world: World) -> Any:
    """Another process of the same deployment."""
    other = world.opened()
    for name in ("references", "documents", "raw", "outbox", "cursors", "turns"):
        setattr(other, name, getattr(world.ports, name))
    return other


TROUBLES: dict[str, Any] = {
    "lost": LOST,
    "cut": CUT,
    "late": LATE,
    "502": Answer(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"}),
    "500": Answer(500, b"oops"),
    "503": Answer(503, b""),
}


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_it_is_done_once_whatever_becomes_of_its_write(world: World, record: str, trouble: str) -> None:
    world.ready(record, 1, world.ports)
    world.wire.plant(world.connector.writes[record], TROUBLES[trouble])
    result = world.done(record, 1)
    assert len(world.standing(record, 1)) == 1
    assert world.execute(record, 1) == result


def test_an_answer_lost_is_made_up_for_by_another_process(world: World, record: str) -> None:
    world.ready(record, 1, world.ports)
    world.wire.plant(world.connector.writes[record], LOST)
    try:
        world.execute(record, 1)
    except Transient:
        pass  # some look it up at once and know; others leave that to the next attempt
    world.done(record, 1, beside(world))
    assert len(world.standing(record, 1)) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_a_throttled_write_did_nothing_and_is_done_later(world: World, record: str, times: int) -> None:
    world.ready(record, 1, world.ports)
    shape = next(each for each in world.connector.documented if each.kind is Throttled)
    world.wire.plant(world.connector.writes[record], shape.answer, times)
    with pytest.raises(Throttled) as busy:
        world.execute(record, 1)
    assert busy.value.retry_after_s == shape.wait_s
    world.done(record, 1)
    assert len(world.standing(record, 1)) == 1


def test_throttling_by_the_vendor_itself_is_understood(world: World, record: str, simulated: None) -> None:
    call = world.connector.writes[record]
    world.ready(record, 1, world.ports)
    world.vendor.control.post("/faults", {"action": "throttle", "method": call.method, "path": wide(call.path)})
    with pytest.raises(Throttled):
        world.execute(record, 1)
    world.done(record, 1)
    assert len(world.standing(record, 1)) == 1


def wide(path: str) -> str:
    """The simulator's plan sees the path without its query."""
    return path.replace(r"($|\?)", "$")


def test_two_racing_writers_make_one_record(world: World, record: str) -> None:
    world.ready(record, 1, world.ports)
    processes = [world.ports, beside(world)]
    with ThreadPoolExecutor(2) as both:
        results = list(both.map(lambda ports: world.done(record, 1, ports), processes))
    assert len(world.standing(record, 1)) == 1
    assert results[0] == results[1]


@pytest.mark.parametrize("status", [400, 418, 422])
def test_an_unknown_error_is_never_a_success(world: World, record: str, status: int) -> None:
    world.ready(record, 1, world.ports)
    world.wire.plant(world.connector.writes[record], Answer(status, b'{"code": "NOBODY_KNOWS_THIS"}'))
    with pytest.raises(BusinessException):
        world.execute(record, 1)


def test_a_success_that_carries_failures_is_read_as_failures(world: World, record: str, partial: None) -> None:
    answers = world.connector.partial
    assert not isinstance(answers, str)
    for answer in answers.get(record, ()):
        world.ready(record, 1, world.ports)
        world.wire.plant(world.connector.writes[record], answer)
        with pytest.raises(Fault) as refused:
            world.execute(record, 1)
        assert not isinstance(refused.value, Duplicate)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"<html></html>"], ids=["empty", "half", "list", "html"])
def test_a_success_without_a_readable_answer_is_not_believed_blindly(world: World, record: str, body: bytes) -> None:
    """Either it is looked up, or somebody is told; what must not be is a result that nobody has seen."""
    if record in world.connector.bodiless:
        return
    world.ready(record, 1, world.ports)
    world.wire.plant(world.connector.writes[record], Answer(200, body, {"Content-Type": "application/json"}))
    try:
        world.execute(record, 1)
    except (Transient, Poison, BusinessException):
        pass
    else:
        assert world.standing(record, 1), "a result for a record that does not stand"
        return
    world.wire.clear()
    world.done(record, 1)
    assert len(world.standing(record, 1)) == 1
