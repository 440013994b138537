"""A BusinessException in a queue handler becomes an exception record that somebody owns; the message is done with."""

from __future__ import annotations

from datetime import UTC, datetime

from events.envelope import AnyEnvelope, make_envelope
from shared.domain.exception import BillingException
from shared.domain.identity import derived_id
from shared.faults import BusinessException
from shared.runtime.needs import QueuePorts

UNEXPECTED = "unexpected_refusal"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_refusal(
    ports: QueuePorts,
    refusal: BusinessException,
    *,
    work: str,
    subject: str,
    correlation_id: str,
    legal_entity: str | None = None,
) -> None:
    """Its type is the refusal's code where finance declared that type, else "unexpected_refusal"."""
    from shared.domain.source import Applied
    from shared.usecases.open_exception import open_exception

    policies = ports.policies.current()
    declared = {policy.type for policy in policies.exceptions}
    trouble = open_exception(
        policies,
        refusal.code if refusal.code in declared else UNEXPECTED,
        subject,
        raised_at=ports.clock.now(),
        legal_entity_id=legal_entity or policies.identity_scope,
        correlation_id=correlation_id,
        facts=refusal.facts | {"code": refusal.code, "step": work},
        task_token=None,
    )
    if ports.exceptions.raise_(trouble, events=[raised(trouble)]) is Applied.NEW:
        ports.counts.add("exceptions_raised", type=trouble.type)


def raised(trouble: BillingException) -> AnyEnvelope:
    """exception.raised.v1, its id derived from the record and the moment it was raised."""
    from events.exception_raised.v1 import ExceptionRaised

    since = trouble.raised_at - _EPOCH
    moment = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    data = ExceptionRaised(
        exception_id=trouble.exception_id,
        type=trouble.type,
        about=trouble.subject,
        owner=trouble.owner.value,
        message=trouble.message,
        due_at=trouble.due_at,
        facts=trouble.facts,
    )
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, trouble.exception_id, f"raised:{moment}"),
        source="billweave/processes/exceptions",
        subject=trouble.exception_id,
        occurred_at=trouble.raised_at,
        correlation_id=trouble.correlation_id,
        legal_entity=trouble.legal_entity_id,
        sequence=moment,
    )
