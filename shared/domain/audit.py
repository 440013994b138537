"""Audit log: who did what, when, why, with what before and after; each entry bound to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did, before it is in the log. act_id: the same act is logged once. before, after: figures and
    states as text, never payloads.
    """

    act_id: str
    legal_entity_id: str
    who: str
    what: str
    subject: str
    why: str
    at: datetime
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """sequence: 1, 2, ... per legal entity, without gaps. previous: hash of the entry before, "" for the first."""

    sequence: int
    act: Act
    previous: str
    hash: str


def next_entry(act: Act, sequence: int, previous: str) -> AuditEntry:
    """sequence, previous: of the entry to come: 1 and "" for the first."""
    return AuditEntry(sequence, act, previous, hash_of(act, sequence, previous))


def hash_of(act: Act, sequence: int, previous: str) -> str:
    """sha256 over the previous hash and the canonical body: JSON, keys sorted, no blanks, UTC to the microsecond."""
    body = {
        "act_id": act.act_id,
        "after": act.after,
        "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "before": act.before,
        "legal_entity_id": act.legal_entity_id,
        "sequence": sequence,
        "subject": act.subject,
        "what": act.what,
        "who": act.who,
        "why": act.why,
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
