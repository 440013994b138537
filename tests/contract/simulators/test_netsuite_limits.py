"""The account's ceiling, planted faults, lost answers and unreadable errors."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.contract.simulators.netsuite_account import Account, Body, detail

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
RESTLET = "/app/site/hosting/restlet.nl?script=12&deploy=1"
CUSTOMER = {"companyName": "Acme", "subsidiary": {"id": "1"}}


def together(netsuite: Account, paths: list[str]) -> list[httpx.Response]:
    headers = {"Authorization": netsuite.client.headers["Authorization"]}
    with httpx.Client(base_url=netsuite.base_url, headers=headers, timeout=20, verify=False) as client:
        with ThreadPoolExecutor(len(paths)) as pool:
            return list(pool.map(client.get, paths))


def test_a_standard_account_answers_five_at_once_rest_and_restlets_together(netsuite: Account) -> None:
    netsuite.sim("POST", "limits", {"call_ms": 400})
    answers = together(netsuite, ["/services/rest/record/v1/customer"] * 6 + [RESTLET] * 6)
    good = [answer for answer in answers if answer.status_code == 200]
    assert len(good) == 5
    assert {a.status_code for a in answers[:6]} <= {200, 429} and {a.status_code for a in answers[6:]} <= {200, 400}
    assert netsuite.sim("GET", "traffic").json()["most_in_flight"] == 5
    netsuite.sim("POST", "limits", {"concurrency": 15})
    assert all(a.status_code == 200 for a in together(netsuite, [RESTLET] * 12))


def test_over_the_limit_rest_is_429_in_its_misleading_shape(netsuite: Account) -> None:
    netsuite.plant("throttle")
    answer = netsuite.record("PUT", "customer/eid:C-1", CUSTOMER)
    body = answer.json()
    assert (answer.status_code, body["status"], body["title"]) == (429, 429, "Bad Request")
    assert body["o:errorCode"] == "USER_ERROR" and detail(answer)["o:errorCode"] == "CONCURRENCY_LIMIT_EXCEEDED"
    assert "Retry-After" not in answer.headers
    assert netsuite.record("GET", "customer/eid:C-1").status_code == 404


def test_over_the_limit_a_restlet_is_400(netsuite: Account) -> None:
    netsuite.plant("throttle", path="restlet")
    answer = netsuite.client.get(RESTLET)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "SSS_REQUEST_LIMIT_EXCEEDED")
    assert netsuite.client.post(RESTLET, json={"a": 1}).json()["body"] == {"a": 1}


def test_a_dropped_answer_leaves_the_record_behind(netsuite: Account) -> None:
    netsuite.plant("commit_then_drop", method="POST", path="customer$")
    with pytest.raises(httpx.RemoteProtocolError):
        netsuite.record("POST", "customer", CUSTOMER | {"externalId": "C-1"})
    assert netsuite.read("customer/eid:C-1")["companyName"] == "Acme"


def test_a_late_record_is_committed_and_seen_later(netsuite: Account) -> None:
    netsuite.customer()
    netsuite.plant("late_visible", method="POST", path="invoice$", seconds=60)
    body = netsuite.invoice_body(externalId="I-1")
    with pytest.raises(httpx.RemoteProtocolError):
        netsuite.record("POST", "invoice", body)
    query = "SELECT id FROM transaction WHERE externalid = 'I-1'"
    assert netsuite.record("GET", "invoice/eid:I-1").status_code == 404
    assert netsuite.rows(query) == [] and netsuite.read("invoice")["totalResults"] == 0
    assert detail(netsuite.record("POST", "invoice", body))["o:errorCode"] == "DUP_RCRD"
    netsuite.sim("POST", "clock", {"advance_s": 61})
    try:
        assert netsuite.record("GET", "invoice/eid:I-1").status_code == 200
        assert len(netsuite.rows(query)) == 1 and netsuite.read("invoice")["totalResults"] == 1
    finally:
        netsuite.sim("POST", "clock", {"advance_s": -61})


def test_a_put_on_a_late_record_finds_it_and_makes_no_second(netsuite: Account) -> None:
    netsuite.customer()
    netsuite.plant("late_visible", method="PUT", path="invoice/", seconds=0.2)
    body = netsuite.invoice_body()
    with pytest.raises(httpx.RemoteProtocolError):
        netsuite.record("PUT", "invoice/eid:I-1", body)
    assert netsuite.record("PUT", "invoice/eid:I-1?replace=item", body).status_code == 204
    deadline = time.monotonic() + 10
    while netsuite.record("GET", "invoice/eid:I-1").status_code == 404 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert netsuite.read("invoice")["totalResults"] == 1 and netsuite.read("invoice/eid:I-1")["total"] == 1500


def test_a_500_may_come_after_the_commit(netsuite: Account) -> None:
    netsuite.plant("commit_then_500", method="PUT")
    answer = netsuite.record("PUT", "customer/eid:C-1", CUSTOMER)
    assert (answer.status_code, detail(answer)["o:errorCode"]) == (500, "UNEXPECTED_ERROR")
    assert "Error ID: " in detail(answer)["detail"]
    assert netsuite.record("GET", "customer/eid:C-1").status_code == 200


@pytest.mark.parametrize(("action", "status"), [("html_error", 502), ("broken_json_error", 429)])
def test_an_error_body_may_be_unreadable(netsuite: Account, action: str, status: int) -> None:
    netsuite.plant(action, path="/record/")
    answer = netsuite.record("PUT", "customer/eid:C-1", CUSTOMER)
    assert answer.status_code == status
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert netsuite.record("GET", "customer/eid:C-1").status_code == 404


def test_too_many_calls_may_look_like_a_failed_login(netsuite: Account) -> None:
    netsuite.plant("invalid_login")
    answers = [netsuite.record("GET", "customer").status_code for _ in range(2)]
    assert answers == [401, 200]


def test_expired_tokens_die_at_once_and_a_new_one_works(netsuite: Account) -> None:
    netsuite.plant("expire_token", path="/record/")
    assert [netsuite.record("GET", "customer").status_code for _ in range(2)] == [401, 401]
    netsuite.log_in()
    assert netsuite.record("GET", "customer").status_code == 200


def test_faults_and_settings_nobody_knows_are_refused(netsuite: Account) -> None:
    assert netsuite.sim("POST", "faults", {"action": "explode"}).status_code == 400
    assert netsuite.sim("POST", "settings", {"colour": "red"}).status_code == 400
    added: Body = netsuite.sim("POST", "records", {"type": "serviceSaleItem", "body": {"itemId": "Training"}}).json()
    assert netsuite.item("Training") == added["id"]


def test_custom_fields_exist_once_the_account_has_them(netsuite: Account) -> None:
    netsuite.customer()
    strict = {"X-NetSuite-PropertyNameValidation": "Error"}
    body = netsuite.invoice_body({"amount": 1, "custcol_entry": "77"}, custbody_run="r1")
    assert netsuite.record("POST", "invoice", body, headers=strict).status_code == 400
    netsuite.sim(
        "POST", "settings", {"custom_fields": {"invoice": ["custbody_run"], "invoice.item": ["custcol_entry"]}}
    )
    made = netsuite.write("POST", "invoice", body, headers=strict)
    shown = netsuite.read(f"invoice/{made}", expandSubResources="true")
    assert (shown["custbody_run"], shown["item"]["items"][0]["custcol_entry"]) == ("r1", "77")
