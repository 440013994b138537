"""How a command reaches a deployment, and what it says when it cannot."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from cli import connection
from cli.connection import Connection, ConnectionFailed, of_estate
from cli.settle import NotSettled, wait_until


class Answering(BaseHTTPRequestHandler):
    """answers: by path; asked: (path, authorization)."""

    answers: dict[str, tuple[int, str]] = {}
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        code, body = self.answers[self.path.partition("?")[0]]
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/problem+json" if '"title"' in body else "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Answering.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class FakeLambda:
    def __init__(self, payload: Any, error: str | None = None) -> None:
        self._payload, self._error = payload, error
        self.invoked: dict[str, Any] = {}

    def invoke(self, **call: Any) -> dict[str, Any]:
        self.invoked = call
        answer: dict[str, Any] = {"Payload": io.BytesIO(json.dumps(self._payload).encode())}
        return answer | ({"FunctionError": self._error} if self._error else {})


def to(url: str, aws: Any = None) -> Connection:
    return Connection("sandbox", url, "t0ken", aws)


def test_a_view_is_read_with_the_token_and_without_empty_questions(url: str) -> None:
    Answering.answers = {"/invoices": (200, '{"invoices": []}')}
    assert to(url).read("/invoices", legal_entity="US", status=None) == {"invoices": []}
    assert Answering.asked == [("/invoices?legal_entity=US", "Bearer t0ken")]


@pytest.mark.parametrize(
    ("code", "body", "words"),
    [
        (404, '{"title": "invoice_unknown", "status": 404, "id": "INV0"}', "invoice_unknown: id=INV0"),
        (401, '{"message": "Unauthorized"}', "refused the token"),
        (403, "", "refused the token"),
        (403, '{"title": "approver_is_submitter", "status": 403, "by": "Dana"}', "approver_is_submitter: by=Dana"),
        (502, "<html>", "answered 502"),
        (503, '{"message": "Service Unavailable"}', "Service Unavailable"),
    ],
)
def test_a_refusal_is_told_in_the_apis_words(url: str, code: int, body: str, words: str) -> None:
    Answering.answers = {"/status": (code, body)}
    with pytest.raises(ConnectionFailed, match=words):
        to(url).read("/status")


def test_an_api_that_is_not_there_is_named() -> None:
    with pytest.raises(ConnectionFailed, match="http://127.0.0.1:1 does not answer"):
        to("http://127.0.0.1:1").read("/status")


def test_an_operation_is_invoked_by_its_name_in_the_deployment() -> None:
    aws = FakeLambda({"started": True})
    assert to("", aws).act("start-billing", {"run": "r"}) == {"started": True}
    assert aws.invoked == {"FunctionName": "billweave-sandbox-start-billing", "Payload": b'{"run": "r"}'}


def test_an_operation_that_refuses_is_told_in_its_words() -> None:
    aws = FakeLambda({"errorMessage": '{"code": "action_not_allowed"}', "errorType": "BusinessException"}, "Unhandled")
    with pytest.raises(ConnectionFailed, match="act-on-exception refused: .*action_not_allowed"):
        to("", aws).act("act-on-exception", {})


def test_a_token_shows_nowhere(url: str) -> None:
    assert "t0ken" not in repr(to(url))


def test_no_estate_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(ConnectionFailed, match="billweave up"):
        of_estate(tmp_path)


def test_the_estates_file_tells_all_that_is_needed(tmp_path: Path) -> None:
    told = {
        "aws": {"endpoint_url": "http://127.0.0.1:4566", "region": "us-east-1", "account": "000000000001"},
        "api": {"base_url": "http://127.0.0.1:1/api", "token": "t"},
        "resources": {"deployment": "sandbox"},
    }
    (tmp_path / "estate.json").write_text(json.dumps(told))
    found = of_estate(tmp_path)
    assert (found.deployment, found.api_url, found.token) == ("sandbox", "http://127.0.0.1:1/api", "t")
    assert found.aws.meta.endpoint_url == "http://127.0.0.1:4566"


def test_a_token_is_the_one_given_else_asked_for_else_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BILLWEAVE_API_TOKEN", "BILLWEAVE_TOKEN_URL", "BILLWEAVE_CLIENT_ID", "BILLWEAVE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConnectionFailed, match="BILLWEAVE_TOKEN_URL, BILLWEAVE_CLIENT_ID"):
        connection._token()
    monkeypatch.setenv("BILLWEAVE_API_TOKEN", "given")
    assert connection._token() == "given"


def test_waiting_ends_when_it_holds_and_says_what_never_did(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.settle.STEP_S", 0.001)
    left = [False, False, True]
    assert wait_until("three looks", lambda: left.pop(0), 5) < 5
    with pytest.raises(NotSettled, match="the sun: not within 0 s"):
        wait_until("the sun", lambda: False, 0)
