"""S/4HANA's answers that are no success -> our faults. The only place that knows its error codes.

No list of message numbers is published: a refusal in SAP's own shape (class/number) is a refusal with its sentence; few are
told apart, by words. HTML or XML never hides the status. Source: docs/connectors/sap_s4hana.md, "Errors".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from shared.faults import BusinessException, Duplicate, Fault, Throttled, Transient

FAULTS: dict[str, tuple[type[Fault], str]] = {
    "V1/302": (BusinessException, "erp_customer_missing"),
}
"""By message class and number."""

WORDS: tuple[tuple[tuple[str, ...], tuple[type[Fault], str]], ...] = (
    (("already exists",), (Duplicate, "erp_record_exists")),
    (("being processed",), (Transient, "erp_record_changed")),
    (("period", "not open"), (BusinessException, "posting_period_closed")),
    (("period", "closed"), (BusinessException, "posting_period_closed")),
)
"""Refusals told apart by an English sentence, all words in any order; asked before FAULTS, for 400 only."""

SHAPES: tuple[tuple[re.Pattern[str], tuple[type[Fault], str]], ...] = (
    (re.compile(r"/\w+/\w+/\d+"), (BusinessException, "erp_request_invalid")),
    (re.compile(r"[A-Z][A-Z0-9_]{0,19}/\d{3}"), (BusinessException, "erp_refused")),
)
"""Of codes that no row names: the gateway's own (a payload it cannot work with), and an application's message."""

STATUSES: dict[int, tuple[type[Fault], str]] = {
    401: (BusinessException, "erp_login_refused"),
    403: (BusinessException, "erp_permission_missing"),
    404: (BusinessException, "erp_record_missing"),
    412: (Transient, "erp_record_changed"),
    428: (BusinessException, "erp_request_invalid"),
    429: (Throttled, "erp_busy"),
}
SESSION: tuple[type[Fault], str] = (Transient, "erp_session_ended")
SERVER: tuple[type[Fault], str] = (Transient, "erp_unexpected_error")
BUSY_S = 2
"""Where no Retry-After comes with it; no limits are published, the queue's growing visibility backs off from here."""


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> Fault:
    """The fault one answer of 300 or more stands for. Never raises."""
    code, sentence = read_error(body)
    told = {name.lower(): value for name, value in headers.items()}
    facts = {"status": str(status), "vendor_code": code[:60], "detail": sentence[:200]}
    facts = {name: value for name, value in facts.items() if value}
    wait = told.get("retry-after", "")
    if status == 429 or (status == 503 and wait.isdigit()):
        return Throttled("erp_busy", int(wait) if wait.isdigit() else BUSY_S, **facts)
    if status >= 500:
        return _make(SERVER, facts)
    if status == 403 and told.get("x-csrf-token", "").lower() == "required":
        return _make(SESSION, facts)
    return _make(_row(status, code, sentence) or (BusinessException, "unmapped_vendor_fault"), facts)


def _row(status: int, code: str, sentence: str) -> tuple[type[Fault], str] | None:
    if status in STATUSES:
        return STATUSES[status]
    if status != 400:
        return None
    text = sentence.lower()
    said = next((row for words, row in WORDS if all(word in text for word in words)), None)
    return said or FAULTS.get(code) or next((row for shape, row in SHAPES if shape.fullmatch(code)), None)


def _make(row: tuple[type[Fault], str], facts: dict[str, str]) -> Fault:
    kind, code = row
    return Throttled(code, BUSY_S, **facts) if kind is Throttled else kind(code, **facts)


def read_error(body: bytes) -> tuple[str, str]:
    """(code, sentence) of a V2, V4 or XML error; empty texts where it is HTML or of another shape."""
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        return _read_xml(body)
    error = parsed.get("error") if isinstance(parsed, dict) else None
    if not isinstance(error, dict):
        return "", ""
    message = error.get("message")
    sentence = message.get("value") if isinstance(message, dict) else message
    return str(error.get("code") or ""), str(sentence or "")


def _read_xml(body: bytes) -> tuple[str, str]:
    text = body.decode("utf-8", "replace")
    if "<error" not in text:
        return "", ""
    found = [re.search(rf"<{name}[^>]*>([^<]*)</{name}>", text) for name in ("code", "message")]
    code, sentence = (match[1] if match else "" for match in found)
    return code, sentence
