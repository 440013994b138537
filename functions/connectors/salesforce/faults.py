"""Salesforce's answers that are no success -> our faults. The only place that knows its error codes.

Bodies are JSON arrays of {"errorCode", "message"}; results of collections say "statusCode" instead; the token endpoint
says {"error"}. Source: docs/connectors/salesforce.md, "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.faults import BusinessException, Fault, Throttled, Transient

FAULTS: dict[str, tuple[type[Fault], str]] = {
    "REQUEST_LIMIT_EXCEEDED": (Throttled, "crm_limit_reached"),
    "rate_limit_exceeded": (Throttled, "crm_login_limit_reached"),
    "UNABLE_TO_LOCK_ROW": (Transient, "crm_row_locked"),
    "QUERY_TIMEOUT": (Transient, "crm_query_timeout"),
    "INVALID_QUERY_LOCATOR": (Transient, "crm_cursor_expired"),
    "UNKNOWN_EXCEPTION": (Transient, "crm_error"),
    "SERVER_UNAVAILABLE": (Transient, "crm_unavailable"),
    "DUPLICATE_VALUE": (BusinessException, "crm_value_exists"),
    "DUPLICATES_DETECTED": (BusinessException, "crm_duplicate_rule"),
    "REQUIRED_FIELD_MISSING": (BusinessException, "crm_field_missing"),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (BusinessException, "crm_validation_rule"),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (BusinessException, "crm_field_not_writable"),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (BusinessException, "crm_picklist_value"),
    "STRING_TOO_LONG": (BusinessException, "crm_text_too_long"),
    "INVALID_EMAIL_ADDRESS": (BusinessException, "crm_email_invalid"),
    "INVALID_CROSS_REFERENCE_KEY": (BusinessException, "crm_reference_unknown"),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (BusinessException, "crm_trigger_refused"),
    "INVALID_FIELD": (BusinessException, "crm_field_unknown"),
    "INVALID_TYPE": (BusinessException, "crm_object_unknown"),
    "MALFORMED_QUERY": (BusinessException, "crm_query_malformed"),
    "MALFORMED_ID": (BusinessException, "crm_id_malformed"),
    "JSON_PARSER_ERROR": (BusinessException, "crm_body_malformed"),
    "MISSING_ARGUMENT": (BusinessException, "crm_argument_missing"),
    "NOT_FOUND": (BusinessException, "crm_record_missing"),
    "ENTITY_IS_DELETED": (BusinessException, "crm_record_missing"),
    "API_DISABLED_FOR_ORG": (BusinessException, "crm_api_disabled"),
    "INSUFFICIENT_ACCESS": (BusinessException, "crm_permission_missing"),
    "INSUFFICIENT_ACCESS_OR_READONLY": (BusinessException, "crm_permission_missing"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (BusinessException, "crm_permission_missing"),
    "UNSUPPORTED_API_VERSION": (BusinessException, "crm_version_unsupported"),
    "INVALID_SESSION_ID": (BusinessException, "crm_login_refused"),
    "invalid_grant": (BusinessException, "crm_login_refused"),
    "invalid_client_id": (BusinessException, "crm_login_refused"),
    "invalid_client": (BusinessException, "crm_login_refused"),
    "invalid_client_credentials": (BusinessException, "crm_login_refused"),
    "invalid_request": (BusinessException, "crm_login_refused"),
    "inactive_user": (BusinessException, "crm_login_refused"),
    "inactive_org": (BusinessException, "crm_login_refused"),
}
"""By errorCode, statusCode, or the token endpoint's error."""

_DAILY = "TotalRequests"
_DAILY_WAIT_S, _BUSY_WAIT_S, _LOGIN_WAIT_S = 900, 5, 60


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault of one answer. There is never a Retry-After: the daily limit waits long, the concurrency limit short."""
    code, message = code_in(body)
    if status == 300:
        return BusinessException("crm_key_not_unique", status="300")
    facts = {"status": str(status), "vendor_code": code}
    kind, ours = FAULTS.get(code, (None, ""))
    if code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" and "UNABLE_TO_LOCK_ROW" in message:
        return Transient("crm_row_locked", **facts)
    if kind is Throttled:
        return Throttled(ours, _wait(code, message), **facts)
    if kind is BusinessException:  # for the person who acts: Salesforce says which rule or field it was
        return BusinessException(ours, **facts, detail=" ".join(message.split())[:300])
    if kind is not None:
        return kind(ours, **facts)
    if status == 429:
        return Throttled("crm_limit_reached", _BUSY_WAIT_S, **facts)
    if status >= 500:
        return Transient("crm_unavailable", **facts)
    return BusinessException("unmapped_vendor_fault", system="salesforce", **facts)


def code_in(body: bytes) -> tuple[str, str]:
    """(code, message) of an error body; empty for HTML, broken JSON or an unknown shape."""
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    first = answer[0] if isinstance(answer, list) and answer else answer
    if not isinstance(first, dict):
        return "", ""
    code = first.get("errorCode") or first.get("statusCode") or first.get("error") or ""
    return str(code), str(first.get("message") or first.get("error_description") or "")


def _wait(code: str, message: str) -> int:
    if code == "rate_limit_exceeded":
        return _LOGIN_WAIT_S
    return _DAILY_WAIT_S if _DAILY in message else _BUSY_WAIT_S
