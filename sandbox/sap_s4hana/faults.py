"""Faults only this vendor has, beside the kit's. Each is planted through `/_sim/faults` like any other.

- commit_then_500: the call is carried out, the answer is a 500 without a word of it
- late_visible: {"seconds": 5}: carried out, the connection is cut, and what it created stays unseen that long
- late_read: {"seconds": 5}: carried out and answered; what it created stays unseen that long, though its event is told
- locked: 400, the object is being processed by another user; nothing done
- html_error: {"status": 503, "retry_after"?}: a page of the web server, nothing done
- csrf_required: 403 with `X-CSRF-Token: Required`, nothing done
- cancel_refused: {"text"?}: the function Cancel answers 200 with a row of message type E, nothing done
- event_duplicate {"copies"?}, event_reorder {"seconds"?}, event_drop: deliveries, by method EVENT and the type as path
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.kit.faults import Fault, FaultPlan
from sandbox.sap_s4hana.errors import html_page
from sandbox.sap_s4hana.visibility import hide_for_s

EVENTS = frozenset({"event_duplicate", "event_reorder", "event_drop"})
INNER = frozenset({"locked", "csrf_required", "cancel_refused"})
"""Answered by the gateway, in the shape of the service."""
_LAYER = frozenset({"commit_then_500", "late_visible", "late_read", "html_error"})
EXTRA_ACTIONS = EVENTS | INNER | _LAYER


class SapFaults:
    """ASGI layer under the kit's FaultLayer."""

    def __init__(self, app: ASGIApp, plan: FaultPlan) -> None:
        self._app, self._plan = app, plan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_sim/"):
            await self._app(scope, receive, send)
            return
        fault = self._plan.take(scope["method"], scope["path"], _LAYER)
        match fault.action if fault else None:
            case "commit_then_500":
                await self._app(scope, receive, _unread)
                await _page(500, None)(scope, receive, send)
            case "late_visible" | "late_read":
                assert fault is not None
                await self._late(fault, scope, receive, send)
            case "html_error":
                assert fault is not None
                await _page(int(fault.params.get("status", 503)), fault)(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _late(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        mark = hide_for_s.set(float(fault.params.get("seconds", 5)))
        try:
            await self._app(scope, receive, send if fault.action == "late_read" else _unread)
        finally:
            hide_for_s.reset(mark)
        if fault.action == "late_visible":
            # uvicorn's `receive` is a method of the object that holds the transport
            receive.__self__.transport.abort()  # type: ignore[attr-defined]


async def _unread(message: Message) -> None:
    """The answer nobody will get."""


def throttled(fault: Fault | None) -> Response:
    """Over the limit: a page, 429 unless the fault says 503, `Retry-After` only if it says so."""
    return _page(int(fault.params.get("status", 429)) if fault else 429, fault)


def _page(status: int, fault: Fault | None) -> Response:
    text = {429: "Too Many Requests", 503: "Service Unavailable"}.get(status, "Internal Server Error")
    headers = {"retry-after": str(fault.params["retry_after"])} if fault and "retry_after" in fault.params else {}
    return Response(html_page(status, text), status, headers, media_type="text/html")
