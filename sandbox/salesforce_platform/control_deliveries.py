"""The part of the control API about outbound messages and event relays; see control.py for the calls."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.salesforce_platform.outbound import Outbound
from sandbox.salesforce_platform.relay import Relays


class DeliveryControl:
    def __init__(self, outbound: Outbound, relays: Relays) -> None:
        self._outbound, self._relays = outbound, relays

    def routes(self) -> list[Route]:
        return [
            Route("/_sim/outbound-messages", self.messages, methods=["GET", "POST"]),
            Route("/_sim/outbound-messages/retry-now", self.retry_now, methods=["POST"]),
            Route("/_sim/outbound-messages/{rule_id}", self.message, methods=["POST", "DELETE"]),
            Route("/_sim/event-relay", self.relays, methods=["GET", "POST"]),
            Route("/_sim/event-relay/{relay_id}", self.relay, methods=["POST", "DELETE"]),
        ]

    async def messages(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"messages": self._outbound.shown()})
        try:
            rule = self._outbound.add(await request.json())
        except (ValueError, KeyError, TypeError) as exc:
            return JSONResponse({"error": str(exc)}, 400)
        return JSONResponse(asdict(rule), 201)

    async def retry_now(self, _: Request) -> Response:
        self._outbound.retry_now()
        return JSONResponse({})

    async def message(self, request: Request) -> Response:
        rule_id = request.path_params["rule_id"]
        if request.method == "DELETE":
            self._outbound.remove(rule_id)
            return JSONResponse({})
        try:
            self._outbound.redirect(rule_id, str((await request.json())["url"]))
        except KeyError as exc:
            return JSONResponse({"error": f"KeyError: {exc}"}, 400)
        return JSONResponse({})

    async def relays(self, request: Request) -> Response:
        if request.method == "GET":
            return JSONResponse({"relays": self._relays.shown()})
        try:
            made = self._relays.add(await request.json())
        except (ValueError, KeyError, TypeError) as exc:
            return JSONResponse({"error": f"{type(exc).__name__}: {exc}"}, 400)
        return JSONResponse({"id": made.id, "source": self._relays.source(made), "state": made.state}, 201)

    async def relay(self, request: Request) -> Response:
        relay_id = request.path_params["relay_id"]
        try:
            if request.method == "DELETE":
                self._relays.remove(relay_id)
                return JSONResponse({})
            made = self._relays.set_state(relay_id, str((await request.json()).get("state")))
        except (ValueError, KeyError) as exc:
            return JSONResponse({"error": f"{type(exc).__name__}: {exc}"}, 400)
        return JSONResponse({"id": made.id, "state": made.state})
