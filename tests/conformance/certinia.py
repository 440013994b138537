"""Certinia, held to every promise: tests/conformance/promised.py says what the names mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from functions.connectors.certinia.wiring import open_org
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Fault, Throttled, Transient
from tests.conformance.promised import Connector, Cut, Documented, Shown
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call

NOTES = "vendor notes: Certinia, Errors specific to PSA; Salesforce, Error catalogue"
RULE = "docs/connectors/certinia.md, Creating once: names are cut at what the field takes"
BUSINESS = {
    "DUPLICATE_VALUE": "psa_value_exists",
    "DUPLICATES_DETECTED": "psa_duplicate_rule",
    "REQUIRED_FIELD_MISSING": "psa_field_missing",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "psa_refused",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "psa_refused",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "psa_field_not_writable",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "psa_picklist_value",
    "STRING_TOO_LONG": "psa_text_too_long",
    "INVALID_EMAIL_ADDRESS": "psa_email_invalid",
    "INVALID_CROSS_REFERENCE_KEY": "psa_reference_unknown",
    "INVALID_FIELD": "psa_field_unknown",
    "INVALID_TYPE": "psa_object_unknown",
    "MALFORMED_QUERY": "psa_request_invalid",
    "MALFORMED_ID": "psa_request_invalid",
    "JSON_PARSER_ERROR": "psa_request_invalid",
    "MISSING_ARGUMENT": "psa_request_invalid",
}
TRIGGER = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


def error(
    status: int, code: str, kind: type[Fault], ours: str, message: str = "No.", wait_s: int | None = None
) -> Documented:
    body = json.dumps([{"errorCode": code, "message": message}]).encode()
    return Documented(Answer(status, body, source=NOTES), kind, ours, wait_s)


def login(
    code: str, kind: type[Fault] = BusinessException, ours: str = "psa_login_refused", wait_s: int | None = None
) -> Documented:
    return Documented(Answer(400, json.dumps({"error": code}).encode(), source=NOTES), kind, ours, wait_s)


def refused_row(code: str) -> Answer:
    """A collection of one record, refused."""
    failed = {"success": False, "errors": [{"statusCode": code, "message": "No.", "fields": []}]}
    return Answer(200, json.dumps([failed]).encode(), {"Content-Type": "application/json"}, NOTES)


def halted(code: str) -> Answer:
    """A composite of account, project and milestone of which the project was refused."""
    steps = [("account", "PROCESSING_HALTED"), ("project", code), ("milestone0", "PROCESSING_HALTED")]
    answers = [
        {"referenceId": name, "httpStatusCode": 400, "body": [{"errorCode": each, "message": "No."}], "httpHeaders": {}}
        for name, each in steps
    ]
    body = json.dumps({"compositeResponse": answers}).encode()
    return Answer(200, body, {"Content-Type": "application/json"}, NOTES)


class Certinia(Connector):
    system = "certinia"
    writes = {"project": Call("POST", "/composite$"), "invoice": Call("PATCH", "/composite/sobjects$")}
    reads = {
        "time_entries": Call("GET", "/queryAll"),
        "expenses": Call("GET", "/queryAll"),
        "milestones": Call("GET", "/queryAll"),
        "projects": Call("GET", "/queryAll"),
        "rate_cards": Call("POST", "/composite$"),
        "assignments": Call("GET", "/queryAll"),
    }
    token = Call("POST", "/services/oauth2/token")
    small_pages = {"page_rows": 2}
    acts = {"rate_cards": "", "assignments": ""}
    documented = (
        *(error(400, code, BusinessException, ours) for code, ours in BUSINESS.items()),
        error(400, TRIGGER, Transient, "psa_row_locked", "TimecardTrigger: UNABLE_TO_LOCK_ROW, x"),
        error(400, TRIGGER, BusinessException, "psa_governor_limit", "System.LimitException: pse:Apex CPU time limit"),
        error(404, "NOT_FOUND", BusinessException, "psa_record_missing"),
        error(404, "ENTITY_IS_DELETED", BusinessException, "psa_record_missing"),
        error(403, "INSUFFICIENT_ACCESS", BusinessException, "psa_permission_missing"),
        error(403, "INSUFFICIENT_ACCESS_OR_READONLY", BusinessException, "psa_permission_missing"),
        error(400, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", BusinessException, "psa_permission_missing"),
        error(403, "API_DISABLED_FOR_ORG", BusinessException, "psa_api_disabled"),
        error(404, "UNSUPPORTED_API_VERSION", BusinessException, "psa_version_unsupported"),
        error(401, "INVALID_SESSION_ID", BusinessException, "psa_login_refused"),
        error(300, "", BusinessException, "psa_key_not_unique"),
        error(400, "UNABLE_TO_LOCK_ROW", Transient, "psa_row_locked"),
        error(400, "QUERY_TIMEOUT", Transient, "psa_query_timeout"),
        error(400, "INVALID_QUERY_LOCATOR", Transient, "psa_cursor_expired"),
        error(500, "UNKNOWN_EXCEPTION", Transient, "psa_unavailable"),
        error(503, "SERVER_UNAVAILABLE", Transient, "psa_unavailable"),
        error(403, "REQUEST_LIMIT_EXCEEDED", Throttled, "psa_busy", "ConcurrentRequests Limit", 5),
        error(403, "REQUEST_LIMIT_EXCEEDED", Throttled, "psa_busy", "TotalRequests Limit", 900),
        login("rate_limit_exceeded", Throttled, "psa_busy", 60),
        *(
            login(code)
            for code in "invalid_grant invalid_client_id invalid_client invalid_client_credentials invalid_request"
            " inactive_user inactive_org".split()
        ),
    )
    partial = {
        "project": (halted("REQUIRED_FIELD_MISSING"), halted("UNABLE_TO_LOCK_ROW")),
        "invoice": (refused_row("FIELD_CUSTOM_VALIDATION_EXCEPTION"), refused_row("INSUFFICIENT_ACCESS_OR_READONLY")),
    }
    accepts = {
        "project": {
            "Name": 80,
            "BillingStreet": 255,
            "BillingCity": 40,
            "BillingPostalCode": 20,
            "BillingState": 80,
            "BillingCountry": 80,
            **dict.fromkeys(
                "CurrencyIsoCode pse__Account__c pse__Start_Date__c pse__End_Date__c pse__Is_Active__c"
                " pse__Is_Billable__c pse__Project__c pse__Milestone_Amount__c pse__Status__c".split()
            ),
        },
        "invoice": {
            "pse__Invoice_Number__c": 80,
            "Fabric_Invoice__c": 100,
            "Fabric_Invoice_Status__c": 80,
            **dict.fromkeys("attributes id pse__Invoiced__c pse__Invoice_Date__c".split()),
        },
    }
    cuts = {"project.name": Cut(80, RULE)}
    vanishes = {
        "expenses": "read by the walk of time entries, which is tried there",
        "milestones": "what is included in financials cannot be deleted",
        "projects": "a hold is a state of a project, which stays",
    }

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        ports.psa = settings
        ports.org = open_org(connection, ports.slots, ports.clock, settings, transport)

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        """Signed with a key whose certificate the org does not have."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {**credentials, "private_key": pem.decode()}

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        return (credentials["private_key"][40:120],)

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        """An invoice is no record there: what shows it counts as one."""
        if record == "invoice":
            return [Shown(mark.number) for mark in vendor.desk.marks(our_id)]
        rows = vendor.control.records("pse__Proj__c")
        return [Shown(row["Id"], {"name": row["Name"]}) for row in rows if row.get("Fabric_Key__c") == our_id]

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        told = json.loads(body)
        parts = [step["body"] for step in told["compositeRequest"]] if record == "project" else told["records"]
        longest_last = sorted(((name, value) for part in parts for name, value in part.items()), key=_length)
        return dict(longest_last)

    def vanish(self, vendor: Vendor, feed: str, thing: str) -> None:
        """An approved timecard that is rejected."""
        calls = vendor.desk._calls
        [split] = calls.query(f"SELECT pse__Timecard_Header__c FROM pse__Timecard__c WHERE Id = '{thing}'")
        calls.change("pse__Timecard_Header__c", split["pse__Timecard_Header__c"], {"pse__Status__c": "Rejected"})


def _length(field: tuple[str, Any]) -> int:
    return len(field[1]) if isinstance(field[1], str) else 0


CONNECTOR = Certinia()
