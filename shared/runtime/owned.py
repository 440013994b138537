"""Ownership per field group, held where it could be broken: what a system announces, and what is asked of it.

events/ownership.py declares who owns what. A connector that would announce what another owns, or a command that would
write at a system what is not shown there, is refused and shown: BusinessException("not_the_owner").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from events.ownership import ANNOUNCES, WRITES, Owner, may_announce, may_be_told
from shared.faults import BusinessException

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.ports.flow import Outbox, Recorded


class OwnedOutbox:
    """The outbox of a system's connector. role: of that system."""

    def __init__(self, outbox: Outbox, role: str) -> None:
        self._outbox, self._role = outbox, role

    def record(self, events: Sequence[AnyEnvelope]) -> Recorded:
        """All or none of them are written."""
        for event in events:
            check_announced(event.type, self._role)
        return self._outbox.record(events)

    def unpublished(self, older_than: timedelta) -> Iterator[dict[str, Any]]:
        return self._outbox.unpublished(older_than)


def check_announced(event_type: str, role: str) -> None:
    """Raises BusinessException("not_the_owner") for an event that says what systems of this role do not own."""
    groups = ANNOUNCES.get(event_type.rpartition(".v")[0])
    foreign = [group for group in groups or () if not may_announce(role, group)]
    if groups is None or foreign:
        raise BusinessException("not_the_owner", role=role, event=event_type, fields=", ".join(foreign))


def check_told(command: str, role: str) -> None:
    """Raises BusinessException("not_the_owner") for a command that systems of this role are not to be told."""
    groups = WRITES.get((command, Owner(role)))
    foreign = [group for group in groups or () if not may_be_told(role, group)]
    if groups is None or foreign:
        raise BusinessException("not_the_owner", role=role, command=command, fields=", ".join(foreign))
