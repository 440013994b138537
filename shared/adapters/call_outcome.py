"""What the end of a vendor call says about the vendor: did it answer, did it fail, or was the trouble ours."""

from __future__ import annotations

from enum import StrEnum

from shared.faults import Fault, Poison, Throttled, Transient

MOST_PAUSE_S = 900
"""However long a vendor asks for: somebody looks again in a quarter of an hour."""


class Outcome(StrEnum):
    """ANSWERED: whatever it said, a refusal and a throttle too. UNKNOWN: the vendor had no part in it."""

    ANSWERED = "answered"
    FAILED = "failed"
    UNKNOWN = "unknown"


def outcome_of(error: BaseException | None) -> Outcome:
    """error: what ended the work under a lease; None when it was done.

    VendorHttp tells in `call` what was asked, and in `status` what was answered, if anything was. A row that is locked
    or changed meanwhile is Transient too, but an answer.
    """
    if error is None or isinstance(error, Poison):
        return Outcome.ANSWERED
    if not isinstance(error, Fault) or "call" not in error.facts:
        return Outcome.UNKNOWN
    status = error.facts.get("status", "")
    answered = not isinstance(error, Transient) or (status.isdigit() and int(status) < 500)
    return Outcome.ANSWERED if answered else Outcome.FAILED


def pause_of(error: BaseException | None) -> int:
    """Seconds for which nobody calls: what the vendor that throttled us asked for, at least one; else 0."""
    if isinstance(error, Throttled) and "call" in error.facts:
        return max(1, min(error.retry_after_s, MOST_PAUSE_S))
    return 0
