"""Puts the simulator together: one tenant, one ASGI application, one worker that sends events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.kit.control import Control
from sandbox.kit.faults import FaultLayer
from sandbox.kit.run import Built
from sandbox.sap_s4hana.control import TenantControl
from sandbox.sap_s4hana.credentials import TOKEN_PATH, public_part
from sandbox.sap_s4hana.edge import Edge
from sandbox.sap_s4hana.errors import html_page
from sandbox.sap_s4hana.faults import SapFaults, throttled
from sandbox.sap_s4hana.tenant import Tenant

HOSTS = ("*.s4hana.cloud.sap", "*.s4hana.ondemand.com")
_VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "MERGE", "DELETE"]


def _working(tenant: Tenant) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        worker = asyncio.create_task(tenant.events.run())
        yield
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    return lifespan


async def _nowhere(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return Response(html_page(status, "Service cannot be reached"), status, media_type="text/html")


def build(state_dir: Path, base_url: str) -> Built:
    tenant = Tenant(state_dir)
    edge = Edge(tenant)
    routes = [
        *TenantControl(tenant).routes(),
        *Control("sap_s4hana", tenant.store, tenant.plan, tenant.limits, tenant.traffic).routes(),
        Route(TOKEN_PATH, edge.token, methods=["POST"]),
        Route("/sap/opu/{rest:path}", edge.odata, methods=_VERBS),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _nowhere, 405: _nowhere}, lifespan=_working(tenant))
    inner = SapFaults(app, tenant.plan)
    ungoverned = frozenset({TOKEN_PATH})
    layers = FaultLayer(
        inner, tenant.plan, tenant.limits, tenant.traffic, throttled, tenant.expire, ungoverned=ungoverned
    )
    return Built(layers, public_part(tenant.keys, base_url), HOSTS)
