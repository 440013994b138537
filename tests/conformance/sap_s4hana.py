"""S/4HANA, held to every promise: tests/conformance/promised.py says what the names mean."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from functions.connectors.sap_s4hana import hear_billing
from functions.connectors.sap_s4hana.mapping import partner_key, project_key, reference
from functions.connectors.sap_s4hana.webhook import QUEUE
from functions.connectors.sap_s4hana.wiring import Edge, open_account
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient
from shared.runtime.http_edge import EdgeRequest
from tests.conformance.promised import Connector, Cut, Documented, Forged, Shown, Webhook
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call

NOTES = "vendor notes: SAP S/4HANA, Errors"
SECRET = "conformance-webhook-secret"
HTML = b"<html><head><title>Error</title></head><body><h1>Error</h1></body></html>"
_LENGTHS = "docs/connectors/sap_s4hana.md, Texts: cut at the field's length"
_REQUEST = {
    **dict.fromkeys("to_Item SoldToParty TransactionCurrency BillingDocumentDate ServicesRenderedDate".split()),
    **{"SalesOrganization": 4, "DistributionChannel": 2, "OrganizationDivision": 2, "PurchaseOrderByCustomer": 35},
    **{"CustomerPaymentTerms": 4, "AssignmentReference": 18, "SDDocumentReason": 3},
}


def error(
    status: int,
    kind: type[Fault],
    ours: str,
    code: str = "V1/999",
    sentence: str = "No.",
    *,
    wait_s: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Documented:
    body = {"error": {"code": code, "message": {"lang": "en", "value": sentence}, "innererror": {}}}
    return Documented(Answer(status, json.dumps(body).encode(), dict(headers or {}), NOTES), kind, ours, wait_s)


def page(status: int, kind: type[Fault], ours: str, wait_s: int | None = None, **headers: str) -> Documented:
    """Said by the web server in front, as HTML."""
    told = {"Content-Type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Documented(Answer(status, HTML, told, NOTES), kind, ours, wait_s)


class BusinessEvents(Webhook):
    """CloudEvents without a signature: the address and the user prove the caller."""

    def genuine(self, world: Any, feed: str) -> EdgeRequest:
        number = world.happen(feed)[0]
        kind = "sap.s4.beh.billingdocument.v1.BillingDocument.Created.v1"
        event = {"specversion": "1.0", "type": kind, "source": "/default/sap.s4.beh/T1", "id": f"e-{number}"}
        event |= {"time": "2026-10-31T10:00:00Z", "datacontenttype": "application/json"}
        body = json.dumps({**event, "data": {"BillingDocument": number}}).encode()
        keys = world.vendor.credentials
        pair = b64encode(f"{keys['webhook_username']}:{keys['webhook_password']}".encode()).decode()
        headers = {"content-type": "application/cloudevents+json; charset=utf-8", "authorization": f"Basic {pair}"}
        path = f"/webhooks/sap_s4hana/{SECRET}"
        return EdgeRequest("POST", path, {"secret": SECRET}, {}, headers, body)

    def forged(self, genuine: EdgeRequest) -> Iterable[Forged]:
        other = dict(genuine.headers) | {"authorization": "Basic " + b64encode(b"who:ever").decode()}
        yield Forged("another secret", replace(genuine, parameters={"secret": "guessed"}))
        yield Forged("no secret", replace(genuine, parameters={}))
        yield Forged("another user", replace(genuine, headers=other))
        yield Forged("no user", replace(genuine, headers={"content-type": "application/json"}))
        yield Forged("another kind of body", replace(genuine, headers={**genuine.headers, "content-type": "text/xml"}))
        yield Forged("no CloudEvent", replace(genuine, body=b'{"data": {"BillingDocument": "1"}}'))
        yield Forged("keys that are none", replace(genuine, body=genuine.body.replace(b'"data": {', b'"data": [{')))
        yield Forged("half a body", replace(genuine, body=genuine.body[:-9]))
        yield Forged("no body", replace(genuine, body=b""))

    def handshake(self, world: Any) -> tuple[EdgeRequest, str]:
        headers = {"webhook-request-origin": "eventmesh.sandbox.example"}
        return EdgeRequest("OPTIONS", "/webhooks/sap_s4hana/x", {"secret": SECRET}, {}, headers, b""), ""


class SapS4Hana(Connector):
    system = "sap_s4hana"
    writes = {
        "customer": Call("POST", r"/A_BusinessPartner($|\?)"),
        "project": Call("POST", r"/A_EnterpriseProject($|\?)"),
        "invoice": Call("POST", r"/A_DebitMemoRequest($|\?)"),
        "credit_memo": Call("POST", r"/A_CreditMemoRequest($|\?)"),
    }
    reads = {"payments": Call("GET", r"/A_BillingDocument($|\?)")}
    refreshes = False
    small_pages = {"page_size": 2}
    documented = (
        page(429, Throttled, "erp_busy", 2),
        page(429, Throttled, "erp_busy", 7, Retry_After="7"),
        page(503, Throttled, "erp_busy", 9, Retry_After="9"),
        page(503, Transient, "erp_unexpected_error"),
        page(500, Transient, "erp_unexpected_error"),
        page(502, Transient, "erp_unexpected_error"),
        page(504, Transient, "erp_unexpected_error"),
        page(401, BusinessException, "erp_login_refused"),
        error(403, Transient, "erp_session_ended", "/IWFND/CM_COMMON/003", headers={"X-CSRF-Token": "Required"}),
        error(403, BusinessException, "erp_permission_missing", "/IWFND/CM_CONSUMER/101"),
        error(404, BusinessException, "erp_record_missing", "/IWBEP/CM_MGW_RT/025"),
        error(412, Transient, "erp_record_changed", "/IWBEP/CM_MGW_RT/095"),
        error(428, BusinessException, "erp_request_invalid", "/IWBEP/CM_MGW_RT/094"),
        error(400, BusinessException, "erp_request_invalid", "/IWBEP/CM_MGW_RT/020", "Property 'X' is invalid"),
        error(400, BusinessException, "erp_customer_missing", "V1/302", "Sold-to party 999 not maintained"),
        error(400, BusinessException, "erp_refused", "CPD/012", "Status does not permit this"),
        error(400, BusinessException, "erp_refused", "V1/382", "Material X1 does not exist"),
        error(400, Duplicate, "erp_record_exists", "CPD_PROJ/010", "Project P-1 already exists"),
        error(400, Transient, "erp_record_changed", "V1/042", "Order 1 is currently being processed by user X"),
        error(400, BusinessException, "posting_period_closed", "F5/201", "Posting period 010 2026 is not open"),
        error(400, BusinessException, "posting_period_closed", "F5/286", "Period 010/2026 is closed"),
    )
    partial = (
        "a write answers the one object it made; a $batch carries reads only, its failed parts are in the unit tests"
    )
    accepts = {
        "customer": {
            **dict.fromkeys("BusinessPartnerCategory to_BusinessPartnerRole to_BusinessPartnerAddress".split()),
            **dict.fromkeys("to_BusinessPartnerTax to_Customer".split()),
            **{"OrganizationBPName1": 40, "BusinessPartnerGrouping": 4, "BusinessPartnerIDByExtSystem": 20},
        },
        "project": {
            **dict.fromkeys("ProjectStartDate ProjectEndDate CustomerUUID IsBillingRelevant".split()),
            **{"Project": 24, "ProjectDescription": 60, "ProjectProfileCode": 7, "EnterpriseProjectType": 2},
            **{"ResponsibleCostCenter": 10, "ProjectCurrency": 5},
        },
        "invoice": {**_REQUEST, "DebitMemoRequestType": 4},
        "credit_memo": {**_REQUEST, "CreditMemoRequestType": 4, "ReferenceSDDocument": 10},
    }
    cuts = {
        "customer.name": Cut(40, _LENGTHS),
        "project.name": Cut(60, _LENGTHS),
        "invoice.texts": Cut(40, _LENGTHS),
    }
    webhook = BusinessEvents()
    vanishes = {"payments": "a billing document cannot be deleted, and one that was paid cannot be cancelled"}

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        ports.erp = settings
        keys = connection.credentials
        ports.edge = Edge(SECRET, keys["webhook_username"], keys["webhook_password"])
        ports.sap = open_account(connection, ports.slots, settings, transport)

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        return {**credentials, "password": "another-since-yesterday"}

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        pair = f"{credentials['user']}:{credentials['password']}".encode()
        return (credentials["password"], b64encode(pair).decode(), credentials["webhook_password"], SECRET)

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        if record == "customer":
            rows = where(vendor, "A_BusinessPartner", "BusinessPartnerIDByExtSystem", partner_key(our_id))
            return [Shown(row["BusinessPartner"], {"name": row["OrganizationBPName1"]}) for row in rows]
        if record == "project":
            rows = where(vendor, "A_EnterpriseProject", "Project", project_key(our_id))
            return [Shown(row["ProjectUUID"], {"name": row["ProjectDescription"]}) for row in rows]
        return bills(vendor, "DebitMemoRequest" if record == "invoice" else "CreditMemoRequest", our_id)

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        return dict(json.loads(body))

    def arrived(self, ports: Any) -> None:
        """Billing documents told of are read one by one."""
        bodies = ports.queues.bodies(QUEUE)
        ports.queues.sent = [each for each in ports.queues.sent if each[0] != QUEUE]
        for body in bodies:
            hear_billing.handler.step(hear_billing.BillingHeard.model_validate_json(body), ports)


def bills(vendor: Vendor, request: str, our_id: str) -> list[Shown]:
    """Billing documents under our reference, and every request under it beyond the first."""
    requests = where(vendor, f"A_{request}", "PurchaseOrderByCustomer", reference(our_id))
    items = vendor.control.records("A_BillingDocumentItem")
    found = [
        Shown(row["BillingDocument"], shown(row, [i for i in items if i["BillingDocument"] == row["BillingDocument"]]))
        for row in where(vendor, "A_BillingDocument", "PurchaseOrderByCustomer", reference(our_id))
    ]
    return found + [Shown(row[request]) for row in requests[1:]]


def where(vendor: Vendor, table: str, field: str, value: str) -> list[dict[str, Any]]:
    return [row for row in vendor.control.records(table) if row[field] == value]


def shown(row: Mapping[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "net": Decimal(row["TotalNetAmount"]),
        "gross": Decimal(row["TotalGrossAmount"]),
        "issued_on": row["BillingDocumentDate"],
        "texts": [item["BillingDocumentItemText"] for item in items],
    }


CONNECTOR = SapS4Hana()
