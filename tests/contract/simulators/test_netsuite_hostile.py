"""Input nobody should send gets a 4xx in the vendor's form, never a 500, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.netsuite_account import Account

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
CUSTOMER = {"companyName": "Acme", "subsidiary": {"id": "1"}}


@pytest.mark.parametrize(
    "body",
    [
        CUSTOMER | {"subsidiary": {"id": {"deep": 1}}},
        CUSTOMER | {"subsidiary": []},
        CUSTOMER | {"companyName": {"a": 1}},
        CUSTOMER | {"companyName": "\ud800"},
        CUSTOMER | {"addressBook": []},
        CUSTOMER | {"addressBook": {"items": ["x"]}},
        CUSTOMER | {"creditLimit": "NaN"},
        CUSTOMER | {"creditLimit": 1e300},
        CUSTOMER | {"isInactive": "perhaps"},
        CUSTOMER | {"isPerson": True},
    ],
)
def test_bodies_of_the_wrong_form_are_refused(netsuite: Account, body: Any) -> None:
    answer = netsuite.record("POST", "customer", body)
    assert answer.status_code == 400 and answer.json()["o:errorDetails"]
    assert netsuite.read("customer")["totalResults"] == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"tranDate": "9999-12-31"},
        {"tranDate": "2040-01-01"},
        {"tranDate": "31.10.2026"},
        {"item": {"items": [{"item": "27", "amount": -5}]}},
        {"item": {"items": [{"item": "27", "line": 10**30, "amount": 5}]}},
        {"item": {"items": [{"item": "21", "amount": 5}]}},
        {"apply": 5, "entity": {"externalId": "nobody"}},
    ],
)
def test_invoices_that_make_no_sense_are_refused(netsuite: Account, fields: Any) -> None:
    netsuite.customer()
    answer = netsuite.record("POST", "invoice", netsuite.invoice_body() | fields)
    assert answer.status_code == 400 and answer.json()["o:errorDetails"]
    assert netsuite.read("invoice")["totalResults"] == 0 and netsuite.rows("SELECT id FROM transaction") == []


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000 + " FROM item", []),
        ("SELECT id FROM item WHERE id = ?", [10**30]),
        ("SELECT id FROM item WHERE id = ?", [{"a": 1}]),
        ("SELECT id FROM item WHERE itemid = ?", ["\ud800"]),
        ("SELECT TO_CHAR(id, 'YYYY') FROM item WHERE", []),
        ("SELECT id FROM item WHERE TO_DATE(itemid, 'YYYY') > SYSDATE", []),
        ("PRAGMA writable_schema = 1", []),
        ("SELECT name FROM sqlite_master", []),
        ("SELECT load_extension('x') FROM item", []),
        ("'", []),
    ],
)
def test_queries_that_cannot_run_are_refused(netsuite: Account, query: str, params: list[Any]) -> None:
    answer = netsuite.sql(query, *params)
    assert answer.status_code == 400 and answer.json()["o:errorDetails"]
    assert netsuite.sql("SELECT COUNT(*) FROM item").status_code == 200


def test_unknown_names_beyond_ascii_are_told_in_a_header_that_can_travel(netsuite: Account) -> None:
    answer = netsuite.record("PUT", "customer/eid:C-1", CUSTOMER | {"größe": 1, "x" * 20_000: 2})
    assert answer.status_code == 204 and len(answer.headers["Warning"]) <= 4000


def test_a_batch_without_records_is_refused_and_makes_no_job(netsuite: Account) -> None:
    for body in ({}, {"items": {}}, {"items": [1]}):
        answer = netsuite.record("PUT", "customer", body, headers={"Prefer": "respond-async"})
        assert answer.status_code == 400
    assert netsuite.call("GET", "/async/v1/job").json()["totalResults"] == 0


def test_control_calls_say_what_is_wrong(netsuite: Account) -> None:
    assert netsuite.client.post("/_sim/payments", content="{").status_code == 400
    assert netsuite.sim("POST", "payments", {"external_id": "nobody"}).status_code == 404
    assert netsuite.sim("POST", "periods/close", {"period": "1999-01"}).status_code == 404
    assert netsuite.sim("POST", "records", {"type": "spaceship"}).status_code == 400
