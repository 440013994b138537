"""What a vendor told is kept and can be mapped again: by the same mapping it gives the same, by another it shows what differs."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from events.envelope import AnyEnvelope
from shared.runtime.map_again import MapAgain, Mapper
from tests.conformance.world import World
from tools import mapping_diff

pytestmark = [pytest.mark.estate, pytest.mark.usefixtures("simulated", "remapped")]


def payloads(world: World, feed: str) -> list[bytes]:
    bodies = world.ports.documents.bodies
    return [body for key, body in bodies.items() if key.startswith(f"raw/{world.system}/{feed}/")]


def test_the_same_mapping_makes_the_same_of_what_was_kept_and_writes_nothing(world: World, feed: str) -> None:
    world.happen(feed, 3)
    world.drain(feed)
    before = dict(world.ports.outbox.events), dict(world.ports.documents.bodies)
    outcome = mapping_diff.compare(world.system, payloads(world, feed), world.ports)
    assert outcome.rows >= 3 and outcome.versions == {world.registration.mapping.version}
    assert (outcome.differences, outcome.unreadable) == ([], [])
    assert (dict(world.ports.outbox.events), dict(world.ports.documents.bodies)) == before


def test_a_mapping_that_says_something_else_is_shown_field_by_field(
    world: World, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.happen(feed, 2)
    world.drain(feed)
    changed = dict(mapping_diff.mappers(world.system))
    announced = world.told(feed)
    monkeypatch.setattr(mapping_diff, "mappers", lambda system: changed | {feed: repaired(changed[feed])})
    outcome = mapping_diff.compare(world.system, payloads(world, feed), world.ports)
    shown = [each for each in outcome.differences if each.field == "mapped_by"]
    assert len(shown) == len(announced)
    assert {(each.before, each.now) for each in shown} == {(None, "another mapping")}
    assert f"{len(outcome.differences)} differences" in list(outcome.lines())[-1]


def test_a_replay_of_what_was_kept_says_the_same_and_tells_nothing(world: World, feed: str) -> None:
    world.happen(feed, 3)
    world.drain(feed)
    before = dict(world.ports.outbox.events)
    for apply in (False, True):
        told = again(world, feed, apply=apply)
        assert (told["outcomes"], told["difference"]) == ({"same": told["events"]}, [])
        assert told["events"] == len(newest(before.values())) > 0
    assert dict(world.ports.outbox.events) == before


def test_a_replay_by_a_repaired_mapping_is_told_as_a_correction_once(
    world: World, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.happen(feed, 2)
    world.drain(feed)
    before = newest(world.ports.outbox.events.values())
    mappers = importlib.import_module(f"functions.connectors.{world.system}.map_again").MAPPERS
    monkeypatch.setitem(mappers, feed, repaired(mappers[feed]))
    dry = again(world, feed)
    assert (dry["outcomes"], dry["applied"]) == ({"repaired": len(before)}, False)
    assert sum("mapped_by: another mapping" in line for line in dry["difference"]) == len(before)
    assert newest(world.ports.outbox.events.values()) == before
    assert again(world, feed, apply=True, by="Dana")["difference"] == dry["difference"]
    after = newest(world.ports.outbox.events.values())
    assert {name: event.causationid for name, event in after.items()} == {n: event.id for n, event in before.items()}
    assert all(after[name].sequence == before[name].sequence + 1 for name in before)
    assert again(world, feed, apply=True)["outcomes"] == {"same": len(before)}
    assert newest(world.ports.outbox.events.values()) == after


def again(world: World, feed: str, **asked: Any) -> dict[str, Any]:
    module = importlib.import_module(f"functions.connectors.{world.system}.map_again")
    answer: dict[str, Any] = module.handler.step(MapAgain(feed=feed, **asked), world.ports)
    return answer


def newest(events: Iterable[AnyEnvelope]) -> dict[tuple[str, str], AnyEnvelope]:
    """Per record what was told last."""
    return {(each.type, each.subject): each for each in sorted(events, key=lambda each: each.sequence)}


def repaired(mapper: Mapper) -> Mapper:
    def other(row: Mapping[str, Any], beside: Mapping[str, Any], ports: Any) -> list[AnyEnvelope]:
        return [event.model_copy(update={"data": Renamed(event.data)}) for event in mapper(row, beside, ports)]

    return other


class Renamed(dict[str, Any]):
    """The same data with one more field."""

    def __init__(self, data: Any) -> None:
        super().__init__({**data.model_dump(mode="json"), "mapped_by": "another mapping"})
