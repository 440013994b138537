"""Project: client work delivered under a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.domain.identity import ExternalRef


class ProjectStatus(StrEnum):
    SETTING_UP = "setting_up"
    ACTIVE = "active"
    BLOCKED = "blocked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Project:
    """refs: the ids other systems have for it. blocked_by: the fault code while BLOCKED.

    on_hold: billing is held; hold_sequence: the source's version that said so, an older word changes nothing.
    """

    project_id: str
    contract_id: str
    legal_entity_id: str
    customer_id: str
    name: str
    status: ProjectStatus
    refs: tuple[ExternalRef, ...] = ()
    blocked_by: str | None = None
    on_hold: bool = False
    hold_sequence: int = 0
    closed_by: str | None = None

    def ref_in(self, system: str) -> ExternalRef | None:
        return next((ref for ref in self.refs if ref.system == system), None)


@dataclass(frozen=True, slots=True)
class Milestone:
    """Billable once completed and approved; `approver` is the person who accepted the deliverable."""

    milestone_id: str
    ref: ExternalRef
    project_ref: ExternalRef
    name: str
    completed_on: date | None
    approver: str | None
    approved_at: datetime | None
