"""Many calls in one: reads beside changesets, all or nothing, references within."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.contract.simulators.sap_tenant import DEBITS, PARTNERS, Tenant, customer_body, request_body

pytest_plugins = ["tests.contract.simulators.sap_fixtures"]
pytestmark = pytest.mark.estate


def get(path: str) -> str:
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    return f"{head}GET {path} HTTP/1.1\r\nAccept: application/json\r\n\r\n"


def changeset(*writes: tuple[str, str, Any]) -> str:
    parts = ""
    for number, (method, path, body) in enumerate(writes, 1):
        text = json.dumps(body)
        parts += (
            "--change\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: {number}\r\n\r\n{method} {path} HTTP/1.1\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nIf-Match: *\r\nContent-Length: {len(text)}\r\n\r\n{text}\r\n"
        )
    return f"Content-Type: multipart/mixed; boundary=change\r\n\r\n{parts}--change--\r\n"


def send(sap: Tenant, root: str, *parts: str) -> httpx.Response:
    body = "".join(f"--all\r\n{part}\r\n" for part in parts) + "--all--\r\n"
    kind = {"Content-Type": "multipart/mixed; boundary=all"}
    return sap.client.post(f"{root}$batch", content=body.encode(), headers=kind)


def statuses(answer: httpx.Response) -> list[int]:
    return [int(status) for status in re.findall(r"HTTP/1\.1 (\d{3})", answer.text)]


def test_reads_and_a_changeset_travel_together(sap: Tenant) -> None:
    sap.customer("OLD")
    answer = send(
        sap,
        PARTNERS,
        get("A_BusinessPartner?$filter=BusinessPartnerIDByExtSystem%20eq%20'OLD'"),
        changeset(("POST", "A_BusinessPartner", customer_body("A")), ("POST", "A_BusinessPartner", customer_body("B"))),
        get("A_BusinessPartner('999')"),
    )
    assert answer.status_code == 202 and answer.headers["content-type"].startswith("multipart/mixed")
    assert statuses(answer) == [200, 201, 201, 404]
    assert len(sap.rows(f"{PARTNERS}A_BusinessPartner")) == 3


def test_one_refusal_undoes_the_whole_changeset_and_answers_once(sap: Tenant) -> None:
    bad = customer_body("B") | {"BusinessPartnerCategory": "9"}
    answer = send(
        sap, PARTNERS, changeset(("POST", "A_BusinessPartner", customer_body("A")), ("POST", "A_BusinessPartner", bad))
    )
    assert answer.status_code == 202 and statuses(answer) == [400]
    assert sap.rows(f"{PARTNERS}A_BusinessPartner") == []


def test_changesets_stand_and_fall_apart(sap: Tenant) -> None:
    bad = customer_body("B") | {"BusinessPartnerCategory": "9"}
    one, other = (changeset(("POST", "A_BusinessPartner", body)) for body in (bad, customer_body("A")))
    assert statuses(send(sap, PARTNERS, one, other)) == [400, 201]
    assert len(sap.rows(f"{PARTNERS}A_BusinessPartner")) == 1


def test_a_part_refers_to_what_an_earlier_one_made(sap: Tenant) -> None:
    address = ("POST", "$1/to_BusinessPartnerAddress", {"Country": "FR"})
    answer = send(sap, PARTNERS, changeset(("POST", "A_BusinessPartner", customer_body("A")), address))
    assert statuses(answer) == [201, 201]
    assert len(sap.rows(f"{PARTNERS}A_BusinessPartnerAddress")) == 2


def test_a_change_outside_a_changeset_is_refused(sap: Tenant) -> None:
    part = get("A_BusinessPartner").replace("GET", "POST")
    assert statuses(send(sap, PARTNERS, part)) == [400]


def test_a_batch_needs_the_token(sap: Tenant) -> None:
    del sap.client.headers["X-CSRF-Token"]
    assert send(sap, PARTNERS, get("A_BusinessPartner")).status_code == 403


def test_two_requests_are_made_in_one_call(sap: Tenant) -> None:
    customer = sap.customer()
    writes = [("POST", "A_DebitMemoRequest", request_body(customer, PurchaseOrderByCustomer=name)) for name in "AB"]
    assert statuses(send(sap, DEBITS, *(changeset(write) for write in writes))) == [201, 201]
    assert len(sap.rows(f"{DEBITS}A_DebitMemoRequest")) == 2
