"""Is the audit log whole? An entry's hash covers the act and the hash before, so nothing changes unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.audit import AuditEntry, hash_of


@dataclass(frozen=True, slots=True)
class Tampered:
    """Where the chain of one legal entity breaks first: "changed", "missing", "reordered" or "head" (entries were cut
    off at the end), at which sequence.
    """

    what: str
    sequence: int


def verify_chain(entries: Iterable[AuditEntry], *, length: int, head: str) -> Tampered | None:
    """None if every entry is there, unchanged and in order, and the last one is the one the head names.

    entries: as they lie, in the order of their keys. length, head: what the head row says.
    """
    previous, sequence = "", 0
    for sequence, entry in enumerate(entries, start=1):
        if entry.sequence > sequence:
            return Tampered("missing", sequence)
        if entry.sequence < sequence or entry.previous != previous:
            return Tampered("reordered", sequence)
        if entry.hash != hash_of(entry.act, entry.sequence, entry.previous):
            return Tampered("changed", sequence)
        previous = entry.hash
    if (sequence, previous) != (length, head):
        return Tampered("head", sequence)
    return None
