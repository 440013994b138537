"""milestone.completed: delivery reports it done; approved or not yet. Producer: connectors/psa."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime

from events.envelope import EventData
from events.values import Ref


class MilestoneCompleted(EventData):
    """approver: who accepted the deliverable, None while nobody has; only an accepted one is billed."""

    event_type: ClassVar[str] = "milestone.completed.v1"
    milestone_id: str
    ref: Ref
    project_ref: Ref
    name: str
    completed_on: date
    approver: str | None = None
    approved_at: AwareDatetime | None = None
