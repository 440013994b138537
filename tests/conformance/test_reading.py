"""Pages end, survive what people do meanwhile, and lose or repeat nothing; cursors overlap and restart."""

from __future__ import annotations

from typing import Any

import pytest

from shared.faults import Fault, Throttled, Transient
from shared.runtime.owned import check_announced
from tests.conformance.promised import Documented
from tests.conformance.wire import CUT, LOST, Answer
from tests.conformance.world import World

pytestmark = [pytest.mark.estate, pytest.mark.usefixtures("simulated")]


def subjects(world: World, feed: str) -> set[str]:
    return {event.subject for event in world.told(feed)}


def test_pages_end_and_nothing_is_missed_or_repeated(world: World, feed: str) -> None:
    world.happen(feed, 5)
    world.wire.clear()
    world.drain(feed)
    pages = world.wire.count() - world.wire.count(world.connector.reads[feed])
    assert pages >= 2, "a page holds two things"
    assert len(world.told(feed)) == world.expected(feed, 5)


def test_what_is_added_between_two_pages_is_told_and_shifts_nothing(world: World, feed: str) -> None:
    world.happen(feed, 4)
    world.pull(feed)
    world.happen(feed, 2)
    world.drain(feed)
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 6)


def test_what_vanishes_between_two_pages_hides_nothing_else(world: World, feed: str, vanishing: None) -> None:
    things = world.happen(feed, 6)
    world.pull(feed)
    world.connector.vanish(world.vendor, feed, things[0])
    world.connector.vanish(world.vendor, feed, things[-1])
    world.drain(feed)
    world.drain(feed)
    assert len(world.told(feed)) >= world.expected(feed, 4)


def test_reading_again_from_the_cursor_or_from_the_start_adds_nothing(world: World, feed: str) -> None:
    world.happen(feed, 3)
    world.drain(feed)
    before = dict(world.ports.outbox.events)
    world.drain(feed)
    world.ports.cursors.cursors.clear()
    world.drain(feed)
    assert world.ports.outbox.events == before


def test_what_happens_between_two_polls_is_told_once(world: World, feed: str) -> None:
    world.happen(feed, 2)
    world.drain(feed)
    world.happen(feed, 2)
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 4)


def test_another_process_goes_on_where_the_cursor_is(world: World, feed: str) -> None:
    world.happen(feed, 3)
    world.pull(feed)
    other = world.opened()
    for name in ("cursors", "outbox", "references", "raw", "documents"):
        setattr(other, name, getattr(world.ports, name))
    world.drain(feed, other)
    assert len(world.told(feed)) == world.expected(feed, 3)


def test_every_event_has_an_id_a_subject_a_sequence_and_says_who_tells(world: World, feed: str) -> None:
    world.happen(feed, 3)
    world.drain(feed)
    events = world.told(feed)
    assert len({event.id for event in events}) == len(events)
    assert {event.source for event in events} == {f"billweave/connectors/{world.system}"}
    for event in events:
        check_announced(event.type, world.registration.role)
    assert all(event.subject and event.sequence > 0 and event.legalentity and event.correlationid for event in events)


TROUBLES: dict[str, tuple[Any, type[Fault]]] = {
    "503": (Answer(503, b"<html>maintenance</html>", {"Content-Type": "text/html"}), Transient),
    "cut": (CUT, Transient),
    "lost": (LOST, Transient),
}


@pytest.mark.parametrize("trouble", sorted(TROUBLES))
def test_a_read_that_fails_moves_nothing_and_is_made_up_for(world: World, feed: str, trouble: str) -> None:
    what, kind = TROUBLES[trouble]
    world.happen(feed)
    before = dict(world.ports.cursors.cursors)
    world.wire.plant(world.connector.reads[feed], what)
    with pytest.raises(kind):
        world.drain(feed)
    assert world.ports.cursors.cursors == before
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 1)


def test_a_throttled_read_waits_as_long_as_the_vendor_says(world: World, feed: str) -> None:
    """Every shape of throttling that is documented."""
    world.happen(feed)
    shapes: list[Documented] = [each for each in world.connector.documented if each.kind is Throttled]
    for shape in shapes:
        world.wire.plant(world.connector.reads[feed], shape.answer)
        with pytest.raises(Throttled) as busy:
            world.drain(feed)
        assert busy.value.retry_after_s == shape.wait_s
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 1)


def test_throttling_by_the_vendor_itself_is_understood(world: World, feed: str) -> None:
    call = world.connector.reads[feed]
    world.happen(feed)
    world.vendor.control.post("/faults", {"action": "throttle", "method": call.method, "path": call.path, "times": 1})
    with pytest.raises(Throttled):
        world.drain(feed)
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 1)


def test_a_poll_overtaken_by_another_leaves_the_cursor_to_it(
    world: World, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.happen(feed, 3)
    world.drain(feed)
    moved = dict(world.ports.cursors.cursors)
    with monkeypatch.context() as late:
        late.setattr(world.ports.cursors, "write", lambda *_, **__: False)
        late.setattr(world.ports.cursors, "read", lambda feed: {})
        assert world.pull(feed) is None
    assert world.ports.cursors.cursors == moved
    assert len(world.told(feed)) == world.expected(feed, 3)
