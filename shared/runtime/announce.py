"""Events that our own work announces. Their ids follow from what happened, so a repeated step announces nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime

from events.envelope import AnyEnvelope, EventData, make_envelope
from shared.domain.identity import derived_id

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def announce(
    data: EventData,
    *,
    process: str,
    subject: str,
    happening: str,
    at: datetime,
    correlation_id: str,
    legal_entity: str,
    caused_by: str | None = None,
) -> AnyEnvelope:
    """happening: what tells this occurrence from others of its type on the subject ("1", a source version, a step)."""
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, subject, happening),
        source=f"billweave/processes/{process}",
        subject=subject,
        occurred_at=at,
        correlation_id=correlation_id,
        legal_entity=legal_entity,
        sequence=microseconds(at),
        causation_id=caused_by,
    )


def microseconds(at: datetime) -> int:
    """Since 1970, exact: a float would lose the last digits."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
