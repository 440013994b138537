"""Faults only this vendor has, beside the kit's. Each is planted through `/_sim/faults` like any other.

- commit_then_500: the call is carried out, the answer is a 500 UNEXPECTED_ERROR with an Error ID
- late_visible: {"seconds": 5}: carried out, the connection is cut, and what it created stays unseen (by id, eid, list
  and SuiteQL) that long; a PUT by eid meanwhile meets the record, as the vendor's unique index would
- html_error: {"status": 502}: a proxy's HTML page, nothing done
- broken_json_error: {"status": 429}: an error body that is no valid JSON (one published sample is not), nothing done
- invalid_login: 401 INVALID_LOGIN, as too many parallel calls can surface; nothing done
"""

from __future__ import annotations

import json
import uuid

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.kit.faults import Fault, FaultPlan
from sandbox.netsuite.errors import ERROR_TYPE, Detail, NetSuiteError, busy_body, error_response
from sandbox.netsuite.visibility import hide_for_s

EXTRA_ACTIONS = frozenset({"commit_then_500", "late_visible", "html_error", "broken_json_error", "invalid_login"})
LOGIN_TEXT = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at Setup > Users/Roles > "
    "User Management > View Login Audit Trail."
)
_HTML = (
    "<html><head><title>NetSuite - Error</title></head><body><h1>{status}</h1><p>Please try again.</p></body></html>"
)


class NetSuiteFaults:
    """ASGI layer under the kit's FaultLayer."""

    def __init__(self, app: ASGIApp, plan: FaultPlan) -> None:
        self._app, self._plan = app, plan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sim/"):
            await self._app(scope, receive, send)
            return
        fault = self._plan.take(scope["method"], scope["path"], EXTRA_ACTIONS)
        match fault.action if fault else None:
            case "commit_then_500":
                await self._app(scope, receive, _unread)
                await _unexpected()(scope, receive, send)
            case "late_visible":
                await self._late(fault, scope, receive)
            case "html_error" | "broken_json_error" | "invalid_login":
                assert fault is not None
                await _answer(fault)(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _late(self, fault: Fault | None, scope: Scope, receive: Receive) -> None:
        assert fault is not None
        mark = hide_for_s.set(float(fault.params.get("seconds", 5)))
        try:
            await self._app(scope, receive, _unread)
        finally:
            hide_for_s.reset(mark)
        # uvicorn's `receive` is a method of the object that holds the transport
        receive.__self__.transport.abort()  # type: ignore[attr-defined]


async def _unread(message: Message) -> None:
    """The answer nobody will get."""


def _answer(fault: Fault) -> Response:
    if fault.action == "html_error":
        status = int(fault.params.get("status", 502))
        return Response(_HTML.format(status=status), status, media_type="text/html")
    if fault.action == "broken_json_error":
        status = int(fault.params.get("status", 429))
        broken = json.dumps(busy_body() | {"status": status}).replace(', "o:errorDetails"', ' "o:errorDetails"')
        return Response(broken, status, {"Content-Type": ERROR_TYPE})
    return error_response(invalid_login())


def invalid_login() -> NetSuiteError:
    return NetSuiteError(401, Detail(LOGIN_TEXT, "INVALID_LOGIN"))


def _unexpected() -> Response:
    text = f"An unexpected error occurred. Error ID: {uuid.uuid4().hex[:24]}"
    return error_response(NetSuiteError(500, Detail(text, "UNEXPECTED_ERROR")))


class Throttled(Response):
    """Over the concurrency limit: REST 429 in its misleading shape, RESTlet 400. Never a Retry-After unless asked."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__()
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/app/site/hosting/"):
            body = {
                "error": {"code": "SSS_REQUEST_LIMIT_EXCEEDED", "message": "Request limit exceeded. Please try again."}
            }
            answer = Response(json.dumps(body), 400, media_type="application/json")
        else:
            answer = Response(json.dumps(busy_body()), 429, {"Content-Type": ERROR_TYPE})
        if self._fault and "retry_after" in self._fault.params:
            answer.headers["Retry-After"] = str(self._fault.params["retry_after"])
        await answer(scope, receive, send)
