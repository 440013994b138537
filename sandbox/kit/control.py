"""The control API of a simulator, `/_sim/...`: for tests, the demo and curious people; never for connectors.

GET  /_sim/health            {"system", "records": {kind: count}}
GET  /_sim/state/<kind>      {"records": [...]}: what the vendor holds, whole
GET  /_sim/traffic           calls per method and path, most in flight, throttled
POST /_sim/traffic/reset
GET  /_sim/faults            planted faults with their hits
POST /_sim/faults            one fault or a list (see faults.py); 400 names what is wrong
DELETE /_sim/faults
POST /_sim/limits            {"concurrency": N|null, "call_ms": N}
POST /_sim/reset             empties the vendor (records, faults, limits)
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kit.faults import FaultPlan, Limits, Traffic
from sandbox.kit.store import Store


class Control:
    def __init__(self, system: str, store: Store, plan: FaultPlan, limits: Limits, traffic: Traffic) -> None:
        self._system, self._store, self._plan = system, store, plan
        self._limits, self._traffic = limits, traffic

    def routes(self) -> list[Route]:
        return [
            Route("/_sim/health", self.health),
            Route("/_sim/state/{kind}", self.state),
            Route("/_sim/traffic", self.show_traffic),
            Route("/_sim/traffic/reset", self.reset_traffic, methods=["POST"]),
            Route("/_sim/faults", self.show_faults),
            Route("/_sim/faults", self.plant, methods=["POST"]),
            Route("/_sim/faults", self.clear_faults, methods=["DELETE"]),
            Route("/_sim/limits", self.set_limits, methods=["POST"]),
            Route("/_sim/reset", self.reset, methods=["POST"]),
        ]

    async def health(self, _: Request) -> Response:
        return JSONResponse({"system": self._system, "records": self._store.kinds()})

    async def state(self, request: Request) -> Response:
        return JSONResponse({"records": self._store.all(request.path_params["kind"])})

    async def show_traffic(self, _: Request) -> Response:
        return JSONResponse(asdict(self._traffic))

    async def reset_traffic(self, _: Request) -> Response:
        self._traffic.calls.clear()
        self._traffic.most_in_flight = self._traffic.throttled = 0
        return JSONResponse({})

    async def show_faults(self, _: Request) -> Response:
        return JSONResponse({"faults": [fault.as_json() for fault in self._plan.faults]})

    async def plant(self, request: Request) -> Response:
        body: Any = await request.json()
        try:
            planted = [self._plan.plant(spec) for spec in (body if isinstance(body, list) else [body])]
        except ValueError as exc:
            return JSONResponse({"error": str(exc)}, 400)
        return JSONResponse({"faults": [fault.as_json() for fault in planted]}, 201)

    async def clear_faults(self, _: Request) -> Response:
        self._plan.clear()
        return JSONResponse({})

    async def set_limits(self, request: Request) -> Response:
        body = await request.json()
        for name in ("concurrency", "call_ms"):
            if name in body:
                setattr(self._limits, name, body[name])
        return JSONResponse(asdict(self._limits))

    async def reset(self, _: Request) -> Response:
        self._store.clear()
        self._plan.clear()
        self._limits.concurrency, self._limits.call_ms = None, 0
        return JSONResponse({})
