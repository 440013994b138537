"""A BusinessException in a queue handler becomes an exception record that somebody owns; the message is done with."""

from __future__ import annotations

from shared.faults import BusinessException
from shared.runtime.needs import QueuePorts


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
    from shared.runtime.trouble import exception_type, raise_trouble  # a handler that never refuses never pays for it

    raise_trouble(
        ports,
        exception_type(refusal.code, ports),
        subject,
        legal_entity_id=legal_entity or ports.policies.current().identity_scope,
        correlation_id=correlation_id,
        facts=refusal.facts | {"code": refusal.code, "step": work},
    )
