"""Opening and closing exceptions: the record, its event, and the saga that waits for the answer."""

from __future__ import annotations

from collections.abc import Iterable

from events.exception_raised.v1 import ExceptionRaised
from events.exception_resolved.v1 import ExceptionResolved
from shared.domain.exception import BillingException
from shared.domain.source import Applied
from shared.runtime.announce import announce, microseconds
from shared.runtime.needs import QueuePorts, SagaPorts
from shared.usecases.open_exception import exception_id, open_exception

UNEXPECTED = "unexpected_refusal"


def exception_type(code: str, ports: QueuePorts) -> str:
    """The declared type of this name; a code that finance never declared is an unexpected refusal, with an owner."""
    declared = {policy.type for policy in ports.policies.current().exceptions}
    return code if code in declared else UNEXPECTED


def raise_trouble(
    ports: QueuePorts,
    type: str,
    subject: str,
    *,
    legal_entity_id: str,
    correlation_id: str,
    facts: dict[str, str] | None = None,
    task_token: str | None = None,
) -> BillingException:
    """One open record per (type, subject): raised again it only learns the newest token and facts."""
    now = ports.clock.now()
    trouble = open_exception(
        ports.policies.current(),
        type,
        subject,
        raised_at=now,
        legal_entity_id=legal_entity_id,
        correlation_id=correlation_id,
        facts=facts or {},
        task_token=task_token,
    )
    raised = announce(
        ExceptionRaised(
            exception_id=trouble.exception_id,
            type=type,
            about=subject,
            owner=trouble.owner.value,
            message=trouble.message,
            due_at=trouble.due_at,
            facts=trouble.facts,
        ),
        process="exceptions",
        subject=trouble.exception_id,
        happening=f"raised:{microseconds(now)}",
        at=now,
        correlation_id=correlation_id,
        legal_entity=legal_entity_id,
    )
    if ports.exceptions.raise_(trouble, events=[raised]) is Applied.NEW:
        ports.counts.add("exceptions_raised", type=type)
    return trouble


def close_trouble(ports: SagaPorts, subject: str, types: Iterable[str], *, by: str = "billweave") -> None:
    """The cause is gone: what is open about it closes by itself."""
    for trouble in ports.exceptions.open_among([exception_id(type, subject) for type in types]):
        settle(ports, trouble.exception_id, "cause_gone", by=by)


def settle(ports: SagaPorts, an_exception_id: str, resolution: str, *, by: str) -> BillingException | None:
    """Resolved, if it was open; the saga that waits is told first, so that a crash in between leaves it open, not lost."""
    trouble = ports.exceptions.find(an_exception_id)
    if trouble is None or trouble.resolved_at is not None:
        return None
    if trouble.task_token:
        ports.tasks.succeed(trouble.task_token, {"action": resolution, "by": by})
    now = ports.clock.now()
    resolved = announce(
        ExceptionResolved(
            exception_id=trouble.exception_id, type=trouble.type, about=trouble.subject, resolution=resolution, by=by
        ),
        process="exceptions",
        subject=trouble.exception_id,
        happening=f"resolved:{microseconds(trouble.raised_at)}",
        at=now,
        correlation_id=trouble.correlation_id,
        legal_entity=trouble.legal_entity_id,
    )
    return ports.exceptions.resolve(trouble.exception_id, resolution, by=by, events=[resolved])
