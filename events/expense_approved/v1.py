"""expense.approved: an expense and its approval, as they stand now. Producer: connectors/psa."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from events.envelope import EventData
from events.values import Amount, Person, Ref


class ExpenseApproved(EventData):
    """state: "withdrawn" when an approved expense was un-approved, deleted or made non-billable."""

    event_type: ClassVar[str] = "expense.approved.v1"
    expense_id: str
    ref: Ref
    project_ref: Ref
    state: Literal["approved", "withdrawn"] = "approved"
    person: Person
    category: str
    incurred_on: date
    value: Amount
    notes: str = ""
    approved_at: AwareDatetime | None = None
    approver: str | None = None
