"""exception.raised: something stopped, somebody owns it, the clock runs. Producer: any process."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from events.envelope import EventData


class ExceptionRaised(EventData):
    """about: canonical id of the thing that stopped. facts: ids and words, never payloads."""

    exception_id: str
    type: str
    about: str
    owner: str
    message: str
    due_at: AwareDatetime
    facts: dict[str, str] = Field(default_factory=dict)
