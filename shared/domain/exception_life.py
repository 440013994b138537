"""What happens to an exception after it was opened: renewed, passed on, put to sleep, escalated, resolved; each a line of
its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.domain.exception import BillingException, ExceptionStatus, Happening, What

FABRIC = "billweave"
KEPT = 60
"""Newest happenings of one exception; older ones are in the event log and the audit log."""


def with_happening(trouble: BillingException, happening: Happening) -> BillingException:
    return replace(trouble, history=(*trouble.history, happening)[-KEPT:])


def opened(known: BillingException | None, new: BillingException) -> BillingException:
    """known: the resolved one of the same trouble; its history goes on."""
    before = known.history if known else ()
    raised = Happening(new.raised_at, What.RAISED, FABRIC, _tried(new))
    return with_happening(replace(new, history=before), raised)


def renewed(known: BillingException, again: BillingException) -> BillingException:
    """Its clock and its first words stay; the saga that waits now is the one to tell. Another try of a step is a happening;
    the same trouble with one more delivery is not."""
    token, facts = again.task_token or known.task_token, known.facts | again.facts
    same = replace(known, task_token=token, facts=facts)
    if token == known.task_token and _tried(same) == _tried(known):
        return same
    return with_happening(same, Happening(again.raised_at, What.RENEWED, FABRIC, _tried(again)))


def resolved(known: BillingException, resolution: str, by: str, at: datetime) -> BillingException:
    done = replace(
        known,
        status=ExceptionStatus.RESOLVED,
        task_token=None,
        resolved_at=at,
        resolution=resolution,
        snoozed_until=None,
    )
    return with_happening(done, Happening(at, What.RESOLVED, by, resolution))


def escalated(known: BillingException, at: datetime) -> BillingException:
    """Once per clock: the owner's time is over, so it is worse than it was."""
    if known.status is not ExceptionStatus.OPEN or known.escalated_at or known.snoozed_until or at < known.due_at:
        return known
    worse = replace(known, severity=known.severity.next_worse, escalated_at=at)
    words = f"due {known.due_at.isoformat()}: {known.severity.value} -> {worse.severity.value}"
    return with_happening(worse, Happening(at, What.ESCALATED, FABRIC, words))


def woken(known: BillingException, at: datetime) -> BillingException:
    if known.status is not ExceptionStatus.OPEN or known.snoozed_until is None or at < known.snoozed_until:
        return known
    return with_happening(replace(known, snoozed_until=None), Happening(at, What.WOKEN, FABRIC))


def _tried(trouble: BillingException) -> str:
    """The step that failed and how, where one is told."""
    return " ".join(filter(None, (trouble.facts.get("step"), trouble.facts.get("code"))))
