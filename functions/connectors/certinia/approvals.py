"""What a record of work says to us after all that was told of it: it was taken back, or billed work is another now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from events.envelope import AnyEnvelope
from events.expense_approved.v1 import ExpenseApproved
from events.time_approved.v1 import TimeApproved
from functions.connectors.certinia.mapping import withdrawn
from functions.connectors.certinia.ports import CertiniaPorts
from shared.runtime.told import last_of


def after_all(
    subject: str, invoiced: Callable[[], AnyEnvelope] | None, at: datetime, ports: CertiniaPorts
) -> AnyEnvelope | None:
    """invoiced: the event of work that stands approved and on somebody's invoice; None: it does not stand approved.

    Nothing was told of what was billed before our time, and nothing need be. What we told of and invoiced may be corrected.
    """
    last = last_of(ports.event_log.of_subject(subject), "time.approved", "expense.approved")
    if last is None:
        return None
    if invoiced is None:
        return None if last.data.state == "withdrawn" else withdrawn(last, at)
    now = invoiced()
    return None if _billed(now) == _billed(last) else now


def if_other(
    subject: str, approved: Callable[[], AnyEnvelope] | None, at: datetime, ports: CertiniaPorts
) -> AnyEnvelope | None:
    """approved: the event of uninvoiced work that stands approved; None: it does not. What says the same is not told again."""
    last = last_of(ports.event_log.of_subject(subject), "time.approved", "expense.approved")
    if approved is None:
        return None if last is None or last.data.state == "withdrawn" else withdrawn(last, at)
    now = approved()
    return None if last is not None and _billed(now) == _billed(last) else now


def _billed(event: AnyEnvelope) -> tuple[object, ...]:
    """What a later version of billed work must differ in to be worth telling."""
    data = event.data
    if isinstance(data, TimeApproved):
        return data.state, data.minutes, data.role, data.project_ref
    assert isinstance(data, ExpenseApproved)
    return data.state, data.value, data.category, data.project_ref
