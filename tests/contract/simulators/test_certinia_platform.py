"""The package on the platform: locks, many at once, currencies, change events, durability, speed."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.contract.simulators.certinia_org import WEEK, Psa
from tests.contract.simulators.salesforce_org import Org, endpoint, until
from tests.contract.simulators.test_salesforce_events import Bus, taking
from tests.simulator import Simulator

pytest_plugins = ["tests.contract.simulators.certinia_fixtures"]
HEADER = "pse__Timecard_Header__c"


def body(psa: Psa, **fields: Any) -> dict[str, Any]:
    week = {"pse__Start_Date__c": WEEK, "pse__End_Date__c": "2026-03-15", "pse__Monday_Hours__c": 8}
    who = {"pse__Resource__c": psa.resource, "pse__Assignment__c": psa.assignment, "pse__Project__c": psa.project}
    return {"attributes": {"type": HEADER}} | week | who | fields


def test_parallel_writes_on_one_project_meet_a_lock(psa: Psa) -> None:
    elsewhere = psa.new_project("Elsewhere")
    other = psa.assign(elsewhere, psa.resource)
    psa.org.settings(write_hold_ms=400)
    began = threading.Barrier(3)

    def write(one: dict[str, Any]) -> httpx.Response:
        began.wait()
        return psa.org.call("POST", f"sobjects/{HEADER}", json=one)

    there = body(psa, pse__Project__c=elsewhere, pse__Assignment__c=other)
    with ThreadPoolExecutor(3) as pool:
        here_1, here_2, free = pool.map(write, [body(psa), body(psa), there])
    assert free.status_code == 201
    assert sorted((here_1.status_code, here_2.status_code)) == [201, 400]
    loser = here_1 if here_1.status_code == 400 else here_2
    assert loser.json()[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"


def test_a_collection_of_timecards_answers_row_by_row(psa: Psa) -> None:
    records = [
        body(psa, Fabric_Key__c="a"),
        body(psa, pse__End_Date__c=WEEK),
        body(psa, Fabric_Key__c="a"),
        body(psa, No__c=1),
    ]
    done = psa.org.ok("POST", "composite/sobjects", json={"allOrNone": False, "records": records})
    assert [row["success"] for row in done] == [True, False, False, False]
    assert [row["errors"][0]["statusCode"] for row in done[1:]] == [
        "FIELD_CUSTOM_VALIDATION_EXCEPTION", "DUPLICATE_VALUE", "INVALID_FIELD",
    ]  # fmt: skip
    again = psa.org.ok("PATCH", f"composite/sobjects/{HEADER}/Fabric_Key__c", json={"records": [records[0]]})
    assert again[0]["created"] is False and len(psa.splits(again[0]["id"])) == 1


def test_a_rolled_back_collection_leaves_no_split_behind(psa: Psa) -> None:
    records = [body(psa), body(psa, pse__End_Date__c=WEEK)]
    psa.org.ok("POST", "composite/sobjects", json={"allOrNone": True, "records": records})
    assert psa.org.query("SELECT COUNT() FROM pse__Timecard__c")["totalSize"] == 0


def test_the_governor_ends_too_large_a_batch(psa: Psa) -> None:
    psa.org.settings(rows_per_transaction=3)
    done = psa.org.ok("POST", "composite/sobjects", json={"records": [body(psa) for _ in range(5)]})
    assert [row["success"] for row in done] == [True, True, True, False, False]
    error = done[-1]["errors"][0]
    assert error["statusCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" and "CPU time limit" in error["message"]
    assert psa.org.ok("POST", "composite/sobjects", json={"records": [body(psa)]})[0]["success"]


def test_amounts_are_in_the_projects_currency(psa: Psa) -> None:
    psa.project = psa.new_project(CurrencyIsoCode="JPY")
    psa.assignment = psa.assign(psa.project, psa.resource, pse__Bill_Rate__c=20000)
    timecard = psa.approved()
    event = psa.generate()
    rows = [psa.org.get(HEADER, timecard), psa.splits(timecard)[0], psa.event(event), psa.items(event)[0]]
    assert {row["CurrencyIsoCode"] for row in rows} == {"JPY"} and rows[2]["pse__Summary_Amount__c"] == 160000


def test_an_org_of_one_currency_has_no_currency_column(psa: Psa) -> None:
    psa.org.settings(multi_currency=False)
    status, error = psa.org.no_query("SELECT CurrencyIsoCode FROM pse__Timecard__c")
    assert (status, error["errorCode"]) == (400, "INVALID_FIELD")
    event = psa.generate() if psa.approved() else ""
    assert psa.event(event)["pse__Summary_Amount__c"] == 1200


def test_an_unknown_field_of_the_package_is_refused(psa: Psa) -> None:
    refusal = psa.org.refused("POST", "sobjects/pse__Proj__c", json={"Name": "P", "pse__Nonsense__c": 1})
    assert refusal[1]["errorCode"] == "INVALID_FIELD"


def test_a_release_is_told_by_a_change_event_and_a_formula_is_not(psa: Psa) -> None:
    psa.approved()
    event = psa.generate()
    with endpoint(taking) as (url, came):
        bus = Bus.__new__(Bus)
        bus._org, bus._came = psa.org, came
        spec = {"endpoint_url": url, "region": "eu-central-1", "access_key": "test", "bus": "partner"}
        objects = ["pse__Billing_Event__c", "pse__Timecard__c"]
        bus.relay = psa.org.sim("POST", "event-relay", spec | {"objects": objects})
        psa.org.change("pse__Proj__c", psa.project, pse__Exclude_From_Billing__c=True)
        psa.org.change("pse__Proj__c", psa.project, pse__Exclude_From_Billing__c=False)
        psa.org.change("pse__Billing_Event__c", event, pse__Is_Released__c=True)
        [detail] = bus.wait(1)
        assert bus.entries()[0]["DetailType"] == "pse__Billing_Event__ChangeEvent"
    payload = detail["payload"]
    assert "pse__Is_Released__c" in payload["ChangeEventHeader"]["changedFields"]
    assert payload["pse__Is_Released__c"] is True and "psaws__Billing_Event_Stage__c" not in payload


def test_an_outbound_message_tells_of_a_release(psa: Psa) -> None:
    from tests.contract.simulators.test_salesforce_outbound import acking

    psa.approved()
    event = psa.generate()
    with endpoint(acking) as (url, came):
        rule = {"url": url, "object": "pse__Billing_Event__c", "when": {"field": "pse__Is_Released__c", "equals": True}}
        psa.org.sim(
            "POST", "outbound-messages", rule | {"fields": ["pse__Event_Key__c", "psaws__Billing_Event_Stage__c"]}
        )
        psa.press("release", events=[event])
        until(lambda: came)
    text = came[0].body.decode()
    assert f"<sf:Id>{event}</sf:Id>" in text and "<sf:psaws__Billing_Event_Stage__c>Released<" in text


def test_everything_answered_survives_kill_9(tmp_path: Path) -> None:
    running = Simulator("certinia", tmp_path)
    try:
        with httpx.Client(base_url=running.told["base_url"], timeout=20, trust_env=False) as client:
            org = Org(running.told, client)
            psa = Psa(org.login(), org.login(org.credentials)).open()
            timecard = psa.approved()
            event = psa.generate(release=True)
            psa.write_back(event)
            psa.org.settings(yes="Ja")
            before = psa.org.get("pse__Timecard__c", psa.splits(timecard)[0]["Id"])
            running.kill()
            running.start()
            assert psa.org.get("pse__Timecard__c", before["Id"]) == before  # with the token from before
            assert psa.event(event)["pse__Invoice_Number__c"] == "INV-2026-0042"
            names = [psa.org.get(HEADER, each)["Name"] for each in (timecard, psa.enter())]
            assert len(set(names)) == 2
    finally:
        running.stop()


def test_a_page_of_ten_thousand_splits_is_quick(psa: Psa) -> None:
    hours = {f"pse__{day}_Hours__c": 2 for day in ("Monday", "Friday")}
    began = time.perf_counter()
    for _ in range(50):
        done = psa.org.ok("POST", "composite/sobjects", json={"records": [body(psa, **hours) for _ in range(200)]})
        assert all(row["success"] for row in done)
    each_ms = (time.perf_counter() - began) / 10_000 * 1000
    soql = (
        "SELECT Id, pse__Timecard_Header__c, pse__Resource__c, pse__Project__c, pse__Total_Hours__c, SystemModstamp "
        "FROM pse__Timecard__c WHERE pse__Billed__c = false AND SystemModstamp > 2020-01-01T00:00:00Z "
        "ORDER BY SystemModstamp, Id LIMIT 200"
    )
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert len(psa.org.rows(soql)) == 200
        times.append((time.perf_counter() - began) * 1000)
    print(json.dumps({"create_ms": round(each_ms, 2), "page_ms": [round(one, 1) for one in times]}))
    assert each_ms < 10 and min(times) < 150
