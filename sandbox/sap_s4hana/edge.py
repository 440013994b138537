"""The HTTP face: who calls, with which session, which service; then the gateway, and its answer or refusal.

Source: vendor notes, sections 2, 3 and 8.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.sap_s4hana import batch
from sandbox.sap_s4hana.auth import TokenRefused
from sandbox.sap_s4hana.call import JSON_TYPES, Answer, Call, json_text, parameters
from sandbox.sap_s4hana.credentials import TOKEN_PATH
from sandbox.sap_s4hana.errors import SapError, body_of
from sandbox.sap_s4hana.faults import INNER
from sandbox.sap_s4hana.messages import locked
from sandbox.sap_s4hana.repeats import Repeats
from sandbox.sap_s4hana.services import service_at
from sandbox.sap_s4hana.sessions import cookies_of
from sandbox.sap_s4hana.tenant import Tenant

_READS = ("GET", "HEAD")


class Edge:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._repeats = Repeats(tenant.store, tenant.settings)

    async def odata(self, request: Request) -> Response:
        found = service_at(request.url.path)
        as_json = "json" in request.headers.get("accept", "") or request.query_params.get("$format") == "json"
        version = 4 if "/odata4/" in request.url.path else 2
        try:
            user = self._tenant.auth.user_of(request.headers.get("authorization", ""))
            if found is None:
                raise SapError(404, "/IWFND/MED/170", f"No service found for '{request.url.path}'")
            service, path = found
            root = f"{request.url.scheme}://{request.headers.get('host', '')}{service.path}"
            query = parameters(request.url.query)
            headers = {name.lower(): value for name, value in request.headers.items()}
            method = headers.get("x-http-method", request.method) if request.method == "POST" else request.method
            call = Call(method, service, path, root, user, query, headers, await request.body())
            extra = self._session(call)
            answer = self._carried_out(call)
        except SapError as error:
            name = found[0].name if found else ""
            answer, extra = self._refused(error, version, as_json, name), {}
        return _response(answer, extra, request.method == "HEAD")

    async def token(self, request: Request) -> Response:
        audience = f"{request.url.scheme}://{request.headers.get('host', '')}{TOKEN_PATH}"
        form = await request.form()
        try:
            answer = self._tenant.auth.issue(request.headers.get("authorization", ""), form, audience)
        except TokenRefused as refused:
            return JSONResponse({"error": refused.error, "error_description": refused.text}, refused.status)
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    def _session(self, call: Call) -> dict[str, list[str]]:
        """Headers to add. Raises SapError 403 for a change without the session's token."""
        cookies, token = cookies_of(call.headers.get("cookie", "")), call.headers.get("x-csrf-token", "")
        if call.method in _READS:
            return self._tenant.sessions.fetch(call.user, cookies) if token.lower() == "fetch" else {}
        self._tenant.sessions.check(call.user, cookies, token)
        return {}

    def _carried_out(self, call: Call) -> Answer:
        self._tenant.work.user = call.user
        if call.path == "$batch":
            if call.method != "POST":
                raise SapError(405, "/IWFND/CM_MGW/001", "A batch is a POST")
            return batch.carried_out(call, self._tenant.book, self._one, self._part_refused)
        return self._one(call)

    def _one(self, call: Call) -> Answer:
        fault = self._tenant.plan.take(call.method, f"{call.service.path}/{call.path}", INNER)
        match fault.action if fault else None:
            case "locked":
                raise locked("The object")
            case "csrf_required":
                headers = {"x-csrf-token": "Required"}
                raise SapError(403, "/IWFND/CM_COMMON/003", "CSRF token validation failed", headers=headers)
            case "cancel_refused":
                assert fault is not None
                return _uncancelled(call, str(fault.params.get("text", "Document cannot be cancelled")))
        return self._repeats.answer(call, self._tenant.gateway.answer)

    def _part_refused(self, call: Call, error: SapError) -> Answer:
        return self._refused(error, call.version, call.wants_json(), call.service.name)

    def _refused(self, error: SapError, version: int, as_json: bool, service: str) -> Answer:
        stamp = self._tenant.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        body, kind = body_of(error, version=version, as_json=as_json, service=service, stamp=stamp)
        return Answer(error.status, body, {"content-type": kind} | error.headers)


def _uncancelled(call: Call, text: str) -> Answer:
    number = call.query.get("BillingDocument", "").strip("'")
    row = {"BillingDocument": number, "CancellationBillingDocument": ""}
    row |= {"SystemMessageType": "E", "SystemMessageText": text}
    return Answer(200, json_text({"d": {"results": [row]}}), {"content-type": JSON_TYPES[2]})


def _response(answer: Answer, extra: dict[str, list[str]], head: bool) -> Response:
    response = Response(b"" if head else answer.body.encode(), answer.status, answer.headers)
    for name, values in extra.items():
        for value in values:
            response.headers.append(name, value)
    return response
