"""exception.raised: something stopped, somebody owns it, the clock runs. Producer: any process."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime, Field

from events.envelope import EventData


class ExceptionRaised(EventData):
    """about: canonical id of the thing that stopped. facts: ids and words, never payloads."""

    event_type: ClassVar[str] = "exception.raised.v1"
    exception_id: str
    type: str
    about: str
    owner: str
    message: str
    due_at: AwareDatetime
    facts: dict[str, str] = Field(default_factory=dict)
