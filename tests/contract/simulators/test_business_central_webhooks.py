"""Subscriptions and notifications (notes, A5; checklist 8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.contract.simulators.business_central_account import Body, Tenant, error, line
from tests.contract.simulators.salesforce_org import Received, endpoint, until

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


class Listener:
    """Gives back validation tokens; answers notifications with `statuses` in turn, then 200."""

    def __init__(self) -> None:
        self.url, self.came, self.statuses, self.trusting = "", [], [], True  # type: ignore[var-annotated]

    def reply(self, one: Received) -> tuple[int, str, bytes]:
        token = parse_qs(urlsplit(one.path).query).get("validationToken")
        if token:
            return (200, "text/plain", token[0].encode()) if self.trusting else (200, "text/plain", b"no")
        return (self.statuses.pop(0) if self.statuses else 200), "text/plain", b""

    @property
    def handshakes(self) -> int:
        return sum("validationToken" in one.path for one in self.came)

    @property
    def bodies(self) -> list[list[Body]]:
        return [json.loads(one.body)["value"] for one in self.came if "validationToken" not in one.path]


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    with endpoint(made.reply) as (url, came):
        made.url, made.came = f"{url}/notify", came
        yield made


def subscribe(tenant: Tenant, url: str, kind: str = "salesInvoices", **fields: Any) -> Any:
    resource = f"/api/v2.0/companies({tenant.company})/{kind}"
    body = {"notificationUrl": url, "resource": resource, "clientState": "s3cret", **fields}
    return tenant.call("POST", f"{tenant.api}/subscriptions", body)


def flush(tenant: Tenant) -> int:
    return int(tenant.sim("POST", "deliveries", {"flush": True}).json()["sent"])


def test_a_subscription_is_made_by_a_handshake_and_renewed_by_another(tenant: Tenant, listener: Listener) -> None:
    made = subscribe(tenant, listener.url)
    assert made.status_code == 201 and listener.handshakes == 1
    row = made.json()
    path = f"{tenant.api}/subscriptions('{row['subscriptionId']}')"
    assert error(tenant.call("PATCH", path, {}))[1] == "BadRequest_InvalidToken"
    tenant.sim("POST", "clock", {"advance_s": 2 * 86_400})
    tenant.log_in()
    renewed = tenant.call("PATCH", path, {}, headers={"If-Match": row["@odata.etag"]})
    assert renewed.status_code == 200 and listener.handshakes == 2
    assert renewed.json()["expirationDateTime"] > row["expirationDateTime"]
    stale = tenant.call("PATCH", path, {}, headers={"If-Match": row["@odata.etag"]})
    assert error(stale)[:2] == (409, "Request_EntityChanged")
    listener.trusting = False
    refused = tenant.call("PATCH", path, {}, headers={"If-Match": "*"})
    assert refused.status_code == 400
    assert tenant.call("GET", path).json()["expirationDateTime"] == renewed.json()["expirationDateTime"]


def test_a_handshake_that_fails_makes_no_subscription(tenant: Tenant, listener: Listener) -> None:
    listener.trusting = False
    assert subscribe(tenant, listener.url).status_code == 400
    assert subscribe(tenant, "http://127.0.0.1:9/nobody").status_code == 400
    assert subscribe(tenant, "not a url").status_code == 400
    tenant.choose(handshake_method="GET")
    listener.trusting = True
    assert "HTTP 501" in error(subscribe(tenant, listener.url))[2]  # this listener knows no GET
    assert tenant.call("GET", f"{tenant.api}/subscriptions").json()["value"] == []


@pytest.mark.parametrize("kind", ["projects", "timeRegistrationEntries", "salesInvoiceLines", "nonsense"])
def test_sets_without_webhooks_are_refused(tenant: Tenant, listener: Listener, kind: str) -> None:
    assert subscribe(tenant, listener.url, kind).status_code == 400
    assert listener.handshakes == 0


def test_client_state_has_a_length_and_subscriptions_a_number(tenant: Tenant, listener: Listener) -> None:
    long = subscribe(tenant, listener.url, clientState="x" * 2049)
    assert error(long)[1] == "Application_StringExceededLength"
    tenant.choose(most_subscriptions=1)
    assert subscribe(tenant, listener.url).status_code == 201
    assert "maximum number" in error(subscribe(tenant, listener.url, "customers"))[2]


def test_changes_are_told_after_a_while_once_per_record_and_across_subscriptions(
    tenant: Tenant, listener: Listener
) -> None:
    ids = {
        kind: subscribe(tenant, listener.url, kind).json()["subscriptionId"] for kind in ("salesInvoices", "customers")
    }
    tenant.customer()
    draft = tenant.draft()
    tenant.change(f"salesInvoices({draft['id']})", {"email": "a@b.example"})
    assert listener.bodies == []
    tenant.sim("POST", "clock", {"advance_s": 31})
    until(lambda: listener.bodies)
    (elements,) = listener.bodies
    assert {(row["subscriptionId"], row["changeType"]) for row in elements} == {
        (ids["salesInvoices"], "created"), (ids["customers"], "created")}  # fmt: skip
    invoice = next(row for row in elements if row["subscriptionId"] == ids["salesInvoices"])
    assert invoice["resource"] == f"api/v2.0/companies({tenant.company})/salesInvoices({draft['id']})"
    assert invoice["clientState"] == "s3cret" and "data" not in invoice
    assert set(invoice) == {"subscriptionId", "clientState", "expirationDateTime", "resource", "changeType",
                            "lastModifiedDateTime"}  # fmt: skip


def test_a_line_change_notifies_the_head_and_a_deletion_says_so(tenant: Tenant, listener: Listener) -> None:
    tenant.customer()
    draft, other = tenant.draft(), tenant.draft("R-2")
    subscribe(tenant, listener.url)
    tenant.make(f"salesInvoices({draft['id']})/salesInvoiceLines", line(quantity=1, unitPrice=1))
    tenant.call("DELETE", f"salesInvoices({other['id']})", headers={"If-Match": "*"})
    brief = tenant.draft("R-3")
    tenant.call("DELETE", f"salesInvoices({brief['id']})", headers={"If-Match": "*"})
    assert flush(tenant) == 1
    told = {row["resource"].rpartition("(")[2].rstrip(")"): row["changeType"] for row in listener.bodies[0]}
    assert told == {draft["id"]: "updated", other["id"]: "deleted"}


def test_too_many_changes_are_one_collection_with_a_filter_nobody_should_replay(
    tenant: Tenant, listener: Listener
) -> None:
    tenant.choose(collection_over=2)
    subscribe(tenant, listener.url, "customers")
    for n in range(3):
        tenant.customer(f"C-{n}")
    flush(tenant)
    ((only,),) = listener.bodies
    assert only["changeType"] == "collection"
    assert only["resource"].startswith(
        f"/api/v2.0/companies({tenant.company})/customers?$filter=lastDateTimeModified%20gt%20"
    )


def test_it_tries_again_on_5xx_408_and_429_and_gives_up_in_the_end(tenant: Tenant, listener: Listener) -> None:
    tenant.choose(retry_s=10, give_up_s=3600)
    tenant.sim("POST", "deliveries", {"hold": True})  # nothing goes out but what a flush sends
    subscribe(tenant, listener.url, "customers")
    tenant.customer()
    listener.statuses = [503, 408, 429]
    assert [flush(tenant) for _ in range(5)] == [1, 1, 1, 1, 0]
    tenant.customer("C-2")
    listener.statuses = [500] * 10
    flush(tenant)
    tenant.sim("POST", "clock", {"advance_s": 4000})
    assert [flush(tenant), flush(tenant)] == [1, 0]
    assert len(listener.bodies) == 6
    assert len(tenant.sim("GET", "subscriptions").json()["subscriptions"]) == 1


def test_a_failed_delivery_goes_out_again_by_itself(tenant: Tenant, listener: Listener) -> None:
    tenant.choose(retry_s=0.1, notification_delay_s=0)
    subscribe(tenant, listener.url, "customers")
    listener.statuses = [503]
    tenant.customer()
    until(lambda: len(listener.bodies) == 2)
    assert listener.bodies[0] == listener.bodies[1]


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410])
def test_any_other_answer_deletes_the_subscription(tenant: Tenant, listener: Listener, status: int) -> None:
    subscribe(tenant, listener.url, "customers")
    tenant.customer()
    listener.statuses = [status]
    flush(tenant)
    assert tenant.call("GET", f"{tenant.api}/subscriptions").json()["value"] == []
    tenant.customer("C-2")
    assert flush(tenant) == 0


def test_a_subscription_ends_after_three_days(tenant: Tenant, listener: Listener) -> None:
    subscribe(tenant, listener.url, "customers")
    tenant.sim("POST", "clock", {"advance_s": 3 * 86_400 + 1})
    tenant.log_in().customer()
    assert flush(tenant) == 0
    assert tenant.call("GET", f"{tenant.api}/subscriptions").json()["value"] == []


def test_deliveries_can_be_held_repeated_and_turned_round(tenant: Tenant, listener: Listener) -> None:
    tenant.choose(notification_delay_s=0)
    tenant.sim("POST", "deliveries", {"hold": True, "copies": 2, "backwards": True})
    subscribe(tenant, listener.url, "customers")
    made = [tenant.customer(f"C-{n}")["id"] for n in range(2)]
    assert listener.bodies == []
    flush(tenant)
    assert listener.bodies[0] == listener.bodies[1]
    assert [row["resource"].rpartition("(")[2][:-1] for row in listener.bodies[0]] == made[::-1]


@pytest.mark.parametrize(("moves", "told"), [("never", 0), ("full", 1)])
def test_a_payment_is_told_only_where_it_modifies_the_invoice(
    tenant: Tenant, listener: Listener, moves: str, told: int
) -> None:
    tenant.choose(payment_moves_timestamp=moves)
    tenant.customer()
    posted = tenant.posted()
    subscribe(tenant, listener.url)
    subscribe(tenant, listener.url, "customers")  # whose balance moves, and nothing else
    tenant.sim("POST", "payments", {"invoice_id": posted["id"]})
    assert flush(tenant) == told and len(listener.bodies) == told


def test_unsubscribing_ends_it(tenant: Tenant, listener: Listener) -> None:
    row = subscribe(tenant, listener.url, "customers").json()
    path = f"{tenant.api}/subscriptions('{row['subscriptionId']}')"
    assert tenant.call("DELETE", path, headers={"If-Match": row["@odata.etag"]}).status_code == 204
    assert tenant.call("GET", path).status_code == 404
