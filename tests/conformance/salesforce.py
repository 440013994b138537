"""Salesforce, held to every promise: tests/conformance/promised.py says what the names mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from functions.connectors.salesforce import read_deals
from functions.connectors.salesforce.webhook import QUEUE
from functions.connectors.salesforce.wiring import Edge, open_org
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Fault, Throttled, Transient
from shared.runtime.http_edge import EdgeRequest
from tests.conformance.promised import Connector, Documented, Forged, Shown, Webhook
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call

NOTES = "vendor notes: Salesforce, Errors and limits"
SECRET = "conformance-webhook-secret"
BUSINESS = {
    "DUPLICATE_VALUE": "crm_value_exists",
    "DUPLICATES_DETECTED": "crm_duplicate_rule",
    "REQUIRED_FIELD_MISSING": "crm_field_missing",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "crm_validation_rule",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "crm_field_not_writable",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "crm_picklist_value",
    "STRING_TOO_LONG": "crm_text_too_long",
    "INVALID_EMAIL_ADDRESS": "crm_email_invalid",
    "INVALID_CROSS_REFERENCE_KEY": "crm_reference_unknown",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "crm_trigger_refused",
    "INVALID_FIELD": "crm_field_unknown",
    "INVALID_TYPE": "crm_object_unknown",
    "MALFORMED_QUERY": "crm_query_malformed",
    "MALFORMED_ID": "crm_id_malformed",
    "JSON_PARSER_ERROR": "crm_body_malformed",
    "MISSING_ARGUMENT": "crm_argument_missing",
}


def error(
    status: int, code: str, kind: type[Fault], ours: str, message: str = "No.", wait_s: int | None = None
) -> Documented:
    body = json.dumps([{"errorCode": code, "message": message}]).encode()
    return Documented(Answer(status, body, source=NOTES), kind, ours, wait_s)


def login(
    code: str, kind: type[Fault] = BusinessException, ours: str = "crm_login_refused", wait_s: int | None = None
) -> Documented:
    return Documented(Answer(400, json.dumps({"error": code}).encode(), source=NOTES), kind, ours, wait_s)


class OutboundMessages(Webhook):
    """SOAP without a signature: what proves the caller is the secret in the path and the organisation in the body."""

    def genuine(self, world: Any, feed: str) -> EdgeRequest:
        deal = world.happen(feed)[0]
        organization = world.vendor.credentials["org_id"]
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
            '<notifications xmlns="http://soap.sforce.com/2005/09/outbound">'
            f"<OrganizationId>{organization}</OrganizationId><ActionId>04kXX0000000001YAA</ActionId>"
            '<SessionId xsi:nil="true"/><EnterpriseUrl>https://x.example/c</EnterpriseUrl>'
            "<Notification><Id>04lXX0000000001YAA</Id>"
            '<sObject xsi:type="sf:Opportunity" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">'
            f"<sf:Id>{deal}</sf:Id></sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>"
        )
        return EdgeRequest(
            "POST",
            f"/webhooks/salesforce/{SECRET}",
            {"secret": SECRET},
            {},
            {"content-type": "text/xml"},
            body.encode(),
        )

    def forged(self, genuine: EdgeRequest) -> Iterable[Forged]:
        yield Forged("another secret", replace(genuine, parameters={"secret": "guessed"}))
        yield Forged("no secret", replace(genuine, parameters={}))
        yield Forged("another kind of body", replace(genuine, headers={"content-type": "application/json"}))
        other = genuine.body.replace(b"<OrganizationId>00D", b"<OrganizationId>00E")
        yield Forged("another organisation", replace(genuine, body=other))
        yield Forged("a document type", replace(genuine, body=genuine.body.replace(b"?>", b"?><!DOCTYPE x>", 1)))
        yield Forged("half a body", replace(genuine, body=genuine.body[:-40]))
        yield Forged("no body", replace(genuine, body=b""))


class Salesforce(Connector):
    system = "salesforce"
    writes = {
        "project": Call("PATCH", "/sobjects/Opportunity/"),
        "invoice": Call("PATCH", "/sobjects/Fabric_Invoice__c/"),
    }
    reads = {"opportunities": Call("GET", "/query")}
    token = Call("POST", "/services/oauth2/token")
    small_pages = {"poll_rows": 2}
    events_each = {"opportunities": 2}
    documented = (
        *(error(400, code, BusinessException, ours) for code, ours in BUSINESS.items()),
        error(404, "NOT_FOUND", BusinessException, "crm_record_missing"),
        error(404, "ENTITY_IS_DELETED", BusinessException, "crm_record_missing"),
        error(403, "INSUFFICIENT_ACCESS", BusinessException, "crm_permission_missing"),
        error(403, "INSUFFICIENT_ACCESS_OR_READONLY", BusinessException, "crm_permission_missing"),
        error(400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", BusinessException, "crm_permission_missing"),
        error(403, "API_DISABLED_FOR_ORG", BusinessException, "crm_api_disabled"),
        error(404, "UNSUPPORTED_API_VERSION", BusinessException, "crm_version_unsupported"),
        error(401, "INVALID_SESSION_ID", BusinessException, "crm_login_refused"),
        error(300, "", BusinessException, "crm_key_not_unique"),
        error(400, "UNABLE_TO_LOCK_ROW", Transient, "crm_row_locked"),
        error(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", Transient, "crm_row_locked", "UNABLE_TO_LOCK_ROW, x"),
        error(400, "QUERY_TIMEOUT", Transient, "crm_query_timeout"),
        error(400, "INVALID_QUERY_LOCATOR", Transient, "crm_cursor_expired"),
        error(500, "UNKNOWN_EXCEPTION", Transient, "crm_error"),
        error(503, "SERVER_UNAVAILABLE", Transient, "crm_unavailable"),
        error(403, "REQUEST_LIMIT_EXCEEDED", Throttled, "crm_limit_reached", "ConcurrentRequests Limit", 5),
        error(403, "REQUEST_LIMIT_EXCEEDED", Throttled, "crm_limit_reached", "TotalRequests Limit", 900),
        login("rate_limit_exceeded", Throttled, "crm_login_limit_reached", 60),
        *(
            login(code)
            for code in "invalid_grant invalid_client_id invalid_client invalid_client_credentials invalid_request"
            " inactive_user inactive_org".split()
        ),
    )
    partial = "an upsert answers one record, or an error status; composite calls are not used"
    accepts = {
        "project": {"Fabric_Project_Id__c": 255, "Fabric_Project_Status__c": 255, "Fabric_Project_URL__c": 255},
        "invoice": {
            "Name": 80,
            **dict.fromkeys(
                "Opportunity__c Account__c Number__c Status__c Currency__c Net__c Tax__c Gross__c Amount_Paid__c"
                " Invoice_Date__c Due_Date__c".split()
            ),
        },
    }
    bodiless = frozenset({"project"})
    webhook = OutboundMessages()
    vanishes = {"opportunities": "a won deal that is deleted takes nothing back: an amendment is a person's decision"}

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        ports.own = settings
        ports.edge = Edge(str(connection.credentials.get("org_id", "")), SECRET)
        ports.scope = ports.policies.current().identity_scope
        ports.client = open_org(connection, ports.slots, ports.clock, settings, transport)

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        """Signed with a key whose certificate the org does not have."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {**credentials, "private_key": pem.decode()}

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        return (credentials["private_key"][40:120], SECRET)

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        if record == "project":
            deals = [row for row in vendor.control.records("Opportunity") if row["Id"] == our_id]
            return [Shown(row["Id"], {}) for row in deals if row.get("Fabric_Project_Id__c")]
        rows = [row for row in vendor.control.records("Fabric_Invoice__c") if row.get("Fabric_Key__c") == our_id]
        return [
            Shown(row["Id"], {"net": Decimal(str(row["Net__c"])), "gross": Decimal(str(row["Gross__c"]))})
            for row in rows
        ]

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        return dict(json.loads(body))

    def arrived(self, ports: Any) -> None:
        """Deals on the queue are read one by one."""
        bodies = ports.queues.bodies(QUEUE)
        ports.queues.sent = [each for each in ports.queues.sent if each[0] != QUEUE]
        for body in bodies:
            read_deals.handler.step(read_deals.DealSeen.model_validate_json(body), ports)


CONNECTOR = Salesforce()
