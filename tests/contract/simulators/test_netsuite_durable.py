"""What was answered survives kill -9; what was not is all there or not at all; and it is quick enough to play with."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.simulators.netsuite_account import Account, Program

pytestmark = pytest.mark.estate


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    program.start()
    yield program
    program.kill()


def test_everything_answered_is_there_after_kill_9(program: Program) -> None:
    account = Account(program.facts()).log_in()
    account.customer()
    made = account.invoice("I-1")
    account.sim("POST", "payments", {"invoice_id": made, "amount": "500"})
    account.sim("POST", "periods/close", {"period": "2026-09"})
    account.sim("POST", "settings", {"invoice_approval_routing": True})
    job = account.record(
        "PUT",
        "customer/eid:ASYNC",
        {"companyName": "Later", "subsidiary": {"id": "1"}},
        headers={"Prefer": "respond-async"},
    )
    before = program.facts()
    program.kill()
    program.start()
    after = program.facts()
    assert (after["base_url"], after["credentials"]) == (before["base_url"], before["credentials"])
    shown = account.read("invoice/eid:I-1")  # the same token still works
    assert (shown["id"], shown["amountRemaining"], shown["tranId"]) == (made, 1000, "INV1001")
    assert account.rows("SELECT tranid FROM transaction WHERE foreignamountunpaid = 1000") == [{"tranid": "INV1001"}]
    assert account.rows("SELECT periodname FROM accountingperiod WHERE closed = 'T'") == [{"periodname": "Sep 2026"}]
    assert account.read(f"invoice/{account.invoice('I-2')}")["status"]["id"] == "D"
    deadline = time.monotonic() + 10
    while not account.client.get(job.headers["Location"]).json()["completed"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert account.read("customer/eid:ASYNC")["companyName"] == "Later"


def test_a_kill_in_the_middle_of_writes_loses_nothing_answered_and_halves_nothing(program: Program) -> None:
    account = Account(program.facts()).log_in()
    account.customer()
    body = account.invoice_body()
    answered: list[int] = []

    def write() -> None:
        for number in range(10_000):
            try:
                if account.record("PUT", f"invoice/eid:I-{number}", body).status_code == 204:
                    answered.append(number)
            except httpx.TransportError:
                return

    writer = threading.Thread(target=write)
    writer.start()
    while len(answered) < 40:
        time.sleep(0.005)
    program.kill()
    writer.join(20)
    program.start()
    rows = account.rows("SELECT externalid, foreigntotal FROM transaction WHERE type = 'CustInvc'")
    names = [row["externalid"] for row in rows]
    assert {f"I-{number}" for number in answered} <= set(names) and len(names) == len(set(names))
    assert len(names) - len(answered) in (0, 1) and {row["foreigntotal"] for row in rows} == {"1500"}
    page = account.read("invoice", limit=1000)
    assert page["totalResults"] == len(names)


def test_lists_and_queries_of_200_stay_quick_at_10_000_records(program: Program) -> None:
    account = Account(program.facts()).log_in()
    batch = [{"externalId": f"C-{n}", "companyName": f"Company {n}", "subsidiary": {"id": "1"}} for n in range(10_000)]
    answer = account.record("PUT", "customer", {"items": batch}, headers={"Prefer": "respond-async"}, timeout=120)
    deadline = time.monotonic() + 120
    while not account.client.get(answer.headers["Location"], timeout=120).json()["completed"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    calls = {
        "list": lambda: account.read("customer", limit=200, offset=9800),
        "filter": lambda: account.read("customer", limit=200, q='companyName START_WITH "Company 99"'),
        "eid": lambda: account.read("customer/eid:C-9999"),
        "keyset": lambda: account.rows(
            "SELECT id, companyname FROM customer WHERE id > ? ORDER BY id", "9000", limit=200
        ),
    }
    best = {}
    for name, call in calls.items():
        times = []
        for _ in range(7):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        best[name] = min(times)  # the machine is shared; the best run is the one without neighbours
    assert all(seconds < 0.05 for seconds in best.values()), best
