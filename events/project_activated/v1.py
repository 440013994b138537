"""project.activated: PSA and ERP sides stand; time may be billed. Producer: processes/opportunity_to_project."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData
from events.values import Ref


class ProjectActivated(EventData):
    event_type: ClassVar[str] = "project.activated.v1"

    project_id: str
    contract_id: str
    legal_entity_id: str
    refs: tuple[Ref, ...] = ()
