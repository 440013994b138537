"""billing.hold_released: the project may be invoiced again. Producer: connectors/psa."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime

from events.envelope import EventData
from events.values import Ref


class BillingHoldReleased(EventData):
    event_type: ClassVar[str] = "billing.hold_released.v1"

    project_ref: Ref
    released_at: AwareDatetime
