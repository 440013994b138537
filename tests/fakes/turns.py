"""Turns at a subject in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from shared.adapters.turns import AGAIN_S, TURN_S
from shared.faults import Throttled
from shared.ports.flow import Clock


@dataclass
class FakeTurns:
    """most_s: how long an invocation lives."""

    clock: Clock
    most_s: float = TURN_S
    held: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    _one: Lock = field(default_factory=Lock, repr=False)

    def take(self, subject: str) -> str:
        with self._one:
            now = self.clock.now()
            _, over_at = self.held.get(subject, ("", now))
            if over_at > now:
                raise Throttled("subject_busy", AGAIN_S, subject=subject)
            self.taken.append(subject)
            ticket = str(len(self.taken))
            self.held[subject] = ticket, now + timedelta(seconds=self.most_s)
            return ticket

    def __deepcopy__(self, _: dict[int, object]) -> FakeTurns:
        """A dry run executes no command: the turns stay the same."""
        return self

    def give_back(self, subject: str, ticket: str) -> None:
        if self.held.get(subject, ("", None))[0] == ticket:
            del self.held[subject]
