"""exception.resolved: it goes on. Producer: functions/operations, or the process whose cause went away."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData


class ExceptionResolved(EventData):
    """resolution: the action taken ("retry"), or "cause_gone". by: who, or "billweave"."""

    event_type: ClassVar[str] = "exception.resolved.v1"
    exception_id: str
    type: str
    about: str
    resolution: str
    by: str
