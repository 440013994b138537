"""Faults only this vendor has, beside the kit's. Each is planted through `/_sim/faults` like any other.

- html_error: {"status": 502}: the gateway's HTML page, nothing done
- commit_then_gateway: {"status": 504}: carried out, the answer is the gateway's HTML page
- commit_then_500: carried out, the answer is a 500 Internal_ServerError
- unavailable: {"retry_after": 5}: 503 with Retry-After, nothing done
- locked: {"status": 409}: another session holds the table; nothing done
- refuse: {"status", "code", "message"}: the API's error body with these words, nothing done
- cancel_halfway: {"stage": "created" | "posted"}: `cancel` makes its credit memo (a draft, or posted) and then fails
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.business_central.errors import Refused
from sandbox.business_central.governor import too_many
from sandbox.business_central.service import HALFWAY
from sandbox.kit.faults import Fault, FaultPlan

_OWN = frozenset({"html_error", "commit_then_gateway", "commit_then_500", "unavailable", "locked", "refuse"})
EXTRA_ACTIONS = _OWN | HALFWAY
_HTML = "<html><head><title>{status}</title></head><body><h1>Microsoft-Azure-Application-Gateway/v2</h1></body></html>"
_LANGUAGE = "en-US"


class VendorFaults:
    """ASGI layer under the kit's FaultLayer."""

    def __init__(self, app: ASGIApp, plan: FaultPlan) -> None:
        self._app, self._plan = app, plan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sim/"):
            await self._app(scope, receive, send)
            return
        fault = self._plan.take(scope["method"], scope["path"], _OWN)
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.action.startswith("commit_then"):
            await self._app(scope, receive, _unread)
        await _answer(fault)(scope, receive, send)


async def _unread(message: Message) -> None:
    """The answer nobody will get."""


def _answer(fault: Fault) -> Response:
    match fault.action:
        case "html_error" | "commit_then_gateway":
            status = int(fault.params.get("status", 502 if fault.action == "html_error" else 504))
            return Response(_HTML.format(status=status), status, media_type="text/html")
        case "commit_then_500":
            return Refused(500, "Internal_ServerError", "server_error").response(_LANGUAGE)
        case "unavailable":
            answer = Refused(503, "Internal_ServerError", "unavailable").response(_LANGUAGE)
            answer.headers["Retry-After"] = str(fault.params.get("retry_after", 5))
            return answer
        case "locked":
            status = int(fault.params.get("status", 409))
            return Refused(status, "Application_DialogException", "locked", table="Sales Header").response(_LANGUAGE)
    error = {"code": str(fault.params.get("code", "Unknown")), "message": str(fault.params.get("message", ""))}
    return JSONResponse({"error": error}, int(fault.params.get("status", 400)))


class Throttled(Response):
    """Over a limit: 429, with Retry-After only if the fault brings one (it is not promised on 429)."""

    def __init__(self, fault: Fault | None) -> None:
        super().__init__()
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = too_many(101, 100).response(_LANGUAGE)
        if self._fault and "retry_after" in self._fault.params:
            answer.headers["Retry-After"] = str(self._fault.params["retry_after"])
        await answer(scope, receive, send)
