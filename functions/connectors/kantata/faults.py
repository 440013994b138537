"""Kantata's answers that are no success -> our faults. The only place that knows its statuses and texts.

Errors have no codes: a type ("oauth", "system", "validation"), a field and an English sentence; some old endpoints answer
`error_message`, gateways HTML. Decided by HTTP status first. Source: docs/connectors/kantata.md, "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient

STATUSES: dict[int, tuple[type[Fault], str]] = {
    400: (BusinessException, "psa_request_invalid"),
    401: (BusinessException, "psa_login_refused"),
    403: (BusinessException, "psa_permission_missing"),
    404: (BusinessException, "psa_record_missing"),
    422: (BusinessException, "psa_refused"),
    429: (Throttled, "psa_busy"),
    502: (Transient, "psa_unavailable"),
    503: (Transient, "psa_unavailable"),
    504: (Transient, "psa_unavailable"),
}

WORDS: tuple[tuple[tuple[str, ...], tuple[type[Fault], str]], ...] = (
    (("already", "been", "taken"), (Duplicate, "psa_already_there")),
    (("already", "invoiced"), (BusinessException, "psa_already_invoiced")),
    (("already", "approved"), (BusinessException, "psa_state_conflict")),
    (("locked",), (BusinessException, "psa_state_conflict")),
)
"""What only the sentence of a 422 tells apart, all words in any order; first match wins."""

BUSY_S = 30
"""When a 429 names no time: its body is not documented, thirty seconds are advised."""


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault one answer of 400 or more stands for. Never raises."""
    kind_of_error, sentence, field = read_error(body)
    facts = {"status": str(status), "type": kind_of_error, "detail": sentence[:200], "field": field}
    facts = {name: value for name, value in facts.items() if value}
    row = _by_words(sentence) if status == 422 else None
    row = row or STATUSES.get(status)
    if row is None:
        row = (Transient, "psa_unavailable") if status >= 500 else (BusinessException, "unmapped_vendor_fault")
    kind, code = row
    return Throttled(code, _retry_after(headers), **facts) if kind is Throttled else kind(code, **facts)


def _by_words(sentence: str) -> tuple[type[Fault], str] | None:
    text = sentence.lower()
    return next((row for words, row in WORDS if all(word in text for word in words)), None)


def _retry_after(headers: Mapping[str, str]) -> int:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(int(value), 900) if value.isdigit() else BUSY_S


def read_error(body: bytes) -> tuple[str, str, str]:
    """(type, sentence, field) of either form of error body; empty texts where it is neither."""
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        return "", "", ""
    if not isinstance(parsed, dict):
        return "", "", ""
    errors = parsed.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    sentence = first.get("message") or parsed.get("error_message") or ""
    return str(first.get("type") or ""), str(sentence), str(first.get("field") or "")
