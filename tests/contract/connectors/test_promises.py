"""The promises every connector keeps, one list for all of them."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from shared.faults import Fault, Throttled, Transient
from tests.contract.connectors.conformance import World
from tests.contract.connectors.kantata_world import KantataWorld
from tests.contract.connectors.netsuite_world import NetSuiteWorld
from tests.contract.connectors.salesforce_world import SalesforceWorld

pytest_plugins = [
    "tests.contract.simulators.netsuite_fixtures",
    "tests.contract.simulators.kantata_fixtures",
    "tests.contract.simulators.salesforce_fixtures",
]
pytestmark = pytest.mark.estate
WORLDS = {
    "netsuite": (NetSuiteWorld, "netsuite"),
    "kantata": (KantataWorld, "kantata"),
    "salesforce": (SalesforceWorld, "org"),
}
"""The world, and the fixture that it is made on."""


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    made, fixture = WORLDS[request.param]
    return made(request.getfixturevalue(fixture))


def drain(world: World) -> int:
    pages = 1
    while world.pull() is not None:
        pages += 1
        assert pages < 80, "pages do not end"
    return pages


def until_done(world: World) -> Any:
    """As the queue does: again after Transient and Throttled."""
    for _ in range(4):
        try:
            return world.command()
        except (Transient, Throttled):
            continue
    raise AssertionError("the command is never done")


def test_pages_end_and_nothing_is_missed(world: World) -> None:
    world.happen(5)
    assert drain(world) >= 3
    assert len(world.ports.outbox.events) == 5 * world.events_each


def test_reading_again_adds_nothing(world: World) -> None:
    world.happen(3)
    drain(world)
    before = dict(world.ports.outbox.events)
    drain(world)
    world.ports.cursors.cursors.clear()
    drain(world)
    assert world.ports.outbox.events == before


def test_what_happens_between_polls_is_read(world: World) -> None:
    world.happen(2)
    drain(world)
    world.happen(2)
    drain(world)
    assert len(world.ports.outbox.events) == 4 * world.events_each


def test_every_event_has_an_id_a_sequence_and_a_source_of_its_own(world: World) -> None:
    world.happen(3)
    drain(world)
    events = list(world.ports.outbox.events.values())
    assert len({event.subject for event in events}) == 3 * world.events_each
    assert all(event.source == f"billweave/connectors/{world.system}" and event.sequence > 0 for event in events)


@pytest.mark.parametrize(
    ("action", "fault", "kind"),
    [("throttle", {}, Throttled), ("status", {"status": 503}, Transient), ("drop", {}, Transient)],
    ids=["throttle", "503", "drop"],
)
def test_a_read_that_fails_moves_nothing_and_is_made_up_for(
    world: World, action: str, fault: dict[str, Any], kind: type[Fault]
) -> None:
    world.happen(1)
    world.plant("feed", action, **fault)
    with pytest.raises(kind):
        drain(world)
    assert not world.ports.cursors.cursors and not world.ports.outbox.events
    drain(world)
    assert len(world.ports.outbox.events) == world.events_each


def test_a_poll_overtaken_by_another_leaves_the_cursor_to_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.happen(4)
    drain(world)
    moved = dict(world.ports.cursors.cursors)
    with monkeypatch.context() as late:
        late.setattr(world.ports.cursors, "write", lambda *_, **__: False)
        late.setattr(world.ports.cursors, "read", lambda feed: {})
        assert world.pull() is None
    assert world.ports.cursors.cursors == moved
    assert len(world.ports.outbox.events) == 4 * world.events_each


def test_a_command_repeated_is_one_thing_with_one_result(world: World) -> None:
    first, second = world.command(), world.command()
    assert first == second
    assert world.made() == 1


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("commit_then_drop", {}),
        ("drop", {}),
        ("status", {"status": 502}),
        ("status", {"status": 500, "body": "<html>oops</html>"}),
        ("throttle", {}),
        ("slow", {"seconds": 0.1}),
    ],
    ids=["commit_then_drop", "drop", "502", "500_html", "throttle", "slow"],
)
def test_a_command_is_done_once_whatever_happens_to_its_write(world: World, action: str, fault: dict[str, Any]) -> None:
    world.plant("write", action, **fault)
    result = until_done(world)
    assert world.made() == 1
    assert world.command() == result


def test_every_call_to_the_vendor_holds_a_slot(world: World) -> None:
    world.ports.slots.leased.clear()
    drain(world)
    world.command()
    assert {account for account, _ in world.ports.slots.leased} == {world.system}
    assert not any(account.held for account in world.ports.slots.accounts())


def test_no_secret_is_logged_or_shown(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        world.happen(1)
        drain(world)
        world.plant("write", "throttle")
        until_done(world)
    told = "\n".join([*(str(vars(record)) for record in caplog.records), repr(vars(world.ports))])
    assert not any(secret in told for secret in world.secrets)
