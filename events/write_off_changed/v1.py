"""write_off.changed: open work is given up, waits for an approver, or is open again. Producer: processes/write_offs."""

from __future__ import annotations

from typing import ClassVar, Literal

from events.envelope import EventData
from events.values import Amount


class WriteOffChanged(EventData):
    """items: how many it is about. by: who made it what it is now. approver: null while nobody has approved it."""

    event_type: ClassVar[str] = "write_off.changed.v1"
    write_off_id: str
    status: Literal["requested", "recorded", "refused", "reversed"]
    customer_id: str
    contract_id: str
    project_ids: tuple[str, ...]
    items: int
    value: Amount
    reason: str
    submitter: str
    by: str
    approver: str | None = None
