"""What a record of work says to us: it stands approved, it was taken back, or nothing new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from events.envelope import AnyEnvelope
from events.expense_approved.v1 import ExpenseApproved
from events.time_approved.v1 import TimeApproved
from functions.connectors.certinia.mapping import withdrawn
from functions.connectors.certinia.ports import CertiniaPorts
from shared.runtime.told import last_of

State = Literal["approved", "invoiced", "none"]
"""invoiced: approved, and on somebody's invoice: what was billed before our time is none of ours."""


def news(
    subject: str, state: State, at: datetime, event: Callable[[], AnyEnvelope], ports: CertiniaPorts
) -> AnyEnvelope | None:
    """event: of an approval as it stands now. The log is asked only where what was told before decides."""
    if state == "approved":
        return event()
    last = last_of(ports.event_log.of_subject(subject), "time.approved", "expense.approved")
    if last is None:
        return None
    if state == "none":
        return None if last.data.state == "withdrawn" else withdrawn(last, at)
    now = event()
    return None if billed(now) == billed(last) else now


def billed(event: AnyEnvelope) -> tuple[object, ...]:
    """What a later version of billed work must differ in to be worth telling."""
    data = event.data
    if isinstance(data, TimeApproved):
        return data.state, data.minutes, data.role, data.project_ref
    assert isinstance(data, ExpenseApproved)
    return data.state, data.value, data.category, data.project_ref
