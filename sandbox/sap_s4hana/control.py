"""This vendor's additions to the control API; the kit's calls (faults, limits, traffic, state; settings, clock, reset) are beside them.

POST /_sim/payments        {"billing_document"|"reference", "amount"?, "date"?}: a customer pays at the bank; all that is
                           open if no amount is given -> {"billing_document", "clearing_status", "open"}. `reference`:
                           the PurchaseOrderByCustomer of one billing document
POST /_sim/periods/close   {"period": "2026-10", "company"?}; POST /_sim/periods/open
GET  /_sim/state/<table>   rows as they are kept, e.g. A_BillingDocument
POST /_sim/webhooks        {"url", "username"?, "password"?, "token"?, "types"?: [prefix], "handshake"?: true} -> {"id"}:
                           events are sent there once it has agreed; GET lists; DELETE /_sim/webhooks/<id>
POST /_sim/events/retry    what waits is sent now
GET  /_sim/sessions        {"open", "begun"}; DELETE ends them all
POST /_sim/credentials     {"password"?}: the communication user's new one, else a random one -> {"user", "password"}; the
                           old one is refused
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kit.own_control import Handler, OwnControl, body_of
from sandbox.sap_s4hana import receivables
from sandbox.sap_s4hana.credentials import new_password
from sandbox.sap_s4hana.errors import SapError
from sandbox.sap_s4hana.fields import unpadded
from sandbox.sap_s4hana.periods import set_closed
from sandbox.sap_s4hana.tenant import Tenant


class TenantControl(OwnControl):
    refuses = (SapError, ValueError)

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant)
        self._tenant = tenant

    def posts(self) -> Mapping[str, Handler]:
        return {
            "/_sim/payments": self.pay,
            "/_sim/periods/{state}": self.period,
            "/_sim/webhooks": self.add_webhook,
            "/_sim/events/retry": self.retry,
            "/_sim/credentials": self.rotate,
        }

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            Route("/_sim/webhooks", self.webhooks, methods=["GET"]),
            Route("/_sim/webhooks/{hook_id}", self.remove_webhook, methods=["DELETE"]),
            Route("/_sim/sessions", self.sessions, methods=["GET", "DELETE"]),
        ]

    async def pay(self, request: Request) -> Response:
        body, tenant = await body_of(request), self._tenant
        number = unpadded(str(body.get("billing_document", ""))) or self._named(str(body.get("reference", "")))
        on = str(body.get("date") or tenant.clock.today().isoformat())
        try:
            amount = Decimal(str(body["amount"])) if body.get("amount") is not None else None
        except InvalidOperation as exc:
            raise ValueError(f"amount: {body['amount']!r}") from exc
        with tenant.book.unit():
            row = receivables.pay(tenant.work, number, amount, on)
        left = str(receivables.open_amount(tenant.work, row))
        shown = {"billing_document": number, "clearing_status": row["InvoiceClearingStatus"], "open": left}
        return JSONResponse(shown, 201)

    def _named(self, reference: str) -> str:
        found = self._tenant.book.where("A_BillingDocument", PurchaseOrderByCustomer=reference)
        invoices = [row for row in found if row["BillingDocumentType"] in ("F2", "L2")]
        if len(invoices) != 1:
            raise ValueError(f"reference: {len(invoices)} billing documents have {reference!r}")
        return str(invoices[0]["BillingDocument"])

    async def period(self, request: Request) -> Response:
        state, body = request.path_params["state"], await body_of(request)
        if state not in ("close", "open"):
            return JSONResponse({"error": "close or open"}, 404)
        month, company = str(body.get("period", "")), str(body.get("company", "*"))
        set_closed(self._tenant.book, month, company, closed=state == "close")
        return JSONResponse({"period": month, "company": company, "closed": state == "close"})

    async def add_webhook(self, request: Request) -> Response:
        hook = await self._tenant.events.add(await body_of(request))
        return JSONResponse({"id": hook.id}, 201)

    async def webhooks(self, _: Request) -> Response:
        events = self._tenant.events
        hooks = [asdict(hook) | {"password": "", "token": ""} for hook in events.hooks.values()]
        counts = {"delivered": events.delivered, "refused": events.refused, "waiting": len(events.waiting)}
        return JSONResponse({"webhooks": hooks, "last_error": events.last_error} | counts)

    async def remove_webhook(self, request: Request) -> Response:
        self._tenant.events.remove(request.path_params["hook_id"])
        return JSONResponse({})

    async def retry(self, _: Request) -> Response:
        self._tenant.events.retry_now()
        return JSONResponse({})

    async def sessions(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._tenant.sessions.forget_all()
        found = self._tenant.sessions
        return JSONResponse({"open": len(found.open), "begun": found.begun})

    async def rotate(self, request: Request) -> Response:
        keys = self._tenant.keys
        keys.password = str((await body_of(request)).get("password") or new_password())
        keys.save(self._tenant.state_dir)
        return JSONResponse({"user": keys.user, "password": keys.password}, 201)
