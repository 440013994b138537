"""`Prefer: respond-async`: jobs, tasks, results, and the key that counts only there."""

from __future__ import annotations

import time
import uuid

import httpx
import pytest

from tests.contract.simulators.netsuite_account import Account, Body, detail

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
CUSTOMER = {"companyName": "Acme", "subsidiary": {"id": "1"}}


def later(key: str | None = None) -> dict[str, str]:
    return {"Prefer": "respond-async"} | ({"X-NetSuite-Idempotency-Key": key} if key else {})


def finished(netsuite: Account, answer: httpx.Response) -> Body:
    """The job once it is completed."""
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 10
    while True:
        job: Body = netsuite.client.get(answer.headers["Location"]).json()
        if job["completed"] or time.monotonic() > deadline:
            return job
        time.sleep(0.02)


def test_an_async_write_is_accepted_then_done_and_its_result_kept(netsuite: Account) -> None:
    answer = netsuite.record("POST", "customer", CUSTOMER, headers=later())
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert "/services/rest/async/v1/job/" in answer.headers["Location"]
    waiting = netsuite.client.get(answer.headers["Location"]).json()
    assert (waiting["completed"], waiting["progress"]) == (False, "pending")
    job = finished(netsuite, answer)
    assert (job["completed"], job["progress"]) == (True, "succeeded")
    [task] = netsuite.client.get(job["task"]["links"][0]["href"]).json()["items"]
    assert task["startTime"] <= task["endTime"]
    result = netsuite.client.get(f"{answer.headers['Location']}/task/1/result")
    assert result.status_code == 204
    assert netsuite.client.get(result.headers["Location"]).json()["companyName"] == "Acme"


def test_a_refused_async_write_fails_and_its_result_says_why(netsuite: Account) -> None:
    answer = netsuite.record("POST", "customer", {"companyName": "Acme"}, headers=later())
    assert finished(netsuite, answer)["progress"] == "failed"
    result = netsuite.client.get(f"{answer.headers['Location']}/task/1/result")
    assert (result.status_code, detail(result)["o:errorPath"]) == (400, "subsidiary")


def test_the_same_key_again_names_the_first_job(netsuite: Account) -> None:
    key = str(uuid.uuid4())
    first = netsuite.record("POST", "customer", CUSTOMER, headers=later(key))
    again = netsuite.record("POST", "customer", CUSTOMER, headers=later(key))
    assert (again.status_code, again.json()["title"]) == (400, "Conflict")
    assert detail(again)["o:errorCode"] == "IDEMPOTENCY_ERROR"
    assert again.headers["Location"] == first.headers["Location"]
    finished(netsuite, first)
    assert netsuite.read("customer")["totalResults"] == 1


def test_the_key_is_ignored_on_a_synchronous_call(netsuite: Account) -> None:
    headers = {"X-NetSuite-Idempotency-Key": str(uuid.uuid4())}
    made = {netsuite.write("POST", "customer", CUSTOMER, headers=headers) for _ in range(2)}
    assert len(made) == 2


def test_a_batch_is_asynchronous_only_and_has_a_task_for_each_item(netsuite: Account) -> None:
    batch = {"items": [CUSTOMER | {"externalId": "C-1"}, CUSTOMER | {"externalId": "C-2"}, {"externalId": "C-3"}]}
    refused = netsuite.record("PUT", "customer", batch)
    assert (refused.status_code, detail(refused)["o:errorCode"]) == (400, "INVALID_REQUEST")
    answer = netsuite.record("PUT", "customer", batch, headers=later())
    assert finished(netsuite, answer)["progress"] == "failed"
    results = [netsuite.client.get(f"{answer.headers['Location']}/task/{n}/result").status_code for n in (1, 2, 3)]
    assert results == [204, 204, 400]
    assert netsuite.read("customer")["totalResults"] == 2


def test_unknown_jobs_are_404(netsuite: Account) -> None:
    assert netsuite.call("GET", "/async/v1/job/999").status_code == 404
