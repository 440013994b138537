"""NetSuite's answers that are no success -> our faults. The only place that knows its error codes.

Decided by HTTP status first: a 429 says "Bad Request" and `USER_ERROR` at its top. An error body that is no JSON never
hides the status. Source: docs/connectors/netsuite.md, "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient

FAULTS: dict[str, tuple[type[Fault], str]] = {
    "INVALID_LOGIN": (BusinessException, "erp_login_refused"),
    "INVALID_LOGIN_ATTEMPT": (BusinessException, "erp_login_refused"),
    "invalid_grant": (BusinessException, "erp_certificate_refused"),
    "invalid_client": (BusinessException, "erp_certificate_refused"),
    "INSUFFICIENT_PERMISSION": (BusinessException, "erp_permission_missing"),
    "INVALID_CONTENT": (BusinessException, "erp_content_invalid"),
    "INVALID_REQUEST": (BusinessException, "erp_request_invalid"),
    "INVALID_PARAMETER": (BusinessException, "erp_parameter_invalid"),
    "INVALID_KEY_OR_REF": (BusinessException, "erp_reference_unknown"),
    "USER_ERROR": (BusinessException, "erp_refused"),
    "IDEMPOTENCY_ERROR": (Duplicate, "erp_job_exists"),
    "DUP_RCRD": (Duplicate, "erp_record_exists"),
    "NONEXISTENT_ID": (BusinessException, "erp_record_missing"),
    "RCRD_HAS_BEEN_CHANGED": (Transient, "erp_record_changed"),
    "SSS_REQUEST_LIMIT_EXCEEDED": (Throttled, "erp_busy"),
    "CONCURRENCY_LIMIT_EXCEEDED": (Throttled, "erp_busy"),
}
"""By `o:errorCode` of the first detail, or by the token endpoint's `error`."""

WORDS: tuple[tuple[tuple[str, ...], tuple[type[Fault], str]], ...] = (
    (("period", "closed"), (BusinessException, "posting_period_closed")),
    (("already exists",), (Duplicate, "erp_record_exists")),
)
"""Refusals that NetSuite tells apart only by an English sentence, all words in any order; asked before FAULTS for 400."""

STATUSES: dict[int, tuple[type[Fault], str]] = {
    401: (BusinessException, "erp_login_refused"),
    403: (BusinessException, "erp_permission_missing"),
    404: (BusinessException, "erp_record_missing"),
    409: (Transient, "erp_record_changed"),
    412: (Transient, "erp_record_changed"),
    429: (Throttled, "erp_busy"),
}
BUSY_S = 1
"""NetSuite documents no Retry-After: the queue's growing visibility does the backing off, from one second on."""


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault one answer of 400 or more (or an unexpected redirect) stands for. Never raises."""
    code, detail, path = read_error(body)
    facts = {"status": str(status), "vendor_code": code, "detail": detail[:200], "path": path}
    facts = {name: value for name, value in facts.items() if value}
    if status == 429:
        return _make(STATUSES[429], facts)
    if status >= 500:
        return Transient("erp_unexpected_error", **facts)
    row = _by_words(detail) if status == 400 else None
    row = row or FAULTS.get(code) or STATUSES.get(status)
    return _make(row or (BusinessException, "unmapped_vendor_fault"), facts)


def _by_words(detail: str) -> tuple[type[Fault], str] | None:
    text = detail.lower()
    return next((row for words, row in WORDS if all(word in text for word in words)), None)


def _make(row: tuple[type[Fault], str], facts: dict[str, str]) -> Fault:
    kind, code = row
    return Throttled(code, BUSY_S, **facts) if kind is Throttled else kind(code, **facts)


def read_error(body: bytes) -> tuple[str, str, str]:
    """(code, sentence, path) of an error body; empty texts where it is HTML, broken JSON or of another shape."""
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        return "", "", ""
    if not isinstance(parsed, dict):
        return "", "", ""
    details = parsed.get("o:errorDetails")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
    nested = parsed.get("error")
    error = nested if isinstance(nested, dict) else {"code": nested}
    code = first.get("o:errorCode") or parsed.get("o:errorCode") or error.get("code") or ""
    sentence = first.get("detail") or parsed.get("error_description") or error.get("message") or ""
    return str(code), str(sentence), str(first.get("o:errorPath") or "")
