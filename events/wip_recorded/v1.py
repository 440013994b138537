"""wip.recorded: an approved billable thing was valued and waits for its invoice. Producer: processes/time_to_bill."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from events.envelope import EventData
from events.values import Amount, DecimalText


class WipRecorded(EventData):
    """reverses: the item that this one takes back. quantity and unit_price explain the value."""

    event_type: ClassVar[str] = "wip.recorded.v1"
    wip_id: str
    kind: str
    contract_id: str
    line_id: str
    project_id: str
    source_id: str
    value: Amount
    quantity: DecimalText
    unit: str
    unit_price: DecimalText
    rule: str
    worked_on: date
    reverses: str | None = None
