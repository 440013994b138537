"""Subscriptions made, renewed and answered, against the simulator that calls back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from functions.connectors.business_central import webhook
from functions.connectors.business_central.keep_subscribed import keep_subscribed
from functions.connectors.business_central.subscriber import Subscriber
from shared.faults import BusinessException
from shared.runtime.http_edge import EdgeRequest
from tests.conformance.roles import ErpWorld
from tests.fakes.flow import FakeClock

SECRET = "the-end-of-our-address"


class Listener:
    """Our webhook as the vendor reaches it."""

    def __init__(self, ports: Any) -> None:
        self.answers: list[int] = []
        answers = self.answers

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                secret = {"secret": url.path.rpartition("/")[2]}
                request = EdgeRequest("POST", url.path, secret, dict(parse_qsl(url.query)), {}, body)
                answer = webhook.handler.step(request, ports)
                answers.append(answer.status)
                self.send_response(answer.status)
                self.end_headers()
                self.wfile.write(answer.body.encode())

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self.server.server_port}/webhooks/business_central/{SECRET}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def listener(world: ErpWorld) -> Iterator[Listener]:
    found = Listener(world.ports)
    world.ports.subscriber = Subscriber(found.address, SECRET)
    yield found
    found.server.shutdown()
    found.server.server_close()


def subscriptions(world: ErpWorld) -> list[dict[str, Any]]:
    return [dict(row) for row in world.vendor.control.get("/subscriptions")["subscriptions"]]


def test_every_company_is_subscribed_once_with_a_client_state_that_is_not_the_secret(
    world: ErpWorld, listener: Listener
) -> None:
    keep_subscribed(world.ports)
    keep_subscribed(world.ports)
    found = subscriptions(world)
    assert len({each["resource"] for each in found}) == len(found) == 3
    assert {each["clientState"] for each in found} == {webhook.client_state(SECRET)}
    assert SECRET not in webhook.client_state(SECRET)


def test_a_subscription_is_renewed_when_half_its_life_is_over(world: ErpWorld, listener: Listener) -> None:
    keep_subscribed(world.ports)
    before = {each["subscriptionId"]: each["timestamp"] for each in subscriptions(world)}
    world.ports.clock = FakeClock(datetime.now(UTC) + timedelta(hours=37))
    keep_subscribed(world.ports)
    after = {each["subscriptionId"]: each["timestamp"] for each in subscriptions(world)}
    assert after == {key: stamp + 1 for key, stamp in before.items()}


def test_a_notification_of_the_vendor_asks_for_a_reading(world: ErpWorld, listener: Listener) -> None:
    keep_subscribed(world.ports)
    world.done("invoice", 1)
    world.vendor.control.post("/deliveries", {"flush": True})
    assert listener.answers[3:] and set(listener.answers) == {200}
    assert ("business_central-poll", '{"feed": "payments"}', 0) in [tuple(each) for each in world.ports.queues.sent]


def test_a_refused_handshake_leaves_no_subscription_and_is_told(world: ErpWorld, listener: Listener) -> None:
    world.ports.subscriber = Subscriber(listener.address + "x", SECRET)
    with pytest.raises(BusinessException, match="erp_refused"):
        keep_subscribed(world.ports)
    assert subscriptions(world) == []


def test_without_an_address_nothing_is_subscribed(world: ErpWorld) -> None:
    world.ports.subscriber = Subscriber("", "")
    assert keep_subscribed(world.ports) is False
    assert subscriptions(world) == []
