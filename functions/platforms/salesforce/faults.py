"""The platform's answers that are no success -> faults, by a connector's own table. Only here is their shape known.

Bodies are JSON arrays of {"errorCode", "message"}; results of collections say "statusCode" instead; the token endpoint
says {"error"}. Source: docs/connectors/salesforce.md, "Errors".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.faults import BusinessException, Fault, Throttled, Transient

Row = tuple[type[Fault], str]
_DAILY = "TotalRequests"
_DAILY_WAIT_S, _BUSY_WAIT_S, _LOGIN_WAIT_S = 900, 5, 60
_TRIGGER = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
BUSY, DOWN, LOCKED = "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW"
"""Rows that every table has: what answers without a code are taken for."""


@dataclass(frozen=True)
class Translator:
    """rows: by errorCode, statusCode, or the token endpoint's error. not_unique: a key that several records carry.

    wrapped: what a trigger's message may hold, as the row of another code. Called with (status, headers, body) it
    answers the fault; it never raises. There is never a Retry-After: the daily limit waits long, the others short.
    """

    system: str
    rows: Mapping[str, Row]
    not_unique: Row
    wrapped: Mapping[str, Row]

    def __call__(self, status: int, headers: Mapping[str, str], body: bytes) -> Fault:
        code, message = code_in(body)
        if status == 300:
            kind, ours = self.not_unique
            return kind(ours, status="300")
        facts = {"status": str(status), "vendor_code": code}
        found = self._row(code, message)
        if found is None and status == 429:
            found = self.rows[BUSY]
        if found is None and status >= 500:
            found = self.rows[DOWN]
        if found is None:
            return BusinessException("unmapped_vendor_fault", system=self.system, **facts)
        kind, ours = found
        if kind is Throttled:
            return Throttled(ours, _wait(code, message), **facts)
        if kind is not Transient:  # for the person who acts: the platform says which rule or field it was
            facts["detail"] = " ".join(message.split())[:300]
        return kind(ours, **facts)

    def _row(self, code: str, message: str) -> Row | None:
        """A trigger that failed says why in its message alone."""
        within = (row for words, row in self.wrapped.items() if words in message)
        inner = next(within, None) if code == _TRIGGER else None
        return inner or self.rows.get(code)


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
