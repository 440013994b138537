"""What the operators do while things go wrong, by the operations' own functions: dead letters go back, questions get answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from drill.estate.ground import Ground
from sandbox.firm.vendor_calls import Refused

OPERATOR = "drill operator"
LOOK_S = 3.0
STEP_S = 0.3
CALLS = ("operations-dlq", "outbox-stream-dlq")
"""Calls by schedule and of the stream that failed all their tries: the next run does their work."""


class NeverSettled(AssertionError):
    """What was waited for did not come: it says what, and how long."""


@dataclass
class Tending:
    """given_back: dead letters; thrown_away: those that are calls by schedule, whose work the next call does; answered:
    exceptions by type."""

    ground: Ground
    given_back: int = 0
    thrown_away: int = 0
    answered: list[str] = field(default_factory=list)
    _looked: float = 0.0

    def until(self, what: str, holds: Callable[[], bool], limit_s: float) -> None:
        """Looking after the estate meanwhile. Raises NeverSettled."""
        deadline = time.monotonic() + limit_s
        while not self._holds(holds):
            if time.monotonic() > deadline:
                raise NeverSettled(f"{what}: not within {limit_s:.0f} s")
            self.look()
            time.sleep(STEP_S)

    def settle(self, limit_s: float = 120.0) -> None:
        """Until no dead letter is left, nothing waits for an answer that can be given, and nothing moves. What will not
        come to an end in time is told by what it leaves."""
        deadline, quiet = time.monotonic() + limit_s, 0
        while quiet < 3 and time.monotonic() < deadline:
            time.sleep(1.0)
            self._looked = 0.0
            moved = self.look() or self.ground.filled() or self.ground.busy()
            quiet = 0 if moved else quiet + 1

    def _holds(self, holds: Callable[[], bool]) -> bool:
        try:
            return holds()
        except (httpx.HTTPError, Refused):  # a vendor that was killed, or that a fault made say no, is asked again
            return False

    def look(self) -> bool:
        """Every few seconds; whether anything was done."""
        if time.monotonic() - self._looked < LOOK_S:
            return False
        self._looked = time.monotonic()
        before = self.given_back + self.thrown_away + len(self.answered)
        self._dead_letters()
        self._questions()
        return self.given_back + self.thrown_away + len(self.answered) > before

    def _dead_letters(self) -> None:
        for queue in self.ground.filled():
            if queue in CALLS:
                self._throw_away(queue)
            else:
                asked = {"queue": queue.removesuffix("-dlq"), "by": OPERATOR}
                self.given_back += self.ground.fabric.try_("redrive", asked).get("redriven", 0)

    def _throw_away(self, place: str) -> None:
        for letter in self.ground.fabric.try_("dead-letters", {"queue": place}).get("letters", []):
            asked = {"letter_id": letter["letter_id"], "queue": place, "by": OPERATOR}
            done = self.ground.fabric.try_("discard-dead-letter", asked | {"reason": "the next run does its work"})
            self.thrown_away += bool(done)

    def _questions(self) -> None:
        """What a person would try first. What no saga waits for may be closed by itself meanwhile, which is no error."""
        for row in self.open_exceptions():
            if "retry" in row["actions"]:
                asked = {"exception_id": row["exception_id"], "action": "retry", "by": OPERATOR}
                if self.ground.fabric.try_("act-on-exception", asked):
                    self.answered.append(row["type"])

    def open_exceptions(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ground.fabric.read("/exceptions", status="open")["exceptions"]
        return rows
