"""Projects and what waits: which are active, which are blocked and why, how much is parked for each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shared.domain.project import Project
from shared.ports.ports import Ports


def projects(ports: Ports, *, status: str | None = None) -> list[dict[str, Any]]:
    waiting = Counter(parked.waiting_for for parked in ports.parking.all())
    return [as_view(project, waiting) for project in ports.projects.all(status)]


def as_view(project: Project, waiting: Counter[str]) -> dict[str, Any]:
    keys = [f"project:{project.project_id}", f"rate_card:{project.project_id}", f"contract:{project.contract_id}"]
    keys += [f"reference:{ref.system}:{ref.kind}:{ref.id}" for ref in project.refs]
    return {
        "project_id": project.project_id,
        "name": project.name,
        "status": project.status.value,
        "blocked_by": project.blocked_by,
        "on_hold": project.on_hold,
        "contract_id": project.contract_id,
        "legal_entity": project.legal_entity_id,
        "refs": [f"{ref.system}:{ref.kind}:{ref.id}" for ref in project.refs],
        "parked": sum(waiting[key] for key in keys),
    }


def parked(ports: Ports) -> list[dict[str, Any]]:
    """Everything that waits, by what it waits for."""
    by_key: dict[tuple[str, str], int] = Counter((each.waiting_for, each.reason) for each in ports.parking.all())
    return [
        {"waiting_for": waiting_for, "reason": reason, "deliveries": count}
        for (waiting_for, reason), count in sorted(by_key.items())
    ]
