"""hold.changed: somebody of ours placed a billing hold, or let go. Producer: processes/holds."""

from __future__ import annotations

from typing import ClassVar, Literal

from events.envelope import EventData


class HoldChanged(EventData):
    """subject_id: the project's, contract's or customer's. version: of the hold, 1 for the first word about it."""

    event_type: ClassVar[str] = "hold.changed.v1"
    level: Literal["project", "contract", "customer"]
    subject_id: str
    held: bool
    reason: str
    by: str
    version: int
