"""`$batch` in JSON (notes, A3 "Batch"): by itself, or all or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.simulators.business_central_account import Body, Tenant, error

pytest_plugins = ["tests.contract.simulators.business_central_fixtures"]
pytestmark = pytest.mark.estate


def batch(tenant: Tenant, requests: list[Body], **headers: str) -> Any:
    return tenant.call("POST", f"{tenant.api}/$batch", {"requests": requests}, headers=headers)


def customer(tenant: Tenant, number: str, key: str | None = None, **fields: Any) -> Body:
    body = {"number": number, "displayName": number} | fields
    one = {"method": "POST", "url": f"companies({tenant.company})/customers", "body": body}
    return one | ({"id": key} if key else {}) | {"headers": {"Content-Type": "application/json"}}


def test_parts_succeed_and_fail_by_themselves_under_a_200(tenant: Tenant) -> None:
    parts = [customer(tenant, "C-1", "a"), customer(tenant, "C-1", "b"), customer(tenant, "C-2", "c")]
    answer = batch(tenant, parts)
    shown = [(one["id"], one["status"]) for one in answer.json()["responses"]]
    assert (answer.status_code, shown) == (200, [("a", 201), ("b", 400), ("c", 201)])
    failed = answer.json()["responses"][1]["body"]["error"]
    assert failed["code"] == "Internal_EntityWithSameKeyExists"
    assert len(tenant.list("customers")) == 2


def test_a_snapshot_keeps_nothing_when_a_part_fails_though_the_others_say_201(tenant: Tenant) -> None:
    parts = [customer(tenant, "C-1", "a"), customer(tenant, "C-1", "b"), customer(tenant, "C-2", "c")]
    answer = batch(tenant, parts, Isolation="snapshot")
    assert [one["status"] for one in answer.json()["responses"]] == [201, 400]
    assert tenant.list("customers") == []
    assert [one["status"] for one in batch(tenant, parts[::2], Isolation="snapshot").json()["responses"]] == [201, 201]
    assert len(tenant.list("customers")) == 2


def test_parts_may_read_change_and_act_with_their_own_headers(tenant: Tenant) -> None:
    made = tenant.customer()
    draft = tenant.draft()
    base = f"companies({tenant.company})"
    answer = batch(tenant, [
        {"method": "GET", "id": "1", "url": f"{base}/customers?$filter=number eq 'C-1'&$select=number"},
        {"method": "PATCH", "id": "2", "url": f"{base}/customers({made['id']})", "body": {"city": "Bonn"}},
        {"method": "PATCH", "id": "3", "url": f"{base}/customers({made['id']})", "body": {"city": "Bonn"},
         "headers": {"If-Match": "*"}},
        {"method": "POST", "id": "4", "url": f"{base}/salesInvoices({draft['id']})/Microsoft.NAV.post"},
        {"method": "GET", "id": "5", "url": f"{base}/salesInvoices({draft['id']})"},
    ])  # fmt: skip
    responses = answer.json()["responses"]
    assert [one["status"] for one in responses] == [200, 400, 200, 204, 200]
    assert responses[0]["body"]["value"][0]["number"] == "C-1" and "body" not in responses[3]
    assert responses[4]["body"]["status"] == "Open"


def test_a_company_may_come_from_a_header_or_the_batch_address(tenant: Tenant) -> None:
    part = customer(tenant, "C-1") | {"url": "customers", "headers": {"Company": "DE"}}
    assert batch(tenant, [part]).json()["responses"][0]["status"] == 201
    part = customer(tenant, "C-2") | {"url": "customers"}
    address = f"{tenant.api}/$batch?company={tenant.company}"
    answer = tenant.call("POST", address, {"requests": [part]})
    assert answer.json()["responses"][0]["status"] == 201
    assert len(tenant.list("customers")) == 2


def test_a_batch_has_a_shape_and_a_size(tenant: Tenant) -> None:
    assert error(tenant.call("POST", f"{tenant.api}/$batch", {}))[:2] == (400, "BadRequest")
    assert error(tenant.call("POST", f"{tenant.api}/$batch", {"requests": [1]}))[:2] == (400, "BadRequest")
    many = [customer(tenant, f"C-{n}") for n in range(101)]
    assert error(batch(tenant, many))[:2] == (400, "BadRequest")
    assert len(batch(tenant, many[:100]).json()["responses"]) == 100
