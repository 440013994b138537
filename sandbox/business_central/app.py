"""The HTTP face of the tenant: token endpoint, API, and the layers around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.business_central.call import Answer, Call
from sandbox.business_central.control import TenantControl
from sandbox.business_central.credentials import ENVIRONMENT, public_part
from sandbox.business_central.errors import Refused, not_found
from sandbox.business_central.faults import Throttled, VendorFaults
from sandbox.business_central.metadata import edmx
from sandbox.business_central.paths import segments
from sandbox.business_central.seed import companies
from sandbox.business_central.tenant import Tenant
from sandbox.kit.control import Control
from sandbox.kit.faults import FaultLayer
from sandbox.kit.run import Built

HOSTS = ("api.businesscentral.dynamics.com", "login.microsoftonline.com")
_VERBS = ["GET", "POST", "PATCH", "DELETE", "PUT"]
_KEPT = ("accept-language", "prefer", "if-match", "company", "isolation", "data-access-intent")
_LARGEST_BODY = 350 * 1024 * 1024


class TenantApp:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def routes(self) -> list[Route]:
        """The tenant in the path may be left out: a token belongs to one."""
        return [
            Route("/{tenant}/oauth2/v2.0/token", self._tenant.tokens.token, methods=["POST"]),
            Route("/common/discovery/instance", self._tenant.tokens.instances),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self._tenant.tokens.discovery),
            Route("/v2.0/{tenant}/{environment}/api/v2.0", self.api, methods=_VERBS),
            Route("/v2.0/{tenant}/{environment}/api/v2.0/{rest:path}", self.api, methods=_VERBS),
            Route("/v2.0/{environment}/api/v2.0", self.api, methods=_VERBS),
            Route("/v2.0/{environment}/api/v2.0/{rest:path}", self.api, methods=_VERBS),
        ]

    async def api(self, request: Request) -> Response:
        language = request.headers.get("accept-language") or self._tenant.settings.default_language
        try:
            self._tenant.tokens.check(request.headers.get("authorization", ""))
            self._check_place(request)
            async with self._tenant.governor.admitted():
                return (await self._answer(await _call_of(request), language)).response()
        except Refused as refused:
            response = refused.response(language)
            if refused.status == 503:
                response.headers["Retry-After"] = "10"
            return response

    def _check_place(self, request: Request) -> None:
        """Raises Refused for another tenant's address or an environment that does not exist."""
        tenant = request.path_params.get("tenant", self._tenant.keys.tenant_id)
        if tenant != self._tenant.keys.tenant_id:
            raise Refused(401, "Authentication_InvalidCredentials", "unauthorized")
        if str(request.path_params["environment"]).lower() != ENVIRONMENT:
            raise Refused(404, "NoEnvironment", "no_environment", name=request.path_params["environment"])

    async def _answer(self, call: Call, language: str) -> Answer:
        tokens = self._tenant.tokens
        if call.path == "$batch":
            tokens.check_permission("GET", "$batch")
            return self._tenant.batch.answer(call, language)
        if call.path == "$metadata":
            return Answer(200, edmx(), {"Content-Type": "application/xml; charset=utf-8"})
        first = segments(call.path)[:1]
        tokens.check_permission(call.method, first[0].name if first else "the service")
        if first and first[0].name == "subscriptions":
            return await self._tenant.subscriptions.answer(call)
        if call.method not in ("GET", "POST", "PATCH", "DELETE"):
            raise Refused(405, "BadRequest_MethodNotAllowed", "method", method=call.method, name=call.path)
        return self._tenant.service.answer(call)


async def _call_of(request: Request) -> Call:
    content = await request.body()
    if len(content) > _LARGEST_BODY:
        raise Refused(413, "BadRequest", "page_too_large", size=len(content), most=_LARGEST_BODY)
    path = str(request.path_params.get("rest", ""))
    origin = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
    root = origin + request.url.path.partition("/api/v2.0")[0] + "/api/v2.0"
    headers = {name: request.headers[name] for name in _KEPT if name in request.headers}
    return Call(request.method, path.strip("/"), root, dict(request.query_params), headers, content)


async def _nowhere(request: Request, error: Exception) -> Response:
    """A path or method no route has, in the vendor's form."""
    refused = not_found("segment_unknown", name=request.url.path)
    if isinstance(error, HTTPException) and error.status_code == 405:
        refused = Refused(405, "BadRequest_MethodNotAllowed", "method", method=request.method, name=request.url.path)
    return refused.response(request.headers.get("accept-language", "en-US"))


def build(state_dir: Path, base_url: str) -> Built:
    tenant = Tenant(state_dir)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        sending = asyncio.create_task(tenant.notifications.run())
        yield
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending

    own = TenantControl(tenant).routes()
    kit = Control("business_central", tenant.store, tenant.plan, tenant.limits, tenant.traffic).routes()
    app = Starlette(
        routes=[*own, *kit, *TenantApp(tenant).routes()],
        exception_handlers={404: _nowhere, 405: _nowhere},
        lifespan=lifespan,
    )
    inner = VendorFaults(app, tenant.plan)
    ends = (Throttled, tenant.tokens.expire_all)
    token_path = f"/{tenant.keys.tenant_id}/oauth2/v2.0/token"
    layers = FaultLayer(inner, tenant.plan, tenant.limits, tenant.traffic, *ends, ungoverned=frozenset({token_path}))
    return Built(layers, public_part(tenant.keys, base_url, companies()), HOSTS)
