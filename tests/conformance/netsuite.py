"""NetSuite, held to every promise: tests/conformance/promised.py says what the names mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from functions.connectors.netsuite.currencies import Currencies
from functions.connectors.netsuite.wiring import open_account
from shared.adapters.connection import Connection
from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient
from tests.conformance.promised import Connector, Documented, Shown
from tests.conformance.vendor import Vendor
from tests.conformance.wire import Answer, Call

NOTES = "vendor notes: NetSuite, Errors and limits"
KINDS = {"customer": "customer", "project": "job", "invoice": "invoice", "credit_memo": "creditMemo"}
_INVOICE = dict.fromkeys(
    "entity job subsidiary currency tranDate dueDate terms otherRefNum approvalStatus item taxDetails"
    " taxDetailsOverride".split()
)


def error(status: int, code: str, kind: type[Fault], ours: str, detail: str = "No.") -> Documented:
    details = [{"detail": detail, "o:errorCode": code}]
    body = {"type": "about:blank", "title": "Bad Request", "status": status, "o:errorDetails": details}
    wait_s = 1 if kind is Throttled else None
    return Documented(Answer(status, json.dumps(body).encode(), source=NOTES), kind, ours, wait_s)


def refused(code: str) -> Documented:
    body = json.dumps({"error": code}).encode()
    return Documented(Answer(400, body, source=NOTES), BusinessException, "erp_certificate_refused")


class NetSuite(Connector):
    system = "netsuite"
    writes = {record: Call("PUT", f"/record/v1/{kind}/eid") for record, kind in KINDS.items()}
    reads = {"payments": Call("POST", "suiteql")}
    token = Call("POST", "/auth/oauth2/v1/token")
    small_pages = {"page_size": 2}
    documented = (
        error(401, "INVALID_LOGIN", BusinessException, "erp_login_refused"),
        error(401, "INVALID_LOGIN_ATTEMPT", BusinessException, "erp_login_refused"),
        refused("invalid_grant"),
        refused("invalid_client"),
        error(403, "INSUFFICIENT_PERMISSION", BusinessException, "erp_permission_missing"),
        error(400, "INVALID_CONTENT", BusinessException, "erp_content_invalid"),
        error(400, "INVALID_REQUEST", BusinessException, "erp_request_invalid"),
        error(400, "INVALID_PARAMETER", BusinessException, "erp_parameter_invalid"),
        error(400, "INVALID_KEY_OR_REF", BusinessException, "erp_reference_unknown"),
        error(400, "USER_ERROR", BusinessException, "erp_refused"),
        error(400, "USER_ERROR", BusinessException, "posting_period_closed", "The posting period is closed."),
        error(400, "IDEMPOTENCY_ERROR", Duplicate, "erp_job_exists"),
        error(400, "DUP_RCRD", Duplicate, "erp_record_exists"),
        error(404, "NONEXISTENT_ID", BusinessException, "erp_record_missing"),
        error(409, "RCRD_HAS_BEEN_CHANGED", Transient, "erp_record_changed"),
        error(429, "USER_ERROR", Throttled, "erp_busy"),
        error(400, "SSS_REQUEST_LIMIT_EXCEEDED", Throttled, "erp_busy"),
        error(429, "CONCURRENCY_LIMIT_EXCEEDED", Throttled, "erp_busy"),
        error(500, "UNEXPECTED_ERROR", Transient, "erp_unexpected_error"),
    )
    partial = "a record call answers one record: 204, or an error status"
    accepts = {
        "customer": {
            **dict.fromkeys(["isPerson", "subsidiary", "currency", "addressBook"]),
            "companyName": 83,
            "vatRegNumber": 20,
        },
        "project": {
            **dict.fromkeys(["parent", "subsidiary", "currency", "startDate", "projectedEndDate", "jobBillingType"]),
            "companyName": 83,
        },
        "invoice": {**_INVOICE, "memo": 999},
        "credit_memo": {**_INVOICE, "memo": 999, "apply": None},
    }
    live_records = tuple(KINDS)
    vanishes = {"payments": "an invoice with a payment on it cannot be deleted"}

    def dress(self, ports: Any, connection: Connection, settings: Any, transport: Any) -> None:
        ports.erp = settings
        ports.netsuite = open_account(connection, ports.slots, ports.clock, settings, transport)
        ports.currencies = Currencies(ports.netsuite)

    def revoked(self, credentials: Mapping[str, Any]) -> dict[str, Any]:
        """The certificate of another key pair."""
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {**credentials, "private_key": pem.decode()}

    def secrets(self, credentials: Mapping[str, Any]) -> tuple[str, ...]:
        return (credentials["private_key"][40:120],)

    def standing(self, vendor: Vendor, record: str, our_id: str, name: str) -> list[Shown]:
        eid = f"{our_id}-DE" if record == "customer" else our_id
        rows = [row for row in vendor.control.records(KINDS[record]) if row.get("externalId") == eid]
        return [Shown(str(row["id"]), shown(row)) for row in rows]

    def standing_live(self, ports: Any, record: str, our_id: str, name: str) -> list[Shown]:
        eid = f"{our_id}-DE" if record == "customer" else our_id
        row = ports.netsuite.find(KINDS[record], eid, lane="poll")
        return [Shown(str(row["id"]))] if row else []

    def body_of(self, record: str, body: bytes) -> Mapping[str, Any]:
        return dict(json.loads(body))


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    if "companyName" in row:
        return {"name": row["companyName"]}
    return {
        "net": Decimal(str(row["subtotal"])),
        "gross": Decimal(str(row["total"])),
        "issued_on": str(row["tranDate"])[:10],
        "texts": [line.get("description") for line in row["item"]],
    }


CONNECTOR = NetSuite()
