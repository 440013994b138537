"""Limits per user, and what goes wrong on the way (notes, A6, A7; checklist 2 and 7)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.contract.simulators.business_central_account import Tenant, error, line

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


def statuses(tenant: Tenant, count: int) -> list[int]:
    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(lambda _: tenant.call("GET", "companyInformation").status_code, range(count)))


def test_requests_in_a_sliding_window_are_counted_and_429_promises_nothing(tenant: Tenant) -> None:
    tenant.choose(requests_per_window=3)
    answers = [tenant.call("GET", "customers") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "retry-after" not in answers[-1].headers and "Maximum (3)" in error(answers[-1])[2]
    tenant.sim("POST", "clock", {"advance_s": 301})
    assert tenant.call("GET", "customers").status_code == 200


def test_five_run_some_wait_and_more_are_429(tenant: Tenant) -> None:
    tenant.sim("POST", "limits", {"call_ms": 200})
    start = time.monotonic()
    assert statuses(tenant, 8) == [200] * 8
    assert 0.4 <= time.monotonic() - start < 2  # two rounds of five
    tenant.choose(in_process=1, queued=2)
    assert statuses(tenant, 6) == [200] * 3 + [429] * 3


def test_more_than_the_connections_is_429_at_once(tenant: Tenant) -> None:
    tenant.sim("POST", "limits", {"concurrency": 2, "call_ms": 300})
    assert statuses(tenant, 4) == [200, 200, 429, 429]
    assert tenant.sim("GET", "traffic").json()["most_in_flight"] >= 2


def test_waiting_too_long_is_503_with_retry_after(tenant: Tenant) -> None:
    tenant.choose(in_process=1, queue_s=0.05)
    tenant.sim("POST", "limits", {"call_ms": 400})
    first = threading.Thread(target=lambda: tenant.call("GET", "customers"))
    first.start()
    time.sleep(0.1)
    answer = tenant.call("GET", "customers")
    first.join()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_planted_throttling_has_retry_after_only_when_asked(tenant: Tenant) -> None:
    tenant.plant("throttle")
    tenant.plant("throttle", retry_after=7)
    answers = [tenant.call("GET", "customers") for _ in range(3)]
    assert [(answer.status_code, answer.headers.get("retry-after")) for answer in answers] == [
        (429, None), (429, "7"), (200, None)]  # fmt: skip


def test_the_gateway_answers_in_html_and_the_service_in_json(tenant: Tenant) -> None:
    tenant.plant("html_error")
    tenant.plant("unavailable", retry_after=9)
    tenant.plant("locked", status=400)
    tenant.plant("refuse", status=500, code="Unknown", message="?")
    html = tenant.call("GET", "customers")
    assert html.status_code == 502 and html.text.startswith("<html>")
    away = tenant.call("GET", "customers")
    assert (away.status_code, away.headers["retry-after"]) == (503, "9")
    assert "another session" not in error(tenant.call("GET", "customers"))[1]
    assert error(tenant.call("GET", "customers"))[:2] == (500, "Unknown")
    assert tenant.call("GET", "customers").status_code == 200


@pytest.mark.parametrize("action", ["commit_then_drop", "commit_then_gateway", "commit_then_500"])
def test_a_lost_answer_leaves_what_was_made(tenant: Tenant, action: str) -> None:
    tenant.customer()
    tenant.plant(action, method="POST", path="salesInvoices$")
    body = {
        "externalDocumentNumber": "R-1",
        "customerNumber": "C-1",
        "salesInvoiceLines": [line(quantity=1, unitPrice=1)],
    }
    if action == "commit_then_drop":
        with pytest.raises(httpx.TransportError):
            tenant.call("POST", "salesInvoices", body)
    else:
        assert tenant.call("POST", "salesInvoices", body).status_code in (500, 504)
    found = tenant.list("salesInvoices", filter="externalDocumentNumber eq 'R-1'")
    assert [row["totalAmountExcludingTax"] for row in found] == [1]


def test_a_post_whose_answer_was_lost_is_seen_in_the_status(tenant: Tenant) -> None:
    tenant.customer()
    draft = tenant.draft()
    tenant.plant("commit_then_drop", path="NAV.post$")
    with pytest.raises(httpx.TransportError):
        tenant.act(f"salesInvoices({draft['id']})", "post")
    assert tenant.read(f"salesInvoices({draft['id']})")["status"] == "Open"
    assert "draft invoice only" in error(tenant.act(f"salesInvoices({draft['id']})", "post"))[2]


def test_control_calls_say_what_is_wrong_with_them(tenant: Tenant) -> None:
    assert tenant.sim("POST", "settings", {"nonsense": 1}).status_code == 400
    assert tenant.sim("POST", "settings", {"tax_rounding": "sometimes"}).status_code == 400
    assert tenant.sim("POST", "settings", {"manual_numbers": 1}).status_code == 400
    assert tenant.sim("POST", "faults", {"action": "nonsense"}).status_code == 400
    assert tenant.sim("POST", "payments", {}).status_code == 400
    assert tenant.sim("POST", "payments", {"invoice_id": "x"}).status_code == 404
    assert tenant.sim("GET", "counts").json() == {"projects": 0, "posted_invoices": 0}
