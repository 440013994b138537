"""Business Central's additions to the control API; the kit's calls (faults, traffic, state) are beside them.

GET  /_sim/settings        the tenant's set-up (settings.py); POST changes some
GET  /_sim/state/<set>     records as they are stored, of all companies (`_company`); amounts are text
GET  /_sim/counts          {"projects", "posted_invoices"}: without reading them
POST /_sim/payments        {"invoice_id", "amount"?, "date"?}: a customer pays at the bank; all that is open if no amount
POST /_sim/posting-dates   {"company"?, "from"?, "to"?}: what may be posted on; all companies, no bound if left out
POST /_sim/records         {"company", "set", "body"}: what somebody makes in the client, read-only pages included
POST /_sim/records/<set>/<id>  {...}: fields somebody changes in the client, read-only ones included
POST /_sim/approvals       {"id"}: a draft that was in review is approved
POST /_sim/tax-rates       {"company", "area", "group", "percent"}: null takes the set-up away
POST /_sim/time-sheets     {"company", "employee", "date"}: opens the sheet of that week
POST /_sim/time-entries    {"id", "status"}: Submitted, Approved, Rejected or Open
GET  /_sim/subscriptions   with their client states; DELETE /_sim/subscriptions/<id>
GET  /_sim/deliveries      the last notifications sent
POST /_sim/deliveries      {"hold"?, "copies"?, "backwards"?, "flush"?}: how notifications go out; flush: now
POST /_sim/secrets         {"expires"?} -> {"client_secret"}: one more; DELETE /_sim/secrets/<secret> revokes
POST /_sim/application     {"registered"?, "permissions"?}: in Business Central's list of applications
POST /_sim/limits          {"concurrency"?, "call_ms"?}: connections at once; the least time of each request in process
POST /_sim/clock           {"advance_s": 3601}: moves the simulator's clock forward
POST /_sim/reset           empties the tenant and seeds it anew; credentials stay
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.business_central.clerk import Clerk
from sandbox.business_central.errors import Refused
from sandbox.business_central.settings import save_settings
from sandbox.business_central.subscriptions import KIND as SUBSCRIPTIONS
from sandbox.business_central.tenant import Tenant

Handler = Callable[[Request], Awaitable[Response]]
_LANGUAGE = "en-US"


class TenantControl:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant, self._clerk = tenant, Clerk(tenant.book, tenant.clock, tenant.settings)

    def routes(self) -> list[Route]:
        clerk = self._clerk
        posts: dict[str, Handler] = {
            "/_sim/settings": self.change_settings,
            "/_sim/payments": self._told(clerk.pay),
            "/_sim/posting-dates": self._told(clerk.set_posting_dates),
            "/_sim/records": self._told(clerk.make),
            "/_sim/approvals": self._told(clerk.approve),
            "/_sim/tax-rates": self._told(clerk.set_tax_rate),
            "/_sim/time-sheets": self._told(clerk.open_time_sheet),
            "/_sim/time-entries": self._told(clerk.settle_time),
            "/_sim/deliveries": self.steer_deliveries,
            "/_sim/secrets": self.add_secret,
            "/_sim/application": self.change_application,
            "/_sim/limits": self.set_limits,
            "/_sim/clock": self.advance,
            "/_sim/reset": self.reset,
        }
        return [
            Route("/_sim/settings", self.show_settings, methods=["GET"]),
            Route("/_sim/counts", self.counts, methods=["GET"]),
            Route("/_sim/subscriptions", self.subscriptions, methods=["GET"]),
            Route("/_sim/subscriptions/{id}", self.unsubscribe, methods=["DELETE"]),
            Route("/_sim/deliveries", self.deliveries, methods=["GET"]),
            Route("/_sim/secrets/{secret}", self.revoke_secret, methods=["DELETE"]),
            Route("/_sim/records/{set}/{id}", self.change_record, methods=["POST"]),
            *(Route(path, handler, methods=["POST"]) for path, handler in posts.items()),
        ]

    def _told(self, work: Callable[[dict[str, Any]], dict[str, Any]]) -> Handler:
        """A refusal by the tenant's rules is shown with its text; a body that says too little is 400."""

        async def told(request: Request) -> Response:
            return self._done(work, await _body(request))

        return told

    def _done(self, work: Callable[[dict[str, Any]], dict[str, Any]], body: dict[str, Any]) -> Response:
        try:
            return JSONResponse(work(body), 201)
        except Refused as refused:
            return JSONResponse({"error": refused.body(_LANGUAGE)["error"]}, refused.status)
        except (KeyError, ValueError) as exc:
            return JSONResponse({"error": f"{type(exc).__name__}: {exc}"}, 400)

    async def change_record(self, request: Request) -> Response:
        kind, record_id = request.path_params["set"], request.path_params["id"]
        return self._done(lambda body: self._clerk.change(kind, record_id, body), await _body(request))

    async def show_settings(self, _: Request) -> Response:
        return JSONResponse(self._tenant.settings.as_json())

    async def change_settings(self, request: Request) -> Response:
        try:
            self._tenant.settings.change(await _body(request))
        except ValueError as exc:
            return JSONResponse({"error": str(exc)}, 400)
        save_settings(self._tenant.store, self._tenant.settings)
        self._tenant.service.presenter.forget()
        return await self.show_settings(request)

    async def subscriptions(self, _: Request) -> Response:
        self._tenant.subscriptions.all()
        return JSONResponse({"subscriptions": self._tenant.store.all(SUBSCRIPTIONS)})

    async def counts(self, _: Request) -> Response:
        return JSONResponse(self._clerk.counts())

    async def unsubscribe(self, request: Request) -> Response:
        self._tenant.subscriptions.remove(request.path_params["id"])
        return JSONResponse({})

    async def deliveries(self, _: Request) -> Response:
        return JSONResponse({"deliveries": self._tenant.notifications.sent})

    async def steer_deliveries(self, request: Request) -> Response:
        body, sender = await _body(request), self._tenant.notifications
        sender.held = bool(body.get("hold", sender.held))
        sender.copies = int(body.get("copies", sender.copies))
        sender.backwards = bool(body.get("backwards", sender.backwards))
        sent = await sender.send_due(at_once=True) if body.get("flush") else 0
        return JSONResponse({"sent": sent})

    async def add_secret(self, request: Request) -> Response:
        secret = self._tenant.tokens.add_secret(str((await _body(request)).get("expires", "")))
        return JSONResponse({"client_secret": secret}, 201)

    async def revoke_secret(self, request: Request) -> Response:
        known = self._tenant.tokens.revoke_secret(request.path_params["secret"])
        return JSONResponse({}, 200 if known else 404)

    async def change_application(self, request: Request) -> Response:
        body = await _body(request)
        app = self._tenant.tokens.change(**{key: body[key] for key in ("registered", "permissions") if key in body})
        return JSONResponse({"registered": app["registered"], "permissions": app["permissions"]})

    async def set_limits(self, request: Request) -> Response:
        body = await _body(request)
        if "concurrency" in body:
            self._tenant.limits.concurrency = body["concurrency"]
        self._tenant.governor.call_ms = int(body.get("call_ms", self._tenant.governor.call_ms))
        shown = {"concurrency": self._tenant.limits.concurrency, "call_ms": self._tenant.governor.call_ms}
        return JSONResponse(shown)

    async def advance(self, request: Request) -> Response:
        self._tenant.clock.advance(float((await _body(request)).get("advance_s", 0)))
        return JSONResponse({"now": self._tenant.clock.stamp()})

    async def reset(self, _: Request) -> Response:
        self._tenant.reset()
        return JSONResponse({})


async def _body(request: Request) -> dict[str, Any]:
    body = await request.json() if await request.body() else {}
    return body if isinstance(body, dict) else {}
