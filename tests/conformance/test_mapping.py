"""What a vendor told is kept and can be mapped again: by the same mapping it gives the same, by another it shows what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

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
    mapper, announced = changed[feed], world.told(feed)

    def other(row: Mapping[str, Any], beside: Mapping[str, Any], ports: Any) -> list[Any]:
        return [event.model_copy(update={"data": Renamed(event.data)}) for event in mapper(row, beside, ports)]

    monkeypatch.setattr(mapping_diff, "mappers", lambda system: changed | {feed: other})
    outcome = mapping_diff.compare(world.system, payloads(world, feed), world.ports)
    shown = [each for each in outcome.differences if each.field == "mapped_by"]
    assert len(shown) == len(announced)
    assert {(each.before, each.now) for each in shown} == {("nothing", "another mapping")}
    assert f"{len(outcome.differences)} differences" in list(outcome.lines())[-1]


class Renamed(dict[str, Any]):
    """The same data with one more field."""

    def __init__(self, data: Any) -> None:
        super().__init__({**data.model_dump(mode="json"), "mapped_by": "another mapping"})
