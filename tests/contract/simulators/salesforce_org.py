"""What the tests beside this file say to a simulated Salesforce org."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import jwt

DATA = "/services/data/v66.0"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def until(holds: Callable[[], Any], *, seconds: float = 10) -> Any:
    """The first true answer of `holds`; fails the test when there is none in time."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


@dataclass
class Org:
    """One caller. `ok` gives the body of a success, `refused` (status, first error) of anything else."""

    ready: dict[str, Any]
    client: httpx.Client
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def credentials(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ready["credentials"]
        return found

    def assertion(self, who: dict[str, Any], **changed: Any) -> str:
        claims = {
            "iss": who["client_id"],
            "sub": who["username"],
            "aud": who["audience"],
            "exp": int(time.time()) + 180,
        }
        return jwt.encode(claims | changed, who["private_key"], algorithm="RS256")

    def login(self, who: dict[str, Any] | None = None, **changed: Any) -> Org:
        """Another caller on the same org: the seller unless told otherwise."""
        who = who or self.credentials["people"]
        form = {"grant_type": JWT_BEARER, "assertion": self.assertion(who, **changed)}
        body = self.client.post("/services/oauth2/token", data=form)
        assert body.status_code == 200, body.text
        return Org(self.ready, self.client, body.json()["access_token"])

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        path = path if path.startswith("/") else f"{DATA}/{path}"
        headers = {"Authorization": f"Bearer {self.token}"} | self.headers | kwargs.pop("headers", {})
        return self.client.request(method, path, headers=headers, **kwargs)

    def ok(self, method: str, path: str, **kwargs: Any) -> Any:
        answer = self.call(method, path, **kwargs)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return json.loads(answer.content, parse_float=Decimal) if answer.content else None

    def refused(self, method: str, path: str, **kwargs: Any) -> tuple[int, dict[str, Any]]:
        answer = self.call(method, path, **kwargs)
        assert answer.status_code >= 300, f"{method} {path}: {answer.status_code} {answer.text}"
        body = answer.json()
        assert isinstance(body, list)
        return answer.status_code, body[0]

    def query(self, soql: str, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.ok("GET", "query", params={"q": soql}, **kwargs)
        return found

    def rows(self, soql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.query(soql)["records"]
        return found

    def no_query(self, soql: str) -> tuple[int, dict[str, Any]]:
        return self.refused("GET", "query", params={"q": soql})

    def create(self, sobject: str, **fields: Any) -> str:
        return str(self.ok("POST", f"sobjects/{sobject}", json=fields)["id"])

    def get(self, sobject: str, record_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ok("GET", f"sobjects/{sobject}/{record_id}")
        return found

    def change(self, sobject: str, record_id: str, **fields: Any) -> None:
        self.ok("PATCH", f"sobjects/{sobject}/{record_id}", json=fields)

    def deal(self, **fields: Any) -> str:
        given = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-03-31"} | fields
        return self.create("Opportunity", **given)

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.client.request(method, f"/_sim/{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def settings(self, **wanted: Any) -> None:
        self.sim("POST", "settings", wanted)

    def plant(self, action: str, **params: Any) -> None:
        self.sim("POST", "faults", {"action": action, **params})


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


Reply = Callable[[Received], tuple[int, str, bytes]]
"""What came -> (status, content type, body)."""


@contextmanager
def endpoint(reply: Reply) -> Iterator[tuple[str, list[Received]]]:
    """An HTTP server for what the org sends out: its url, and what came, in order."""
    came: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            one = Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            came.append(one)
            status, kind, text = reply(one)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", came
    finally:
        server.shutdown()
        server.server_close()
