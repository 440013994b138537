"""billing.hold_released: the project may be invoiced again. Producer: connectors/kantata."""

from __future__ import annotations

from pydantic import AwareDatetime

from events.envelope import EventData
from events.values import Ref


class BillingHoldReleased(EventData):
    project_ref: Ref
    released_at: AwareDatetime
