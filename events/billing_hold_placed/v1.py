"""billing.hold_placed: nothing of this project is invoiced until released. Producer: connectors/psa."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime

from events.envelope import EventData
from events.values import Ref


class BillingHoldPlaced(EventData):
    event_type: ClassVar[str] = "billing.hold_placed.v1"

    project_ref: Ref
    reason: str
    placed_at: AwareDatetime
