"""The HTTP face of the account: routes, authentication, and the layers around them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kit.control import Control
from sandbox.kit.faults import FaultLayer
from sandbox.kit.run import Built
from sandbox.netsuite.account import Account
from sandbox.netsuite.call import Answer, Call, call_of
from sandbox.netsuite.control import AccountControl
from sandbox.netsuite.credentials import TOKEN_PATH, public_part
from sandbox.netsuite.errors import Detail, NetSuiteError, error_response
from sandbox.netsuite.faults import NetSuiteFaults, Throttled, invalid_login
from sandbox.netsuite.suiteql.api import suiteql_answer
from sandbox.netsuite.system_api import catalog_answer, system_answer

HOSTS = ("*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "*.app.netsuite.com")
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class NetSuiteApp:
    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self) -> list[Route]:
        return [
            Route(TOKEN_PATH, self._account.oauth2.token, methods=["POST"]),
            Route("/services/rest/record/v1/metadata-catalog", self.catalog),
            Route("/services/rest/record/v1/metadata-catalog/{name}", self.catalog),
            Route("/services/rest/record/v1/{rest:path}", self.records, methods=_VERBS),
            Route("/services/rest/query/v1/suiteql", self.suiteql, methods=["POST"]),
            Route("/services/rest/system/v1/{name}", self.system),
            Route("/services/rest/async/v1/{rest:path}", self.jobs),
            Route("/app/site/hosting/restlet.nl", self.restlet, methods=["GET", "POST", "PUT", "DELETE"]),
            Route("/rest/tokeninfo", self.token_info),
        ]

    async def records(self, request: Request) -> Response:
        return await self._answer(request, self._account.answer)

    async def catalog(self, request: Request) -> Response:
        accept = request.headers.get("accept", "")
        return await self._answer(request, lambda call: catalog_answer(call, accept))

    async def suiteql(self, request: Request) -> Response:
        return await self._answer(request, lambda call: suiteql_answer(call, self._account.mirror))

    async def system(self, request: Request) -> Response:
        limits, clock = self._account.limits, self._account.clock
        return await self._answer(request, lambda call: system_answer(call, clock, limits.concurrency))

    async def jobs(self, request: Request) -> Response:
        return await self._answer(request, self._account.jobs.answer)

    async def restlet(self, request: Request) -> Response:
        """A script that gives back what it got: enough to share the concurrency limit and try a client."""
        try:
            self._admit(request, "restlets")
        except NetSuiteError as error:
            return error_response(error)
        if "script" not in request.query_params or "deploy" not in request.query_params:
            body = {"error": {"code": "SSS_MISSING_REQD_ARGUMENT", "message": "script and deploy are required"}}
            return JSONResponse(body, 400)
        raw = await request.body()
        try:
            echo = json.loads(raw) if raw else None
        except ValueError:
            return JSONResponse({"error": {"code": "INVALID_REQUEST", "message": "The body is not JSON."}}, 400)
        return JSONResponse({"method": request.method, "parameters": dict(request.query_params), "body": echo})

    async def token_info(self, request: Request) -> Response:
        try:
            self._admit(request, "restlets")
        except NetSuiteError as error:
            return error_response(error)
        company = {"companyId": self._account.keys.account, "companyName": "Sandbox account"}
        role = {"roleId": 3, "roleName": "Administrator"}
        return JSONResponse({"company": company, "role": role, "consumer": {"name": "Sandbox integration"}})

    async def _answer(self, request: Request, work: Callable[[Call], Answer]) -> Response:
        try:
            self._admit(request, "rest_webservices")
            self._account.jobs.settle()
            return work(await call_of(request)).response()
        except NetSuiteError as error:
            return error_response(error)

    def _admit(self, request: Request, scope: str) -> None:
        """Raises 401 INVALID_LOGIN, or 403 for a token without the scope."""
        header = request.headers.get("authorization", "")
        kind, _, token = header.partition(" ")
        if kind.lower() == "bearer":
            scopes = self._account.oauth2.check(token.strip())
            if scopes is None:
                raise invalid_login()
            if scope not in scopes:
                text = f"The token has no scope {scope}."
                raise NetSuiteError(403, Detail(text, "INSUFFICIENT_PERMISSION"))
        elif kind.lower() != "oauth" or self._account.tba.refusal(request):
            raise invalid_login()


async def _nowhere(request: Request, error: Exception) -> Response:
    """A path or method no route has, in the vendor's form."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    text = f"No resource answers {request.method} {request.url.path}."
    return error_response(NetSuiteError(status, Detail(text, "INVALID_REQUEST", {"o:errorUrl": request.url.path})))


def build(state_dir: Path, base_url: str) -> Built:
    account = Account(state_dir)
    own = AccountControl(account).routes()
    kit = Control("netsuite", account.store, account.plan, account.limits, account.traffic).routes()
    app = Starlette(
        routes=[*own, *NetSuiteApp(account).routes(), *kit], exception_handlers={404: _nowhere, 405: _nowhere}
    )
    inner = NetSuiteFaults(app, account.plan)
    ends = (Throttled, account.oauth2.expire_all)
    layers = FaultLayer(inner, account.plan, account.limits, account.traffic, *ends, ungoverned=frozenset({TOKEN_PATH}))
    return Built(layers, public_part(account.keys, base_url), HOSTS)
