"""What we told of a record before, as the event log has it."""

from __future__ import annotations

from collections.abc import Iterable

from events.envelope import AnyEnvelope


def last_of(told: Iterable[AnyEnvelope], *names: str) -> AnyEnvelope | None:
    """The newest of these event names ("time.approved"), None if there is none."""
    events = [event for event in told if event.type.rpartition(".")[0] in names]
    return max(events, key=lambda event: event.sequence, default=None)
