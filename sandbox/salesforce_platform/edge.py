"""HTTP -> REST call -> HTTP: token, version, body, limits, locks held for a while.

Source: vendors/salesforce.md, sections 3.4, 5.1, 7 and 8.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.kit.faults import Fault, FaultPlan
from sandbox.salesforce_platform.call import Answer, Call
from sandbox.salesforce_platform.errors import ApiError, not_found
from sandbox.salesforce_platform.http import json_answer, refused
from sandbox.salesforce_platform.identity import API_VERSION
from sandbox.salesforce_platform.jsontext import loads
from sandbox.salesforce_platform.limits import Usage
from sandbox.salesforce_platform.org import Actor, Org
from sandbox.salesforce_platform.rest import Rest
from sandbox.salesforce_platform.sessions import Sessions

FAULTS = frozenset({"error"})
_OLDEST, _NEWEST = 31, int(API_VERSION.split(".")[0])
_LONGEST = 16_384
_METHODS = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]


def throttled(fault: Fault | None) -> Response:
    """Over a limit: 403, never 429, and no Retry-After unless the fault wants one. `kind`: concurrent or daily."""
    params = fault.params if fault else {}
    kind = "TotalRequests" if params.get("kind") == "daily" else "ConcurrentRequests (Concurrent API Requests)"
    answer = refused(ApiError(403, "REQUEST_LIMIT_EXCEEDED", f"{kind} Limit exceeded."))
    if "retry_after" in params:
        answer.headers["Retry-After"] = str(params["retry_after"])
    return answer


class Edge:
    def __init__(self, org: Org, rest: Rest, sessions: Sessions, usage: Usage, plan: FaultPlan) -> None:
        self._org, self._rest, self._sessions, self._usage, self._plan = org, rest, sessions, usage, plan

    def routes(self) -> list[Route]:
        return [
            Route("/services/data", self.versions),
            Route("/services/data/", self.versions),
            Route("/services/data/{rest:path}", self.serve, methods=_METHODS),
        ]

    async def versions(self, _: Request) -> Response:
        """Open to all."""
        return json_answer([_version(number) for number in range(_OLDEST, _NEWEST + 1)])

    async def serve(self, request: Request) -> Response:
        try:
            call = await self._call(request)
        except ApiError as error:
            answer = refused(error)
            answer.headers.update({} if error.status == 401 else self._usage.header())
            return answer
        hold = self._org.settings.write_hold_ms / 1000
        self._org.last_locked.clear()
        done = self._planted(request) or self._rest.answer(call)
        locked = self._org.last_locked
        if hold and locked:
            self._org.locks.update(dict.fromkeys(locked, time.monotonic() + hold))
            await asyncio.sleep(hold)
        return _over_http(done, self._usage.header())

    def _planted(self, request: Request) -> Answer | None:
        """The fault `error`: {"code", "message"?, "http_status"?, "fields"?} in Salesforce's own shape."""
        fault = self._plan.take(request.method, request.url.path, FAULTS)
        if fault is None:
            return None
        params = fault.params
        code = str(params.get("code", "UNKNOWN_EXCEPTION"))
        status = int(params.get("http_status", {"UNKNOWN_EXCEPTION": 500, "SERVER_UNAVAILABLE": 503}.get(code, 400)))
        error = ApiError(status, code, str(params.get("message", code)), params.get("fields"))
        return Answer(status, error.body())

    async def _call(self, request: Request) -> Call:
        raw_path = request.scope["raw_path"].decode("latin-1")
        segments = [part for part in raw_path.removeprefix("/services/data/").split("/") if part]
        version = self._version(segments[0]) if segments else API_VERSION
        headers = {name.lower(): value for name, value in request.headers.items()}
        size = len(raw_path) + len(request.url.query) + sum(len(n) + len(v) for n, v in headers.items())
        if size > _LONGEST:
            raise ApiError(414, "URI_TOO_LONG", "URI and headers are longer than 16,384 bytes")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        session = self._sessions.find(token.strip()) if scheme.lower() in ("bearer", "oauth") else None
        if session is None:
            raise ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        self._usage.count()
        actor = Actor(session.user_id, _client(headers.get("sforce-call-options", "")), version)
        path = tuple(unquote(part) for part in segments[1:])
        body = await self._body(request, headers)
        return Call(request.method, path, dict(request.query_params), headers, body, actor)

    async def _body(self, request: Request, headers: dict[str, str]) -> Any:
        raw = await request.body()
        if not raw:
            return None
        kind = headers.get("content-type", "application/json").split(";")[0].strip().lower()
        if kind != "application/json":
            raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Type '{kind}' is not supported")
        return loads(raw)

    def _version(self, segment: str) -> str:
        number = segment.removeprefix("v")
        whole = number.split(".")[0]
        if not segment.startswith("v") or not whole.isdigit() or not number.endswith(".0"):
            raise not_found()
        if int(whole) < _OLDEST:
            raise ApiError(400, "UNSUPPORTED_API_VERSION", f"Invalid Api version specified on URI: {number}")
        if int(whole) > _NEWEST:
            raise not_found()
        return number


def _client(options: str) -> str:
    for part in options.split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "client":
            return value
    return ""


def _version(number: int) -> dict[str, str]:
    """Three releases a year, counted back from Spring '26, which is 66.0."""
    years, third = divmod(66 - number, 3)
    season, year = (("Spring", 26), ("Winter", 26), ("Summer", 25))[third]
    label = f"{season} '{year - years:02d}"
    return {"label": label, "url": f"/services/data/v{number}.0", "version": f"{number}.0"}


def _over_http(answer: Answer, limit_info: dict[str, str]) -> Response:
    headers = {**answer.headers, **limit_info}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return json_answer(answer.body, answer.status, headers)
