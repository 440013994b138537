"""exception.resolved: it goes on. Producer: functions/operations, or the process whose cause went away."""

from __future__ import annotations

from events.envelope import EventData


class ExceptionResolved(EventData):
    """resolution: the action taken ("retry"), or "cause_gone". by: who, or "billweave"."""

    exception_id: str
    type: str
    about: str
    resolution: str
    by: str
