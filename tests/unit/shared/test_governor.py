"""Outages, noisy neighbours and lanes, in virtual time on the real decisions; a shorter course on the real adapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.slots import DynamoSlots
from tests.contract.adapters.aws import make_table
from tests.fakes.flow import FakeClock
from tests.fakes.slots import FakeSlots
from tests.governed import ACCOUNT, Work, World

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
SLOTS = 5


def on_fakes(**world: Any) -> World:
    clock = FakeClock()
    return lanes(World(FakeSlots(SLOTS, clock), clock, **world))


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        make_table(client)
        yield client


def on_dynamodb(client: Any, **world: Any) -> World:
    clock = FakeClock()
    table = DynamoTable(client, "fabric", clock, pause=lambda _: None)
    return lanes(World(DynamoSlots(table, SLOTS, pause=lambda _: None), clock, **world))


def lanes(world: World) -> World:
    world.workers("posting", SLOTS + 2)
    world.workers("reference", 2)
    world.workers("status", 2)
    return world


def works(number: int, lane: str = "posting", entity: str = "US", **more: Any) -> list[Work]:
    return [Work(f"{lane}-{entity}-{n}", lane, entity, **more) for n in range(number)]


def test_after_a_day_without_the_erp_all_goes_on_by_itself_once_and_postings_first() -> None:
    world = on_fakes(call_ms=500, down=(MINUTE, MINUTE + DAY))
    for hour in range(24):
        at_ms = MINUTE + hour * HOUR
        world.send(*works(4, entity=f"E{hour % 3}"), *works(2, "reference"), *works(2, "status"), at_ms=at_ms)
    world.run(MINUTE + DAY)
    tried = [began for began, _, answered in world.calls if not answered]
    assert not world.done and not world.dead
    world.run(MINUTE + DAY + 10 * MINUTE)
    assert len(world.done) == len({id(work) for _, work in world.done}) == 24 * 8
    assert world.waiting() == 0 and not world.dead and world.most_at_once <= SLOTS
    assert 24 * 12 <= len(tried) <= 24 * 12 + 40, "probed every five minutes, not hammered"
    middle = {
        lane: _middle(at for at, work in world.done if work.lane == lane) for lane in ("posting", "reference", "status")
    }
    assert middle["posting"] < middle["reference"] < middle["status"]
    print(
        f"\n{len(tried)} calls in a day's outage; drained {(world.done[-1][0] - MINUTE - DAY) / SECOND:.0f} s after it; {middle}"
    )


def test_while_the_erp_is_down_one_asks_at_a_time() -> None:
    world = on_fakes(call_ms=20_000, down=(0, HOUR))
    world.send(*works(200))
    world.run(HOUR)
    late = sorted(began for began, _, _ in world.calls if began > 2 * MINUTE)
    assert late and all(after - before >= 20_000 for before, after in zip(late, late[1:], strict=False))


@pytest.mark.parametrize("call_ms", [200, 1000, 5000])
def test_a_failing_batch_of_1000_delays_another_entitys_invoice_by_one_call_at_most(call_ms: int) -> None:
    world = on_fakes(call_ms=call_ms)
    world.send(*works(1000, entity="NOISY", refused=True))
    arrivals = [10 * SECOND + n * (call_ms * 5 + 130) for n in range(20)]
    quiet = [Work(f"quiet-{n}", "posting", "QUIET") for n in range(20)]
    for work, at_ms in zip(quiet, arrivals, strict=True):
        world.send(work, at_ms=at_ms)
    world.run(arrivals[-1] + 4 * call_ms)
    assert world.waiting() > 20, "the noisy batch is still at it"
    began = {work.name: at for at, work, _ in world.calls}
    delays = [(began[work.name] - at) / call_ms for work, at in zip(quiet, arrivals, strict=True)]
    print(f"\ncall of {call_ms} ms: the quiet entity waits {max(delays):.2f} call times at most")
    looks = 2 * 100 / call_ms
    assert max(delays) <= 1 + looks and world.most_at_once == SLOTS
    assert sum(delays) / len(delays) < 1


def test_in_a_queue_that_is_not_fair_the_same_invoice_waits_for_the_whole_batch() -> None:
    """Why commands carry the legal entity as their message group: slots alone cannot reorder what SQS has not shown."""
    world = on_fakes(fair=False)
    world.send(*works(1000, entity="NOISY", refused=True))
    world.send(Work("quiet", "posting", "QUIET"), at_ms=10 * SECOND)
    world.run(HOUR)
    began = next(at for at, work, _ in world.calls if work.name == "quiet")
    assert began > 150 * SECOND


def test_refusals_open_no_circuit() -> None:
    world = on_fakes()
    world.send(*works(300, entity="NOISY", refused=True))
    world.run(10 * MINUTE)
    assert world.sent_anew == 0 and len(world.refused) == 300


@pytest.mark.parametrize("call_ms", [200, 1000])
def test_an_entity_whose_calls_all_break_the_vendor_shuts_out_no_other(call_ms: int) -> None:
    world = on_fakes(call_ms=call_ms)
    world.send(*works(1000, entity="NOISY", breaks=True))
    arrivals = [n * 17_130 + MINUTE for n in range(40)]
    quiet = [Work(f"quiet-{n}", "posting", "QUIET") for n in range(40)]
    for work, at_ms in zip(quiet, arrivals, strict=True):
        world.send(work, at_ms=at_ms)
    world.run(arrivals[-1] + MINUTE)
    began = {work.name: at for at, work, _ in reversed(world.calls)}
    delays = [(began[work.name] - at) / call_ms for work, at in zip(quiet, arrivals, strict=True)]
    assert world.sent_anew > 1000, "the circuit opened, again and again"
    print(f"\ncall of {call_ms} ms: beside breaking calls the quiet entity waits {max(delays):.2f} call times at most")
    assert max(delays) <= 1 + 2 * 100 / call_ms and len(world.done) == 40


def test_lanes_share_a_busy_account_and_none_starves() -> None:
    world = on_fakes()
    world.send(*works(600), *works(40, "reference"), *works(40, "status"))
    world.run(60 * SECOND)
    lanes_ = Counter(work.lane for _, work in world.done)
    assert lanes_["posting"] > 4 * lanes_["reference"] > 0 and lanes_["status"] > 0
    assert sum(lanes_.values()) >= 0.9 * SLOTS * 58, "and the ceiling is used"


def test_on_the_adapter_an_outage_drains_by_itself(dynamodb: Any) -> None:
    world = on_dynamodb(dynamodb, call_ms=500, down=(0, 20 * MINUTE))
    world.send(*works(12), *works(3, "reference"), *works(3, "status"))
    world.run(20 * MINUTE)
    (account,) = world.slots.accounts()
    assert account.opened_at_ms and not world.done
    world.run(30 * MINUTE)
    (account,) = world.slots.accounts()
    assert len(world.done) == 18 and not world.dead and world.most_at_once <= SLOTS
    assert (account.account, account.opened_at_ms, account.failures, account.waiting) == (ACCOUNT, 0, 0, ())


def test_on_the_adapter_a_noisy_batch_delays_another_by_one_call_at_most(dynamodb: Any) -> None:
    world = on_dynamodb(dynamodb)
    world.send(*works(1000, entity="NOISY", refused=True))
    quiet = [Work(f"quiet-{n}", "posting", "QUIET") for n in range(5)]
    for number, work in enumerate(quiet):
        world.send(work, at_ms=(5 + 3 * number) * SECOND + 130 * number)
    world.run(25 * SECOND)
    began = {work.name: at for at, work, _ in world.calls}
    assert max(began[work.name] - (5 + 3 * n) * SECOND - 130 * n for n, work in enumerate(quiet)) <= 1200


def _middle(moments: Iterator[int]) -> int:
    ordered = sorted(moments)
    return ordered[len(ordered) // 2]
