"""Business Central's additions to the control API; the kit's calls (faults, traffic, state; settings, clock, reset) are beside them.

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
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.business_central.clerk import Clerk
from sandbox.business_central.errors import Refused
from sandbox.business_central.subscriptions import KIND as SUBSCRIPTIONS
from sandbox.business_central.tenant import Tenant
from sandbox.kit.own_control import Handler, OwnControl, body_of

_LANGUAGE = "en-US"


class TenantControl(OwnControl):
    refuses = (Refused, KeyError, ValueError)

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant)
        self._tenant, self._clerk = tenant, Clerk(tenant.book, tenant.clock, tenant.settings)

    def posts(self) -> Mapping[str, Handler]:
        clerk = self._clerk
        return {
            "/_sim/payments": _done(clerk.pay),
            "/_sim/posting-dates": _done(clerk.set_posting_dates),
            "/_sim/records": _done(clerk.make),
            "/_sim/records/{set}/{id}": self.change_record,
            "/_sim/approvals": _done(clerk.approve),
            "/_sim/tax-rates": _done(clerk.set_tax_rate),
            "/_sim/time-sheets": _done(clerk.open_time_sheet),
            "/_sim/time-entries": _done(clerk.settle_time),
            "/_sim/deliveries": self.steer_deliveries,
            "/_sim/secrets": self.add_secret,
            "/_sim/application": self.change_application,
            "/_sim/limits": self.set_limits,
        }

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            Route("/_sim/counts", self.counts, methods=["GET"]),
            Route("/_sim/subscriptions", self.subscriptions, methods=["GET"]),
            Route("/_sim/subscriptions/{id}", self.unsubscribe, methods=["DELETE"]),
            Route("/_sim/deliveries", self.deliveries, methods=["GET"]),
            Route("/_sim/secrets/{secret}", self.revoke_secret, methods=["DELETE"]),
        ]

    def refusal(self, refused: Exception) -> Response:
        if isinstance(refused, Refused):
            return refused.response(_LANGUAGE)
        return super().refusal(refused)

    async def change_record(self, request: Request) -> Response:
        kind, record_id = request.path_params["set"], request.path_params["id"]
        return JSONResponse(self._clerk.change(kind, record_id, await body_of(request)), 201)

    def settings_changed(self) -> None:
        self._tenant.service.presenter.forget()

    def now(self) -> str:
        return self._tenant.clock.stamp()

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
        body, sender = await body_of(request), self._tenant.notifications
        sender.held = bool(body.get("hold", sender.held))
        sender.copies = int(body.get("copies", sender.copies))
        sender.backwards = bool(body.get("backwards", sender.backwards))
        sent = await sender.send_due(at_once=True) if body.get("flush") else 0
        return JSONResponse({"sent": sent})

    async def add_secret(self, request: Request) -> Response:
        secret = self._tenant.tokens.add_secret(str((await body_of(request)).get("expires", "")))
        return JSONResponse({"client_secret": secret}, 201)

    async def revoke_secret(self, request: Request) -> Response:
        known = self._tenant.tokens.revoke_secret(request.path_params["secret"])
        return JSONResponse({}, 200 if known else 404)

    async def change_application(self, request: Request) -> Response:
        body = await body_of(request)
        app = self._tenant.tokens.change(**{key: body[key] for key in ("registered", "permissions") if key in body})
        return JSONResponse({"registered": app["registered"], "permissions": app["permissions"]})

    async def set_limits(self, request: Request) -> Response:
        body = await body_of(request)
        if "concurrency" in body:
            self._tenant.limits.concurrency = body["concurrency"]
        self._tenant.governor.call_ms = int(body.get("call_ms", self._tenant.governor.call_ms))
        shown = {"concurrency": self._tenant.limits.concurrency, "call_ms": self._tenant.governor.call_ms}
        return JSONResponse(shown)


def _done(work: Callable[[dict[str, Any]], dict[str, Any]]) -> Handler:
    async def done(request: Request) -> Response:
        return JSONResponse(work(await body_of(request)), 201)

    return done
