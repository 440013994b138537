"""Business Central, held to every promise: tests/conformance/promised.py says what the names mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from functions.connectors.business_central.pull_payments import pull_payments
from functions.connectors.business_central.subscriber import Subscriber
from functions.connectors.business_central.texts import number_of, reference_of
from functions.connectors.business_central.webhook import QUEUE, client_state
from functions.connectors.business_central.wiring import open_tenant
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient
from shared.runtime.http_edge import EdgeRequest
from tests.conformance.promised import Connector, Cut, Documented, Forged, Shown, Webhook
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call

SECRET = "the-end-of-our-address"
ASKED = json.dumps({"feed": "payments"})
"""By the webhook; a poll that asks for more says it in pydantic's spacing."""
NOTES = "vendor notes: Dynamics 365, A1, A6 and A7"
SETS = {"customer": "customers", "project": "projects", "invoice": "salesInvoices", "credit_memo": "salesCreditMemos"}
LINES = {"invoice": "salesInvoiceLines", "credit_memo": "salesCreditMemoLines"}
_HEAD = {
    **dict.fromkeys(["postingDate", "customerNumber", "shortcutDimension2Code"]),
    "externalDocumentNumber": 35,
    "currencyCode": 10,
}


def error(status: int, code: str, kind: type[Fault], ours: str, message: str = "No.", **headers: str) -> Documented:
    body = json.dumps({"error": {"code": code, "message": f"{message}  CorrelationId:  00000000."}}).encode()
    return Documented(Answer(status, body, headers, source=NOTES), kind, ours, 5 if kind is Throttled else None)


def refused(error_code: str, status: int) -> Documented:
    body = json.dumps({"error": error_code, "error_description": "AADSTS7000215: ..", "error_codes": [7000215]})
    return Documented(Answer(status, body.encode(), source=NOTES), BusinessException, "erp_login_refused")


def page(status: int) -> Documented:
    """The gateway's: HTML."""
    return Documented(Answer(status, b"<html><h1>Gateway</h1></html>", source=NOTES), Transient, "erp_unexpected_error")


class Notifications(Webhook):
    """Not signed: what proves the caller is the secret in the path and the client state of each element."""

    def genuine(self, world: Any, feed: str) -> EdgeRequest:
        invoice = world.happen(feed)[0]
        element = {
            "subscriptionId": "0f2d",
            "clientState": client_state(SECRET),
            "resource": f"api/v2.0/companies(c)/salesInvoices({invoice})",
            "changeType": "updated",
        }
        body = json.dumps({"value": [element]}).encode()
        path = {"secret": SECRET}
        return EdgeRequest("POST", f"/webhooks/business_central/{SECRET}", path, {}, {}, body)

    def forged(self, genuine: EdgeRequest) -> Iterable[Forged]:
        yield Forged("another secret", replace(genuine, parameters={"secret": "guessed"}))
        yield Forged("no secret", replace(genuine, parameters={}))
        element = json.loads(genuine.body)["value"][0]
        mixed = {"value": [element, {**element, "clientState": "guessed"}]}
        yield Forged("one client state of two", replace(genuine, body=json.dumps(mixed).encode()))
        bare = {"value": [{"resource": element["resource"]}]}
        yield Forged("no client state", replace(genuine, body=json.dumps(bare).encode()))
        yield Forged("half a body", replace(genuine, body=genuine.body[:-9]))
        yield Forged("a list", replace(genuine, body=b"[]"))
        yield Forged("no body", replace(genuine, body=b""))
        yield Forged("a reading", replace(genuine, method="GET"))

    def handshake(self, world: Any) -> tuple[EdgeRequest, str]:
        path = {"secret": SECRET}
        query = {"validationToken": "7a0c: a token"}
        return EdgeRequest("POST", "/webhooks/business_central/x", path, query, {}, b""), "7a0c: a token"


