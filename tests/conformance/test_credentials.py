"""Expired, revoked and rotated credentials, clocks that differ, and a token asked for once by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.registered import registered
from shared.faults import BusinessException
from tests.conformance.world import World

pytestmark = pytest.mark.estate
MANY = 8


def first_feed(world: World) -> str:
    return next(iter(world.connector.reads))


def tokens(world: World) -> int:
    token = world.connector.token
    assert token is not None
    return world.wire.count() - world.wire.count(token)


def expire(world: World) -> None:
    """All access tokens the vendor gave are worth nothing from the next call on."""
    call = world.connector.reads[first_feed(world)]
    fault = {"action": "expire_token", "method": call.method, "path": call.path, "times": 1}
    world.vendor.control.post("/faults", fault)


def test_a_token_that_ended_is_renewed_without_anybody(world: World, refreshing: None, simulated: None) -> None:
    world.drain(first_feed(world))
    world.wire.clear()
    expire(world)
    world.drain(first_feed(world))
    assert tokens(world) == 1


def test_many_who_need_a_new_token_at_once_ask_for_one(world: World, refreshing: None, simulated: None) -> None:
    world.drain(first_feed(world))
    expire(world)
    world.wire.clear()
    with ThreadPoolExecutor(MANY) as crowd:
        list(crowd.map(lambda _: world.pull(first_feed(world)), range(MANY)))
    assert tokens(world) == 1


def test_a_first_token_is_asked_for_once_by_many(world: World, refreshing: None) -> None:
    world.wire.clear()
    with ThreadPoolExecutor(MANY) as crowd:
        list(crowd.map(lambda _: world.pull(first_feed(world)), range(MANY)))
    assert tokens(world) == 1


def test_revoked_credentials_are_a_persons_job_and_move_nothing(world: World) -> None:
    ports = world.opened(world.connector.revoked(world.vendor.credentials))
    with pytest.raises(BusinessException) as refused:
        world.pull(first_feed(world), ports)
    assert not ports.cursors.cursors and not ports.outbox.events
    assert refused.value.code != "unmapped_vendor_fault"


def test_revoked_credentials_are_not_asked_with_again_and_again(world: World) -> None:
    ports = world.opened(world.connector.revoked(world.vendor.credentials))
    world.wire.clear()
    with pytest.raises(BusinessException):
        world.pull(first_feed(world), ports)
    assert world.wire.count() <= 3, "a locked account helps nobody"


def test_rotated_credentials_work_in_the_process_that_reads_them(world: World) -> None:
    """The old ones are refused, the secret is changed, the next process reads it: nothing was lost meanwhile."""
    old = world.opened(world.connector.revoked(world.vendor.credentials))
    with pytest.raises(BusinessException):
        world.pull(first_feed(world), old)
    world.wire.clear()
    fresh = world.opened(world.vendor.credentials)
    world.drain(first_feed(world), fresh)
    assert world.wire.count(world.connector.token) > 0


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_clock_that_is_off_by_a_little_keeps_nobody_out(world: World, sign: int) -> None:
    world.pull(first_feed(world), world.opened(skew_s=sign * world.connector.skew_s))


def test_every_credential_that_is_registered_is_one_the_sandbox_gives(world: World, system: str) -> None:
    told = {**world.vendor.credentials, "webhook_secret": "the estate's own"}
    assert set(registered()[system].credentials) <= set(told)
