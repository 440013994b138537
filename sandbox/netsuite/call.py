"""One REST call as data, so that it can be carried out now or, with `Prefer: respond-async`, later."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.netsuite.errors import Detail, NetSuiteError, error_response

_KEPT = (
    "x-netsuite-propertynamevalidation",
    "x-netsuite-propertyvaluevalidation",
    "prefer",
    "x-netsuite-idempotency-key",
)


@dataclass
class Call:
    """`path`: after /services/rest. `origin`: scheme and host as the caller reached us. Headers: the ones that matter."""

    method: str
    path: str
    origin: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def json(self) -> dict[str, Any]:
        """The body as an object; numbers with a fraction are Decimal. Raises NetSuiteError 400."""
        if not self.body.strip():
            return {}
        try:
            body = json.loads(self.body, parse_float=Decimal)
        except ValueError as exc:
            raise _unreadable(f"Invalid content in the request body. {exc}") from exc
        if not isinstance(body, dict):
            raise _unreadable("Invalid content in the request body. A JSON object is expected.")
        return body

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() == "true"

    def names(self, name: str) -> frozenset[str]:
        return frozenset(part.strip() for part in self.query.get(name, "").split(",") if part.strip())

    def header(self, name: str, default: str = "") -> str:
        return self.headers.get(name.lower(), default)

    def prefers(self, word: str) -> bool:
        return word in [part.strip().lower() for part in self.header("prefer").split(",")]


def _unreadable(text: str) -> NetSuiteError:
    return NetSuiteError(400, Detail(text, "INVALID_CONTENT"))


@dataclass
class Answer:
    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return Response(self.body, self.status, self.headers)


def refused(error: NetSuiteError) -> Answer:
    response = error_response(error)
    return Answer(
        error.status,
        bytes(response.body).decode(),
        {k: v for k, v in response.headers.items() if k != "content-length"},
    )


async def call_of(request: Request) -> Call:
    """Raises NetSuiteError for a body that is too large, of another type, or no UTF-8."""
    raw = await request.body()
    if len(raw) > 104 * 1024 * 1024:
        raise NetSuiteError(400, Detail("The request body exceeds 104 MB.", "INVALID_REQUEST"))
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if raw and kind not in ("application/json", "application/vnd.oracle.resource+json"):
        raise NetSuiteError(
            415,
            Detail(f"Content type '{kind}' is not supported.", "INVALID_REQUEST", {"o:errorHeader": "Content-Type"}),
        )
    try:
        body = raw.decode()
    except UnicodeDecodeError as exc:
        raise _unreadable("Invalid content in the request body. It is not UTF-8.") from exc
    headers = {name: request.headers[name] for name in _KEPT if name in request.headers}
    path = request.url.path.removeprefix("/services/rest")
    origin = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
    return Call(request.method, path, origin, dict(request.query_params), headers, body)