class BusinessCentral(Connector):
    system = "business_central"
    writes = {record: Call("POST", rf"/{kind}($|\?)") for record, kind in SETS.items()}
    reads = {"payments": Call("GET", "/salesInvoices"), "subscriptions": Call("GET", "/subscriptions")}
    acts = {"subscriptions": ""}
    webhook = Notifications()
    token = Call("POST", "/oauth2/v2.0/token")
    small_pages = {"page_size": 2}
    documented = (
        error(400, "BadRequest", BusinessException, "erp_request_invalid"),
        error(400, "BadRequest_InvalidRequestUrl", BusinessException, "erp_request_invalid"),
        error(400, "Application_DialogException", BusinessException, "erp_refused"),
        error(
            400,
            "Application_DialogException",
            BusinessException,
            "posting_period_closed",
            "Posting Date is not within your range of allowed posting dates.",
        ),
        error(400, "Application_DialogException", Transient, "erp_record_changed", "It is locked by another user."),
        error(400, "Application_FieldValidationException", BusinessException, "erp_parameter_invalid"),
        error(400, "Application_StringExceededLength", BusinessException, "erp_content_invalid"),
        error(400, "Internal_InvalidTableRelation", BusinessException, "erp_reference_unknown"),
        error(400, "Internal_EntityWithSameKeyExists", Duplicate, "erp_record_exists"),
        error(401, "Authentication_InvalidCredentials", BusinessException, "erp_login_refused"),
        error(403, "Authorization_RequestDenied", BusinessException, "erp_permission_missing"),
        error(404, "BadRequest_NotFound", BusinessException, "erp_record_missing"),
        error(404, "BadRequest_ResourceNotFound", BusinessException, "erp_record_missing"),
        error(404, "Internal_RecordNotFound", BusinessException, "erp_record_missing"),
        error(408, "Request_Timeout", Transient, "erp_unexpected_error"),
        error(409, "Request_EntityChanged", Transient, "erp_record_changed"),
        error(412, "Request_EntityChanged", Transient, "erp_record_changed"),
        error(413, "BadRequest", BusinessException, "erp_request_invalid"),
        error(429, "Application_TooManyRequests", Throttled, "erp_busy"),
        error(503, "Internal_ServerError", Throttled, "erp_busy", **{"retry-after": "5"}),
        error(500, "Internal_ServerError", Transient, "erp_unexpected_error"),
        error(500, "Unknown", Transient, "erp_unexpected_error"),
        page(502),
        page(504),
        refused("invalid_client", 401),
        refused("unauthorized_client", 400),
    )
    partial = "a call answers one record: 201, 200 or 204, or an error status; batches are not used"
    accepts = {
        "customer": {
            **dict.fromkeys(["type", "taxAreaId"]),
            "number": 20,
            "displayName": 100,
            "addressLine1": 100,
            "city": 30,
            "postalCode": 20,
            "country": 10,
            "taxRegistrationNumber": 20,
            "currencyCode": 10,
        },
        "project": {"number": 20, "displayName": 100},
        "invoice": {
            **_HEAD,
            **dict.fromkeys(["invoiceDate", "dueDate", "salesInvoiceLines"]),
            "customerPurchaseOrderReference": 35,
        },
        "credit_memo": {**_HEAD, **dict.fromkeys(["creditMemoDate", "invoiceId", "salesCreditMemoLines"])},
    }
    cuts = {
        "customer.name": Cut(100, "docs/connectors/business_central.md, Lengths"),
        "project.name": Cut(100, "docs/connectors/business_central.md, Lengths"),
        "invoice.texts": Cut(150, "docs/connectors/business_central.md, Lengths"),
    }
    vanishes = {"payments": "a posted invoice cannot be deleted"}

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        ports.erp = settings
        ports.subscriber = Subscriber("", SECRET)
        ports.tenant = open_tenant(connection, ports.slots, settings, transport)

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        return {**credentials, "client_secret": "a-secret-that-has-run-out"}

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        return credentials["client_secret"], SECRET, client_state(SECRET)

    def reference(self, our_id: str) -> str:
        return reference_of(our_id)

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        """Drafts too: one left behind is one too many."""
        by, key = ("externalDocumentNumber", reference_of(our_id)) if record in LINES else ("number", number_of(our_id))
        rows = [row for row in vendor.control.records(SETS[record]) if row[by] == key]
        return [Shown(str(row["id"]), shown(row, record, vendor)) for row in rows]

    def arrived(self, ports: Any) -> None:
        """The readings that notifications asked for, each to its end."""
        told = [each for each in ports.queues.sent if each[:2] == (QUEUE, ASKED)]
        for each in told:
            ports.queues.sent.remove(each)
            while pull_payments(ports):
                pass

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        return dict(json.loads(body))


def shown(row: Mapping[str, Any], record: str, vendor: Vendor) -> dict[str, Any]:
    """A line that was cut in two for its tax has its text on both."""
    if record not in LINES:
        return {"name": row["displayName"]}
    lines = [line for line in vendor.control.records(LINES[record]) if line["documentId"] == row["id"]]
    lines.sort(key=lambda line: int(line["sequence"]))
    texts = [line["description"] + line["description2"] for line in lines]
    return {
        "net": Decimal(str(row["totalAmountExcludingTax"])),
        "gross": Decimal(str(row["totalAmountIncludingTax"])),
        "issued_on": row["postingDate"],
        "texts": [text for text, _ in groupby(texts)],
    }


CONNECTOR = BusinessCentral()
