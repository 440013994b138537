"""Limits, locks, lost answers and planted faults."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.contract.simulators.salesforce_org import Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]


def test_every_answer_tells_how_much_of_the_day_is_used(org: Org) -> None:
    used = [org.call("GET", "limits").headers["Sforce-Limit-Info"] for _ in range(2)]
    assert [int(text.split("=")[1].split("/")[0]) for text in used] == [1, 2]
    daily = org.ok("GET", "limits")["DailyApiRequests"]
    assert daily == {"Max": 140_000, "Remaining": 140_000 - 3}


def test_the_days_limit_is_403_without_retry_after(org: Org) -> None:
    org.settings(daily_api_limit=1)
    org.ok("GET", "limits")
    answer = org.call("GET", "limits")
    assert answer.status_code == 403 and "Retry-After" not in answer.headers
    assert answer.json() == [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]


def test_too_many_calls_at_once_are_403(org: Org) -> None:
    org.sim("POST", "limits", {"concurrency": 2, "call_ms": 200})
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: org.call("GET", "limits"), range(6)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[:2] == [200, 200] and codes[-1] == 403
    refused = next(answer for answer in answers if answer.status_code == 403)
    assert refused.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert org.sim("GET", "traffic")["most_in_flight"] == 2


def test_a_planted_throttle_says_which_limit(org: Org) -> None:
    org.plant("throttle", kind="daily")
    assert org.refused("GET", "limits")[1]["message"].startswith("TotalRequests")
    org.plant("throttle")
    assert org.refused("GET", "limits")[1]["message"].startswith("ConcurrentRequests")


def test_two_writes_under_one_parent_meet_a_lock(org: Org) -> None:
    account = org.create("Account", Name="A")
    org.settings(write_hold_ms=400)
    began = threading.Barrier(2)

    def write(name: str) -> httpx.Response:
        began.wait()
        body = {"Name": name, "StageName": "Prospecting", "CloseDate": "2026-03-01", "AccountId": account}
        return org.call("POST", "sobjects/Opportunity", json=body)

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(write, ["one", "two"]), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [201, 400]
    assert answers[1].json()[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    org.settings(write_hold_ms=0)
    assert org.query("SELECT COUNT() FROM Opportunity")["totalSize"] == 1


def test_a_row_somebody_holds_cannot_be_written(org: Org) -> None:
    account = org.create("Account", Name="A")
    org.sim("POST", "locks", {"id": account, "seconds": 60})
    status, error = org.refused("PATCH", f"sobjects/Account/{account}", json={"Name": "B"})
    assert (status, error["errorCode"]) == (400, "UNABLE_TO_LOCK_ROW")
    org.sim("POST", "locks", {"id": account, "seconds": 0})
    org.change("Account", account, Name="B")


def test_a_lost_answer_nevertheless_created_the_row(org: Org) -> None:
    org.plant("commit_then_drop", method="POST", path="/sobjects/Account")
    with pytest.raises(httpx.TransportError):
        org.create("Account", Name="A", Fabric_Key__c="k")
    assert org.rows("SELECT Name FROM Account WHERE Fabric_Key__c = 'k'")[0]["Name"] == "A"
    _, error = org.refused("POST", "sobjects/Account", json={"Name": "A", "Fabric_Key__c": "k"})
    assert error["errorCode"] == "DUPLICATE_VALUE"


def test_a_dropped_call_did_nothing(org: Org) -> None:
    org.plant("drop", method="POST", path="/sobjects/Account")
    with pytest.raises(httpx.TransportError):
        org.create("Account", Name="A")
    assert org.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_any_refusal_of_the_catalogue_can_be_planted(org: Org) -> None:
    org.plant("error", code="SERVER_UNAVAILABLE", path="/query", times=1)
    assert org.no_query("SELECT Id FROM Account") == (
        503,
        {"message": "SERVER_UNAVAILABLE", "errorCode": "SERVER_UNAVAILABLE"},
    )
    org.plant("error", code="QUERY_TIMEOUT", message="Your query request was running for too long.")
    assert org.no_query("SELECT Id FROM Account")[1]["errorCode"] == "QUERY_TIMEOUT"
    assert org.query("SELECT Id FROM Account")["totalSize"] == 0


def test_an_unknown_setting_or_field_type_is_refused_by_name(org: Org) -> None:
    assert "colour" in org.client.post("/_sim/settings", json={"colour": 1}).json()["error"]
    body = {"Account": {"fields": {"X__c": {"type": "strange"}}}}
    answer = org.client.post("/_sim/schema", json=body)
    assert answer.status_code == 400 and "X__c" in answer.json()["error"]
