"""The experience API, asked as API Gateway asks it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from functions.experience import api, routes
from shared.faults import Transient
from tests.stories import Fabric, a_contract, an_entry, time_and_materials

CONTEXT: Any = SimpleNamespace(aws_request_id="r-1", function_name="api", memory_limit_in_mb=512)


@pytest.fixture
def fabric(monkeypatch: pytest.MonkeyPatch) -> Fabric:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry())
    fabric.bill()
    monkeypatch.setattr(routes, "ports", lambda: fabric.ports)
    return fabric


def get(path: str, method: str = "GET", **query: str) -> tuple[int, Any]:
    event = {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": path,
        "rawQueryString": "&".join(f"{name}={value}" for name, value in query.items()),
        "headers": {"accept": "application/json"},
        "queryStringParameters": query or None,
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default", "requestId": "r-1"},
        "isBase64Encoded": False,
    }
    answer = api.handler(event, CONTEXT)
    return int(answer["statusCode"]), json.loads(answer["body"]) if answer.get("body") else None


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/status", "invoices"),
        ("/invoices", "invoices"),
        ("/exceptions", "exceptions"),
        ("/projects", "projects"),
        ("/audit", "holds"),
        ("/trace/contract-1", "events"),
    ],
)
def test_every_view_has_its_route(fabric: Fabric, path: str, key: str) -> None:
    code, body = get(path)
    assert code == 200 and key in body


def test_an_invoice_is_read_by_any_id_and_explained(fabric: Fabric) -> None:
    invoice_id = next(iter(fabric.ports.invoices.rows))
    code, body = get(f"/invoices/INV-{invoice_id}")
    assert (code, body["invoice_id"], body["net"]) == (200, invoice_id, "150.00")
    code, body = get(f"/invoices/{invoice_id}/issued")
    assert code == 200 and body["number"] == f"INV-{invoice_id}" and body["document"]["totals"]
    code, body = get(f"/invoices/{invoice_id}/explain", line="1")
    assert code == 200 and [line["line_id"] for line in body["lines"]] == ["1"]


def test_views_are_narrowed_by_the_query(fabric: Fabric) -> None:
    assert get("/invoices", legal_entity="DE")[1] == {"invoices": []}
    assert get("/invoices", status="posted")[1]["invoices"]
    assert get("/exceptions", status="open")[1] == {"exceptions": []}
    assert get("/projects", status="blocked")[1] == {"projects": []}
    assert get("/audit", legal_entity="US")[1]["holds"] is True


def test_what_nobody_knows_is_404_and_says_what_was_asked(fabric: Fabric) -> None:
    assert get("/invoices/INV-0") == (404, {"title": "invoice_unknown", "status": 404, "id": "INV-0"})
    assert get("/trace/nothing")[0] == 404
    invoice_id = next(iter(fabric.ports.invoices.rows))
    assert get(f"/invoices/{invoice_id}/explain", line="9")[0] == 404


def test_what_cannot_be_answered_yet_is_409_and_keeps_its_status(fabric: Fabric) -> None:
    fabric.approve(an_entry("t-2"))
    (sealed,) = [each["invoice_id"] for each in fabric.draft()["invoices"]]
    code, body = get(f"/invoices/{sealed}/explain")
    assert (code, body["title"], body["status"], body["invoice_id"]) == (409, "invoice_not_priced", 409, sealed)


def test_what_may_work_later_is_503(fabric: Fabric, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Transient("aws_busy")

    monkeypatch.setattr(fabric.ports.policies, "current", busy)
    assert get("/status") == (503, {"title": "aws_busy", "status": 503})


def test_a_question_that_is_none_is_refused_before_anything_is_read(fabric: Fabric) -> None:
    assert get("/exceptions", status="forgotten")[0] == 422
    assert get(f"/trace/{'x' * 201}")[0] == 422
    assert get("/tables")[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written_here(fabric: Fabric, method: str) -> None:
    assert get("/invoices", method)[0] == 404
