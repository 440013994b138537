"""Business Central's answers that are no success -> our faults. The only place that knows its error codes.

An error body that is no JSON (the gateway's pages) never hides the status. Source: docs/connectors/business_central.md,
"Errors".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient

Row = tuple[type[Fault], str]

FAULTS: dict[str, Row] = {
    "BadRequest": (BusinessException, "erp_request_invalid"),
    "BadRequest_InvalidRequestUrl": (BusinessException, "erp_request_invalid"),
    "Application_DialogException": (BusinessException, "erp_refused"),
    "Application_FieldValidationException": (BusinessException, "erp_parameter_invalid"),
    "Application_StringExceededLength": (BusinessException, "erp_content_invalid"),
    "Internal_InvalidTableRelation": (BusinessException, "erp_reference_unknown"),
    "Internal_EntityWithSameKeyExists": (Duplicate, "erp_record_exists"),
    "Authentication_InvalidCredentials": (BusinessException, "erp_login_refused"),
    "BadRequest_NotFound": (BusinessException, "erp_record_missing"),
    "BadRequest_ResourceNotFound": (BusinessException, "erp_record_missing"),
    "Internal_RecordNotFound": (BusinessException, "erp_record_missing"),
    "Request_EntityChanged": (Transient, "erp_record_changed"),
    "Internal_ServerError": (Transient, "erp_unexpected_error"),
    "Unknown": (Transient, "erp_unexpected_error"),
    "invalid_client": (BusinessException, "erp_login_refused"),
    "unauthorized_client": (BusinessException, "erp_login_refused"),
}
"""By the error's `code`, or by the token endpoint's `error`."""

PREFIXES: dict[str, Row] = {"Authorization_": (BusinessException, "erp_permission_missing")}

WORDS: tuple[tuple[tuple[str, ...], Row], ...] = (
    (("posting date", "allowed"), (BusinessException, "posting_period_closed")),
    (("locked by another user",), (Transient, "erp_record_changed")),
    (("transaction done by another session",), (Transient, "erp_record_changed")),
)
"""What a refusal (400, 409) tells only in its sentence, all words in any order. We ask for English answers."""

STATUSES: dict[int, Row] = {
    401: (BusinessException, "erp_login_refused"),
    403: (BusinessException, "erp_permission_missing"),
    404: (BusinessException, "erp_record_missing"),
    408: (Transient, "erp_unexpected_error"),
    409: (Transient, "erp_record_changed"),
    412: (Transient, "erp_record_changed"),
    413: (BusinessException, "erp_request_invalid"),
    429: (Throttled, "erp_busy"),
    503: (Transient, "erp_unexpected_error"),
}
BUSY_S = 5
"""Retry-After is not promised on 429: without it, from five seconds on. A 503 is the limit's only where it brings one."""


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault one answer of 300 or more stands for. Never raises."""
    code, sentence = read_error(body)
    facts = {"status": str(status), "vendor_code": code, "detail": sentence[:200]}
    facts = {name: value for name, value in facts.items() if value}
    if status == 429 or (status == 503 and "retry-after" in headers):
        return Throttled("erp_busy", wait_s(headers), **facts)
    if status >= 500:
        return Transient("erp_unexpected_error", **facts)
    kind, ours = _row(status, code, sentence) or (BusinessException, "unmapped_vendor_fault")
    return kind(ours, **facts)


def _row(status: int, code: str, sentence: str) -> Row | None:
    """Login, permission and time-out by status; refusals by their words, then by code; the rest by status."""
    if status in (401, 403, 408, 412):
        return STATUSES[status]
    by_words = _by_words(sentence) if status in (400, 409) else None
    by_prefix = next((row for prefix, row in PREFIXES.items() if code.startswith(prefix)), None)
    return by_words or FAULTS.get(code) or by_prefix or STATUSES.get(status)


def _by_words(sentence: str) -> Row | None:
    text = sentence.lower()
    return next((row for words, row in WORDS if all(word in text for word in words)), None)


def wait_s(headers: Mapping[str, str]) -> int:
    """Seconds of Retry-After; one that is a date or nonsense counts as none."""
    told = str(headers.get("retry-after", ""))
    return max(1, int(told)) if told.isascii() and told.isdigit() else BUSY_S


def read_error(body: bytes) -> tuple[str, str]:
    """(code, sentence) of an error body; empty texts where it is HTML, broken JSON or of another shape."""
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    error = parsed.get("error") if isinstance(parsed, dict) else None
    if isinstance(error, dict):
        return str(error.get("code") or ""), str(error.get("message") or "")
    return str(error or ""), ""
