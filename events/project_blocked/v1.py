"""project.blocked: set-up stopped half way; time and staffing for it are held. Producer: opportunity_to_project."""

from __future__ import annotations

from typing import ClassVar

from events.envelope import EventData


class ProjectBlocked(EventData):
    """failed_step: in field words ("erp_project"). code: the fault's code. exception_id: who owns it."""

    event_type: ClassVar[str] = "project.blocked.v1"
    project_id: str
    contract_id: str
    legal_entity_id: str
    failed_step: str
    system: str
    code: str
    exception_id: str
