"""Exceptions as the people who own them read them: what, whose, since when, until when, what may be done."""

from __future__ import annotations

from typing import Any

from shared.domain.exception import BillingException, ExceptionStatus
from shared.ports.ports import Ports


def exceptions(ports: Ports, *, status: str | None = None) -> list[dict[str, Any]]:
    """Oldest first. The waiting saga's token stays inside."""
    wanted = ExceptionStatus(status) if status else None
    return [as_view(each) for each in ports.exceptions.list(wanted)]


def as_view(trouble: BillingException) -> dict[str, Any]:
    return {
        "exception_id": trouble.exception_id,
        "type": trouble.type,
        "subject": trouble.subject,
        "owner": trouble.owner.value,
        "owner_person": trouble.owner_person,
        "severity": trouble.severity.value,
        "status": trouble.status.value,
        "legal_entity": trouble.legal_entity_id,
        "message": trouble.message,
        "facts": trouble.facts,
        "actions": list(trouble.actions),
        "raised_at": trouble.raised_at.isoformat(),
        "due_at": trouble.due_at.isoformat(),
        "escalated_at": trouble.escalated_at.isoformat() if trouble.escalated_at else None,
        "snoozed_until": trouble.snoozed_until.isoformat() if trouble.snoozed_until else None,
        "resolved_at": trouble.resolved_at.isoformat() if trouble.resolved_at else None,
        "resolution": trouble.resolution,
    }
