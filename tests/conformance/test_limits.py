"""Never more calls at once than the slots, no more requests a record than is stated, no secret where people read."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.registered import registered
from shared.adapters.correlation import correlation
from tests.conformance.roles import ErpWorld, PsaWorld
from tests.conformance.wire import Answer
from tests.conformance.world import World

pytestmark = pytest.mark.estate
CROWD = 12
ENTRIES = 200


def test_never_more_in_flight_than_the_slots(world: World, record: str) -> None:
    slots = 2
    ports = world.opened(slots=slots)
    for number in range(1, CROWD // 2):
        world.ready(record, number, ports)
    world.wire.clear()
    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(lambda number: world.done(record, number, ports), range(1, CROWD // 2)))
    assert 0 < world.wire.most_in_flight <= slots + 1, "the one beyond the slots asks for a token"
    assert unleased(world) == []


def unleased(world: World) -> list[str]:
    """Calls beside those for a token that held no slot."""
    return [f"{each.method} {each.path}" for each in world.wire.but(world.connector.token) if not each.leased]


def test_every_call_of_a_feed_holds_a_slot_of_the_account(world: World, feed: str, simulated: None) -> None:
    world.happen(feed)
    world.wire.clear()
    world.ports.slots.leased.clear()
    world.drain(feed)
    assert unleased(world) == []
    assert {account for account, _ in world.ports.slots.leased} == {world.system}


def test_an_invoice_is_posted_under_one_slot(world: World, system: str, simulated: None) -> None:
    """A slot that is given back between two of its calls stands empty until somebody looks for one."""
    if not isinstance(world, ErpWorld):
        return
    world.ready("invoice", 1, world.ports)
    world.done("invoice", 1)
    world.ready("invoice", 2, world.ports)
    world.ports.slots.leased.clear()
    world.execute("invoice", 2)
    assert world.ports.slots.leased == [(system, "posting")]


def test_a_record_costs_no_more_requests_than_stated(world: World, record: str) -> None:
    """What a process asks once and remembers (a token, currencies) is asked before."""
    world.ready(record, 1, world.ports)
    world.done(record, 1)
    world.ready(record, 2, world.ports)
    world.command(record, 2, world.ports)
    world.wire.clear()
    world.execute(record, 2)
    stated = getattr(registered()[world.system].budget, record)
    assert world.wire.count(world.connector.token) <= stated, asked(world)


def test_a_page_costs_no_more_requests_than_stated(world: World, feed: str, simulated: None) -> None:
    world.happen(feed)
    world.drain(feed)
    world.happen(feed)
    world.wire.clear()
    pages = world.drain(feed)
    budget = registered()[world.system].budget
    most = budget.page * pages + (budget.deal or 0)
    assert world.wire.count(world.connector.token) <= most, asked(world)


def test_work_costs_no_more_requests_an_entry_than_stated(world: World, system: str, simulated: None) -> None:
    """Of full pages, as the deployment has them."""
    if not isinstance(world, PsaWorld):
        return
    feed = next(name for name in world.feeds if world.act_of(name) == "time")
    world.much_work(ENTRIES)
    ports = world.opened(full_pages=True)
    world.wire.clear()
    world.drain(feed, ports)
    assert len(world.told(feed, ports)) == ENTRIES
    stated = registered()[system].budget.time_entry
    assert stated and world.wire.count(world.connector.token) <= stated * ENTRIES, asked(world)


def asked(world: World) -> str:
    return "; ".join(f"{each.method} {each.path[:80]}" for each in world.wire.but(world.connector.token))


def test_every_call_carries_the_thread_it_belongs_to(world: World, record: str) -> None:
    world.ready(record, 1, world.ports)
    world.wire.clear()
    bound = correlation.set("thread-4711")
    try:
        world.execute(record, 1)
    finally:
        correlation.reset(bound)
    calls = list(world.wire.but(world.connector.token))
    assert calls and {each.headers.get("X-Correlation-Id") for each in calls} == {"thread-4711"}


def test_no_secret_is_logged_shown_or_told_in_a_fault(
    world: World, record: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = []
    with caplog.at_level(logging.DEBUG):
        world.ready(record, 1, world.ports)
        for answer in (Answer(400, b"{}"), Answer(503, b"")):
            world.wire.plant(world.connector.writes[record], answer)
            try:
                world.execute(record, 1)
            except Exception as fault:  # noqa: BLE001 - whatever it is, people may read it
                told.append(f"{fault!r} {vars(fault)}")
        world.done(record, 1)
    told += [str(vars(each)) for each in caplog.records if not each.name.startswith(("httpcore", "hpack"))]
    told.append(repr(vars(world.ports)))
    secrets = world.connector.secrets(world.vendor.credentials)
    assert secrets and not [secret for secret in secrets if secret in "\n".join(told)]
