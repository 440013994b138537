"""What fails, and when: decided by seed and place alone, so that the same seed is the same run and one fault can be left out.

A place is a call, named by the piece of work it happens in, that work's attempt, and its turn among the same calls there.
Its decision depends on nothing else: taking one fault away moves no other one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

DECAY = 0.6
"""Each further attempt at the same work is that much less likely to be hit: every run ends."""


class Died(BaseException):
    """The process is gone, in the middle. No handler may catch this, so it is no Exception."""


@dataclass(frozen=True, slots=True)
class Hit:
    """place: short digest, enough to name the fault again. kind: follows from it. where: for people."""

    place: str
    kind: str
    where: str


@dataclass
class Fate:
    """rate: of calls that are hit, at the first attempt; 0: nothing fails. only: hit at these places and nowhere else.
    races: whether other work may come between two calls of one handler.
    """

    seed: int
    rate: float = 0.0
    only: frozenset[str] | None = None
    races: bool = False
    hits: list[Hit] = field(default_factory=list)
    _placed: set[str] = field(default_factory=set)

    def decide(self, where: str, kinds: Sequence[str], attempt: int = 1, times: float = 1.0) -> str | None:
        """The fault here, None for none. times: how much likelier than a call it is."""
        if not kinds or self.rate <= 0:
            return None
        place, drawn, choice = self._drawn(where)
        chosen = place in self.only if self.only is not None else True
        if not chosen or drawn >= self.rate * times * DECAY ** (attempt - 1):
            return None
        kind = kinds[choice % len(kinds)]
        if place not in self._placed:
            self._placed.add(place)
            self.hits.append(Hit(place, kind, where))
        return kind

    def spread(self, where: str) -> float:
        """From 0 to 1, the same every time: what decides an order that nobody promised."""
        return self._drawn(f"spread {where}")[1]

    def _drawn(self, where: str) -> tuple[str, float, int]:
        drawn = blake2b(f"{self.seed}|{where}".encode(), digest_size=20).digest()
        return drawn[:5].hex(), int.from_bytes(drawn[5:13], "big") / 2**64, int.from_bytes(drawn[13:], "big")
