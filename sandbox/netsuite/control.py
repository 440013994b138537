"""NetSuite's additions to the control API; the kit's calls (faults, limits, traffic, state; settings, clock, reset) are beside them.

POST /_sim/payments        {"invoice_id"|"external_id", "amount"?, "date"?}: a customer pays at the bank; all of it if
                           no amount is given -> {"payment_id", "invoice": {"status", "amountPaid", "amountRemaining"}}
POST /_sim/periods/close   {"period": "2026-10"}; POST /_sim/periods/open
GET  /_sim/state/<type>    records as they are stored (amounts are text, references {"id", "recordType"}); jobs that are
                           due are done first
POST /_sim/records         {"type", "body"}: creates a record by the same rules as the REST API -> {"id"}
POST /_sim/certificates    {"certificate": PEM} -> {"certificate_id"}; 400 says why it is refused
DELETE /_sim/certificates/<id>   the mapping is gone, as after a sandbox refresh
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.kit.own_control import Handler, OwnControl, body_of
from sandbox.netsuite.account import Account
from sandbox.netsuite.clock import instant_text
from sandbox.netsuite.credentials import CertificateRefused, new_certificate_id
from sandbox.netsuite.errors import NetSuiteError
from sandbox.netsuite.periods import set_closed
from sandbox.netsuite.records import Options
from sandbox.netsuite.schema import TYPES
from sandbox.netsuite.transforms import transform


class AccountControl(OwnControl):
    refuses = (NetSuiteError, ValueError)

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._account = account

    def posts(self) -> Mapping[str, Handler]:
        return {
            "/_sim/payments": self.pay,
            "/_sim/periods/{state}": self.period,
            "/_sim/records": self.add_record,
            "/_sim/certificates": self.add_certificate,
        }

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            Route("/_sim/state/{kind}", self.state, methods=["GET"]),
            Route("/_sim/certificates/{certificate_id}", self.revoke, methods=["DELETE"]),
        ]

    async def state(self, request: Request) -> Response:
        self._account.jobs.settle()
        return JSONResponse({"records": self._account.store.all(request.path_params["kind"])})

    async def pay(self, request: Request) -> Response:
        body, account = await body_of(request), self._account
        invoice_id = str(body.get("invoice_id") or account.book.id_of("invoice", str(body.get("external_id"))))
        given: dict[str, Any] = {"memo": "Bank transfer"}
        if body.get("amount") is not None:
            given["payment"] = str(body["amount"])
        if body.get("date"):
            given["tranDate"] = body["date"]
        payment_id = transform(account.records, "invoice", invoice_id, "customerPayment", given, Options())
        invoice = account.book.get("invoice", invoice_id) or {}
        shown = {name: invoice[name] for name in ("id", "tranId", "status", "total", "amountPaid", "amountRemaining")}
        return JSONResponse({"payment_id": payment_id, "invoice": shown}, 201)

    async def period(self, request: Request) -> Response:
        state, body = request.path_params["state"], await body_of(request)
        if state not in ("close", "open"):
            return JSONResponse({"error": "close or open"}, 404)
        now = self._account.clock.now()
        moment = {"today": now.date().isoformat(), "stamp": instant_text(now)}
        period = set_closed(self._account.book, str(body.get("period", "")), closed=state == "close", **moment)
        return JSONResponse({"period": period["periodName"], "closed": period["closed"]})

    def settings_changed(self) -> None:
        self._account.mirror.rebuild()

    def now(self) -> str:
        return instant_text(self._account.clock.now())

    async def add_record(self, request: Request) -> Response:
        body = await body_of(request)
        if body.get("type") not in TYPES:
            return JSONResponse({"error": f"type: one of {sorted(TYPES)}"}, 400)
        record_id = self._account.records.create(body["type"], body.get("body", {}), Options(names="error"))
        return JSONResponse({"id": record_id}, 201)

    async def add_certificate(self, request: Request) -> Response:
        certificate_id = new_certificate_id()
        try:
            self._account.oauth2.add_certificate(str((await body_of(request)).get("certificate", "")), certificate_id)
        except CertificateRefused as exc:
            return JSONResponse({"error": str(exc)}, 400)
        return JSONResponse({"certificate_id": certificate_id}, 201)

    async def revoke(self, request: Request) -> Response:
        known = self._account.oauth2.revoke_certificate(request.path_params["certificate_id"])
        return JSONResponse({}, 200 if known else 404)
