"""Open routes: raw bytes in, a status out, nothing told to who must not know."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shared.faults import BusinessException, Duplicate, Poison, Throttled, Transient
from shared.runtime.http_edge import EdgeAnswer, EdgeRequest, http_edge
from tests.fakes.ports import FakePorts
from tests.unit.shared.runtime.conftest import Lines


def request(body: str = "x", **changed: Any) -> dict[str, Any]:
    http = {"method": "POST", "sourceIp": "192.0.2.1"}
    event = {
        "rawPath": "/webhooks/salesforce/s3cret",
        "pathParameters": {"secret": "s3cret"},
        "headers": {"Content-Type": "text/xml"},
        "requestContext": {"requestId": "request-1", "http": http},
        "body": body,
        "isBase64Encoded": False,
    }
    return {**event, **changed}


def edge_that(ports: FakePorts, outcome: EdgeAnswer | Exception, seen: list[EdgeRequest] | None = None) -> Any:
    @http_edge(wire=lambda: ports, limit_bytes=10)
    def handler(request: EdgeRequest, ports: FakePorts) -> EdgeAnswer:
        if seen is not None:
            seen.append(request)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return handler


def test_the_step_sees_the_bytes_as_they_were_sent() -> None:
    seen: list[EdgeRequest] = []
    handler = edge_that(FakePorts(), EdgeAnswer(200, "<Ack/>", "text/xml"), seen)
    raw = b"\xff\x00\xc3\xa4"
    answer = handler(request(base64.b64encode(raw).decode(), isBase64Encoded=True), None)
    handler(request("ä"), None)
    assert [each.body for each in seen] == [raw, "ä".encode()]
    assert (seen[0].parameters, seen[0].headers) == ({"secret": "s3cret"}, {"content-type": "text/xml"})
    assert (answer["statusCode"], answer["body"], answer["headers"]["Content-Type"]) == (200, "<Ack/>", "text/xml")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Poison("xml_broken"), 400),
        (BusinessException("organisation_unknown"), 403),
        (Throttled("slow_down", 7), 429),
        (Transient("aws_unavailable"), 503),
        (RuntimeError("bug"), 503),
        (EdgeAnswer(401, code="signature_missing"), 401),
    ],
)
def test_a_refusal_is_counted_and_says_nothing(outcome: Any, status: int) -> None:
    ports = FakePorts()
    answer = edge_that(ports, outcome)(request(), None)
    assert (answer["statusCode"], answer["body"]) == (status, "")
    ((name, _, dimensions),) = ports.counts.added
    assert (name, dimensions["status"]) == ("edge_refused", str(status))


def test_a_throttled_caller_is_told_when_to_come_again() -> None:
    answer = edge_that(FakePorts(), Throttled("slow_down", 7))(request(), None)
    assert answer["headers"]["Retry-After"] == "7"


def test_a_duplicate_is_a_success() -> None:
    ports = FakePorts()
    assert edge_that(ports, Duplicate("known"))(request(), None)["statusCode"] == 200
    assert ports.counts.added == []


def test_a_body_over_the_limit_reaches_nothing() -> None:
    seen: list[EdgeRequest] = []
    handler = edge_that(FakePorts(), EdgeAnswer(200), seen)
    assert handler(request("x" * 11), None)["statusCode"] == 413
    assert handler(request("x" * 10), None)["statusCode"] == 200
    assert len(seen) == 1


def test_a_body_that_is_no_base64_is_refused() -> None:
    answer = edge_that(FakePorts(), EdgeAnswer(200))(request("%%%", isBase64Encoded=True), None)
    assert answer["statusCode"] == 400


def test_neither_path_nor_body_nor_headers_are_logged(logged: Lines) -> None:
    edge_that(FakePorts(), EdgeAnswer(200))(request("hush", headers={"x": "hush"}, rawPath="/hush/s3cret"), None)
    assert [line["message"] for line in logged()] == ["in", "out"]
    assert "hush" not in str(logged()) and "s3cret" not in str(logged())
