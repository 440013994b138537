"""What the vendors are told about the fabric, and that the addresses of an earlier estate go first."""

from __future__ import annotations

import json

import httpx
import pytest

from sandbox.estate import administer
from sandbox.estate.description import Estate
from sandbox.estate.processes import EstateError

CONTROL = "http://127.0.0.1:1/_sim"
ESTATE = Estate(
    aws={"endpoint_url": "http://127.0.0.1:4000", "region": "us-east-1", "account": "000000000000"},
    api={"base_url": "http://127.0.0.1:4000/api", "token": "t"},
    resources={"salesforce_partner_bus": "partner"},
    systems={"salesforce": {"control_url": CONTROL, "webhook_url": "http://127.0.0.1:4000/api/webhooks/salesforce/s"}},
)


class Vendor:
    """The control API of a simulator that an earlier estate had set up."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.bodies: list[dict[str, object]] = []
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/_sim")
        self.calls.append((request.method, path))
        if request.method == "POST":
            self.bodies.append(json.loads(request.content))
        rules = [{"id": "old", "name": "Billweave"}, {"id": "another", "name": "Somebody's own"}]
        return httpx.Response(self.status, json={"messages": rules, "relays": [{"id": "7k2"}]})


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    vendor, real = Vendor(), httpx.Client
    transport = httpx.MockTransport(vendor)
    monkeypatch.setattr(httpx, "Client", lambda **asked: real(**asked, transport=transport))
    return vendor


def test_salesforce_sends_to_this_estate_and_no_longer_to_the_last(vendor: Vendor) -> None:
    administer.vendors(ESTATE)
    assert vendor.calls == [
        ("POST", "/schema"),
        ("GET", "/outbound-messages"),
        ("DELETE", "/outbound-messages/old"),
        ("GET", "/event-relay"),
        ("DELETE", "/event-relay/7k2"),
        ("POST", "/outbound-messages"),
        ("POST", "/event-relay"),
    ]
    _, message, relay = vendor.bodies
    assert message["url"] == ESTATE.systems["salesforce"]["webhook_url"]
    assert (relay["bus"], relay["endpoint_url"]) == ("partner", "http://127.0.0.1:4000")


def test_a_vendor_that_refuses_stops_the_estate(vendor: Vendor) -> None:
    vendor.status = 400
    with pytest.raises(EstateError, match="salesforce: /schema: 400"):
        administer.vendors(ESTATE)
