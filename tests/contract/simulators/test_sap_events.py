"""Business events: an endpoint agrees first, then gets keys, at least once and in no order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.contract.simulators.sap_tenant import BILLS, PARTNERS, Tenant

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


class Endpoint:
    """What it got; `agrees` and `status` are how it answers."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.agrees, self.status = True, 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_OPTIONS(self) -> None:
                self.send_response(200)
                if outer.agrees:
                    self.send_header("WebHook-Allowed-Origin", self.headers["WebHook-Request-Origin"])
                self.end_headers()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.headers.append({name.lower(): value for name, value in self.headers.items()})
                outer.events.append(body)
                self.send_response(outer.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/events"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 10
        while len(self.events) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.events) >= count, self.events
        return self.events

    def types(self) -> list[str]:
        return [event["type"].rpartition(".v1.")[2] for event in self.events]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.server.shutdown()
    made.server.server_close()


def subscribe(sap: Tenant, endpoint: Endpoint, **more: Any) -> str:
    answer = sap.sim("POST", "webhooks", {"url": endpoint.url, "username": "mesh", "password": "pw", **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_an_endpoint_that_does_not_agree_is_not_called(sap: Tenant, endpoint: Endpoint) -> None:
    endpoint.agrees = False
    answer = sap.sim("POST", "webhooks", {"url": endpoint.url})
    assert answer.status_code == 400 and "WebHook-Allowed-Origin" in answer.json()["error"]
    assert sap.sim("GET", "webhooks").json()["webhooks"] == []


def test_an_event_is_a_cloud_event_with_the_key_only(sap: Tenant, endpoint: Endpoint) -> None:
    subscribe(sap, endpoint)
    number = sap.customer()
    (event,) = endpoint.wait(1)
    assert event["type"] == "sap.s4.beh.businesspartner.v1.BusinessPartner.Created.v1"
    assert event["data"] == {"BusinessPartner": number} and event["specversion"] == "1.0"
    head = endpoint.headers[0]
    assert head["content-type"] == "application/cloudevents+json" and head["authorization"].startswith("Basic ")


def test_changes_and_billing_documents_are_told_payments_are_not(sap: Tenant, endpoint: Endpoint) -> None:
    customer = sap.customer()
    subscribe(sap, endpoint)
    path = f"{PARTNERS}A_BusinessPartner('{customer}')"
    sap.call("PATCH", path, {"SearchTerm1": "X"}, headers={"If-Match": "*"})
    number = sap.invoice("I-1", customer=customer)["BillingDocument"]
    sap.sim("POST", "payments", {"billing_document": number})
    endpoint.wait(2)
    sap.customer("LAST")
    endpoint.wait(3)
    assert [event["data"] for event in endpoint.events][:2] == [
        {"BusinessPartner": customer},
        {"BillingDocument": number},
    ]
    assert len(endpoint.events) == 3


def test_only_wanted_types_are_told(sap: Tenant, endpoint: Endpoint) -> None:
    subscribe(sap, endpoint, types=["sap.s4.beh.billingdocument"])
    number = sap.invoice("I-1")["BillingDocument"]
    assert endpoint.wait(1)[0]["data"] == {"BillingDocument": number}


def test_an_event_may_come_twice_and_late(sap: Tenant, endpoint: Endpoint) -> None:
    subscribe(sap, endpoint)
    sap.plant("event_duplicate")
    sap.plant("event_reorder", seconds=0.5)
    numbers = [sap.customer(f"C-{number}") for number in range(3)]
    endpoint.wait(4)
    told = [event["data"]["BusinessPartner"] for event in endpoint.events]
    assert told == [numbers[0], numbers[0], numbers[2], numbers[1]]
    assert len({event["id"] for event in endpoint.events}) == 3


def test_a_dropped_event_never_comes(sap: Tenant, endpoint: Endpoint) -> None:
    subscribe(sap, endpoint)
    sap.plant("event_drop")
    numbers = [sap.customer(f"C-{number}") for number in range(2)]
    assert endpoint.wait(1)[0]["data"] == {"BusinessPartner": numbers[1]}


def test_what_is_not_taken_is_sent_again_with_its_id(sap: Tenant, endpoint: Endpoint) -> None:
    subscribe(sap, endpoint)
    endpoint.status = 503
    sap.customer()
    endpoint.wait(1)
    endpoint.status = 200
    sap.sim("POST", "events/retry")
    first, second = endpoint.wait(2)[:2]
    assert first["id"] == second["id"]


def test_an_event_can_come_before_its_row_is_to_be_seen(sap: Tenant, endpoint: Endpoint) -> None:
    customer = sap.customer()
    subscribe(sap, endpoint, types=["sap.s4.beh.billingdocument"])
    made = sap.request(customer)["DebitMemoRequest"]
    sap.plant("late_read", path="CreateFromSDDocument", seconds=1)
    (number,) = sap.billed(made)
    assert endpoint.wait(1)[0]["data"] == {"BillingDocument": number}
    assert sap.client.get(f"{BILLS}A_BillingDocument('{number}')").status_code == 404
    assert sap.rows(f"{BILLS}A_BillingDocument") == []
    sap.sim("POST", "clock", {"advance_s": 2})
    assert sap.document(number)["BillingDocument"] == number
