"""What nobody can understand is an exception too: one per text, however often it comes, until its letter is gone."""

from __future__ import annotations

import hashlib

from shared.faults import Fault, Poison
from shared.runtime.log import logger
from shared.runtime.needs import QueuePorts

UNREADABLE = "unreadable_payload"


def subject_of(text: str) -> str:
    """The same bytes are the same trouble, whichever delivery brought them."""
    return f"payload:{hashlib.sha256(text.encode()).hexdigest()}"


def tell_unreadable(text: str, poison: Poison, ports: QueuePorts, *, queue: str, correlation_id: str) -> None:
    """What cannot be told now keeps no bytes out of the quarantine, which has an alarm of its own."""
    try:
        _raise(text, poison, ports, queue=queue, correlation_id=correlation_id)
    except Fault as fault:
        logger().warning("not told", extra={"code": fault.code, "queue": queue})


def _raise(text: str, poison: Poison, ports: QueuePorts, *, queue: str, correlation_id: str) -> None:
    from shared.runtime.trouble import exception_type, raise_trouble  # who reads everything never pays for it

    raise_trouble(
        ports,
        exception_type(UNREADABLE, ports),
        subject_of(text),
        legal_entity_id=ports.policies.current().identity_scope,
        correlation_id=correlation_id,
        facts=poison.facts | {"code": poison.code, "queue": queue},
    )
