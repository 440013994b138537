"""What we told of a record before, as the event log has it."""

from __future__ import annotations

from collections.abc import Iterable

from events.envelope import AnyEnvelope
from events.registry import PUBLISHED, upcast


def last_of(told: Iterable[AnyEnvelope], *names: str) -> AnyEnvelope | None:
    """The newest of these event names ("time.approved"), its data in the newest version; None if there is none."""
    events = [event for event in told if event.type.rpartition(".")[0] in names]
    last = max(events, key=lambda event: event.sequence, default=None)
    if last is None or not isinstance(last.data, dict):
        return last
    event_type, data = upcast(last.type, last.data)
    return last.model_copy(update={"type": event_type, "data": PUBLISHED[event_type].model_validate(data)})
