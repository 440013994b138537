"""time.approved: a time entry and its approval, as they stand now. Producer: connectors/psa."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from events.envelope import EventData
from events.values import Amount, Person, Ref


class TimeApproved(EventData):
    """state: "withdrawn" when an approved entry was un-approved, deleted or made non-billable.

    worked_on: the worker's local date. source_rate: the hourly rate that the source shows, for comparison only.
    task_ref, assignment_ref, region: what rates may be agreed for beside person, role and project. work_kind: where the
    source tells it; none is plain work, or weekend work by its day.
    """

    event_type: ClassVar[str] = "time.approved.v1"
    entry_id: str
    ref: Ref
    project_ref: Ref
    state: Literal["approved", "withdrawn"] = "approved"
    person: Person
    role: str | None = None
    task: str | None = None
    worked_on: date
    minutes: int = Field(ge=0)
    notes: str = ""
    approved_at: AwareDatetime | None = None
    approver: str | None = None
    source_rate: Amount | None = None
    task_ref: Ref | None = None
    assignment_ref: Ref | None = None
    region: str | None = None
    work_kind: Literal["overtime", "travel"] | None = None
