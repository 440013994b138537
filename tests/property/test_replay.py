"""A month is played on the real adapters; from its history alone an empty table becomes the same, to the byte."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drill.fate import Fate
from drill.firm import days_of
from drill.operator import evening
from drill.world import World
from functions.operations.replay import Replay, handler
from shared.adapters.history import PASSING, StateHistory
from shared.adapters.row_difference import canonical
from shared.adapters.writes import delete
from shared.ports.flow import Told
from shared.runtime.settings import Settings
from shared.runtime.wiring import AwsPorts
from shared.usecases.verify_chain import verify_chain
from tests.fakes.flow import FakeDocuments
from tests.fakes.memory_table import MemoryTable
from tests.fakes.table_ports import TablePorts
from tests.runbook.stage import Over

seeds = st.integers(1, 250).filter(lambda seed: seed % 4 != 0)
Rows = dict[tuple[str, str], dict[str, str]]


def lived(seed: int) -> World:
    """Two months of the drill's firm, undisturbed, its state in a table under the real adapters."""
    logging.disable(logging.CRITICAL)
    days = days_of(seed)
    world = World(Fate(seed), days[0].at, TablePorts())
    world.ports = Over(world.fake, world.ports._extra)
    for number, day in enumerate(days):
        world.fake.clock.at = day.at
        for told in day.events:
            world.deliver(told.as_json())
        evening(world)
        for act in day.acts:
            act(world)
            evening(world)
        world.now_s = number * 1_000_000.0
    return world


def table_of(world: World) -> MemoryTable:
    assert isinstance(world.fake, TablePorts)
    return world.fake.table


def history_of(world: World, chance: Random) -> FakeDocuments:
    """What the stream's function keeps, batch by batch; one in five comes twice."""
    documents, changes = FakeDocuments(), list(table_of(world).stream)
    history = StateHistory(table_of(world), documents)
    while changes:
        batch, changes = changes[: (size := chance.randint(1, 60))], changes[size:]
        for _ in range(1 + (chance.random() < 0.2)):
            history.keep(batch)
    return documents


def ports_of(table: MemoryTable, documents: Any, world: World) -> AwsPorts:
    ports = AwsPorts(Settings())
    kept = {"_table": table, "documents": documents, "clock": world.fake.clock, "policies": world.fake.policies}
    ports.__dict__ |= kept | {"counts": world.fake.counts}
    return ports


def state(table: MemoryTable) -> Rows:
    return {key: canonical(row) for key, row in table.rows().items() if not key[0].startswith(PASSING)}


def replay(ports: AwsPorts, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = handler.step(Replay(source="history", **asked), ports)
    return answer


@settings(max_examples=12, deadline=None)
@given(seed=seeds)
def test_a_month_on_an_empty_table_is_the_same_to_the_byte(seed: int) -> None:
    world = lived(seed)
    documents, before = history_of(world, Random(seed)), state(table_of(world))
    assert {pk.partition("#")[0] for pk, _ in before} >= {"INV", "WIP", "CON", "PRJ", "EVT", "AUD", "EXC", "REF", "SRC"}
    assert any(sk.startswith("LEDGER#") for _, sk in before)
    empty = MemoryTable(world.fake.clock)
    again = StateHistory(empty, documents)
    assert again.put_back(Told()).restored == len(before)
    assert state(empty) == before
    twice = again.put_back(Told())
    assert (twice.restored, twice.standing, twice.left) == (0, len(before), 0)
    assert state(empty) == before


@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_what_was_lost_in_part_comes_back_and_what_lived_on_is_left(seed: int) -> None:
    """Some rows are gone, some stand older, and meanwhile the firm went on with others."""
    world, chance = lived(seed), Random(seed)
    table, documents = table_of(world), history_of(world, chance)
    before = state(table)
    for key in chance.sample(sorted(table._own), k=len(table._own) // 3):
        table._own[key] = None
    ports = ports_of(table, documents, world)
    dry = replay(ports)
    gone = {key for key in before if table.get(*key) is None}
    assert dry["lines"] >= len(gone) and {key for key in before if table.get(*key) is None} == gone
    replay(ports, apply=True, by="Dana", reason="rows were lost")
    log = {key for key in before if key[0].startswith(("AUD#", "ACT#"))}
    assert {key: row for key, row in state(table).items() if key in before and key not in log} == {
        key: row for key, row in before.items() if key not in log
    }
    scope = ports.policies.current().identity_scope
    entries = list(ports.audit_log.of_legal_entity(scope))
    assert entries[-1].act.what == "replay.applied"
    length, head = ports.audit_log.head(scope)
    assert verify_chain(entries, length=length, head=head) is None
    assert replay(ports)["lines"] == 0


def test_a_row_that_stands_older_is_made_the_last_one_and_a_younger_is_left() -> None:
    world = lived(3)
    table = table_of(world)
    documents = history_of(world, Random(3))
    [(key, row), *_] = [
        each for each in table.rows().items() if each[0][0].startswith("INV#") and "revision" in each[1]
    ]
    table._own[key] = row | {"revision": 1, "body": "{}"}
    ports = ports_of(table, documents, world)
    assert replay(ports)["outcomes"]["restored"] == 1
    table._own[key] = row | {"revision": 99, "body": "{}"}
    told = replay(ports)
    assert (told["outcomes"].get("restored", 0), told["outcomes"]["left"], told["lines"]) == (0, 1, 0)


def test_one_thread_or_one_kind_alone_is_put_back() -> None:
    world = lived(3)
    documents = history_of(world, Random(3))
    empty = MemoryTable(world.fake.clock)
    ports = ports_of(empty, documents, world)
    replay(ports, type="INV#", apply=True)
    assert {pk.partition("#")[0] for pk, _ in state(empty)} == {"INV", "AUD", "ACT"}
    replay(ports, correlation="contract-1", apply=True)
    assert ("CON#contract-1", "HEAD") in state(empty) and ("CON#contract-2", "HEAD") not in state(empty)


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


def test_what_was_deleted_comes_back_by_a_moment_before_it_and_not_by_itself() -> None:
    world = lived(3)
    table, clock = table_of(world), world.fake.clock
    [key, *_] = [key for key in state(table) if key[0].startswith("INV#") and key[1] == "HEAD"]
    before, good = state(table)[key], clock.now()
    clock.pass_(minutes=5)
    table.write(delete(*key))
    ports = ports_of(table, history_of(world, Random(3)), world)
    replay(ports, type=key[0], apply=True)
    assert key not in state(table)
    replay(ports, type=key[0], to=good, apply=True)
    assert state(table)[key] == before
