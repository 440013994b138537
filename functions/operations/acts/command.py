"""One decision about one exception, as it is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from shared.domain.audit import Act
from shared.domain.exception import BillingException
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.reading import Input


class ActOnException(Input):
    """given: what the action needs beside: `until` of snooze, `group` and `person` of reassign, `project_id` of supply,
    `event_id` and `text` of amend, `reason` (of the policies' list) of write_off."""

    exception_id: str
    action: str
    by: str = Field(min_length=1)
    reason: str = ""
    given: dict[str, str] = Field(default_factory=dict, repr=False)


def need(command: ActOnException, name: str) -> str:
    """Raises BusinessException("action_lacks")."""
    value = command.given.get(name, "").strip()
    if not value:
        raise BusinessException("action_lacks", action=command.action, needs=name)
    return value


def need_reason(command: ActOnException) -> None:
    """Raises BusinessException("action_lacks")."""
    if len(command.reason.strip()) < 3:
        raise BusinessException("action_lacks", action=command.action, needs="reason")


def act_of(
    trouble: BillingException,
    command: ActOnException,
    ports: Ports,
    *,
    once: str = "",
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> Act:
    """once: what tells this act from another of the same exception's life; "" for the one that ends it."""
    return Act(
        act_id=f"exception:{trouble.exception_id}:{trouble.raised_at.isoformat()}{once}",
        legal_entity_id=trouble.legal_entity_id,
        who=command.by,
        what=f"exception.{command.action}",
        subject=trouble.subject,
        why=command.reason or trouble.message,
        at=ports.clock.now(),
        before={"status": trouble.status.value, "type": trouble.type, "exception_id": trouble.exception_id}
        | dict(before or {}),
        after=dict(after or {}),
    )
