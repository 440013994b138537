"""project.created: the project exists in the fabric and in the PSA. Producer: processes/opportunity_to_project."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData
from events.values import Ref


class ProjectCreated(EventData):
    """refs: the ids that other systems have for it so far."""

    event_type: ClassVar[str] = "project.created.v1"
    project_id: str
    contract_id: str
    customer_id: str
    legal_entity_id: str
    name: str
    refs: tuple[Ref, ...] = ()
