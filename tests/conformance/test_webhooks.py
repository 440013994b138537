"""The vendor's calls: what is authentic, replayed, out of order; wrong ones are refused and reach nothing."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from infra.registered import registered
from shared.faults import Fault
from shared.runtime.http_edge import EdgeAnswer, EdgeRequest, fault_answer
from tests.conformance.promised import Webhook
from tests.conformance.world import World

pytestmark = [pytest.mark.estate, pytest.mark.usefixtures("webhook", "simulated")]


def called(world: World, request: EdgeRequest, ports: Any = None) -> EdgeAnswer:
    """As the edge does: a fault answers by its kind."""
    file = registered()[world.system].webhooks[0].file
    handler = importlib.import_module(f"functions.connectors.{world.system}.{file}").handler
    try:
        answer: EdgeAnswer = handler.step(request, ports or world.ports)
    except Fault as fault:
        return fault_answer(fault)
    return answer


def hook(world: World) -> Webhook:
    assert world.connector.webhook is not None
    return world.connector.webhook


def test_a_genuine_call_is_acknowledged_kept_and_told(world: World, feed: str) -> None:
    answer = called(world, hook(world).genuine(world, feed))
    assert 200 <= answer.status < 300
    assert world.ports.queues.sent and world.ports.documents.bodies
    world.connector.arrived(world.ports)
    assert len(world.told(feed)) == world.expected(feed, 1)


def test_a_call_replayed_tells_nothing_new(world: World, feed: str) -> None:
    genuine = hook(world).genuine(world, feed)
    for _ in range(3):
        assert called(world, genuine).status < 300
        world.connector.arrived(world.ports)
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 1)


def test_calls_in_another_order_tell_the_same(world: World, feed: str) -> None:
    first, second = hook(world).genuine(world, feed), hook(world).genuine(world, feed)
    for request in (second, first):
        assert called(world, request).status < 300
    world.connector.arrived(world.ports)
    world.drain(feed)
    assert len(world.told(feed)) == world.expected(feed, 2)


def test_a_wrong_call_is_refused_and_reaches_nothing(world: World, feed: str) -> None:
    forged = list(hook(world).forged(hook(world).genuine(world, feed)))
    assert len(forged) >= 3
    for each in forged:
        ports = world.opened()
        assert called(world, each.request, ports).status >= 400, each.why
        assert not ports.queues.sent and not ports.documents.bodies, each.why


def test_a_handshake_is_answered_as_the_vendor_wants_it(world: World, feed: str) -> None:
    asked = hook(world).handshake(world)
    if asked is not None:
        request, expected = asked
        answer = called(world, request)
        assert (answer.status, answer.body) == (200, expected)
        assert not world.ports.queues.sent


def test_what_is_kept_holds_no_secret(world: World, feed: str) -> None:
    called(world, hook(world).genuine(world, feed))
    kept = b"".join(world.ports.documents.bodies.values()).decode("utf-8", "replace")
    assert not [secret for secret in world.connector.secrets(world.vendor.credentials) if secret in kept]
