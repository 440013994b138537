"""What goes wrong in a round of the firm's work, and when: drawn from the seed, before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

WEIGHTS: Mapping[str, int] = {
    "vendor_faults": 36,
    "worker_killed": 22,
    "redelivered": 14,
    "killed_in_a_call": 8,
    "aws_paused": 6,
    "delivered_twice_at_once": 6,
    "dead_letter": 4,
    "publisher_stopped": 3,
    "vendor_killed": 1,
}
"""Of a hundred faults."""
ROUND_S = 16.0
"""Over which the faults of a round are spread."""


@dataclass(frozen=True, slots=True)
class Planned:
    """number: in the drill, from 1. at_s: after the round's work began. chance: the seed of whatever else is chosen."""

    number: int
    kind: str
    at_s: float
    chance: str

    def draw(self) -> Random:
        return Random(self.chance)


def round_of(seed: int, number: int, first: int, faults: int) -> list[Planned]:
    """`faults` faults of the n-th round, by time; the drill's first fault among them has the number `first`."""
    chance = Random(f"drill {seed} round {number}")
    kinds = chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=faults)
    times = sorted(chance.uniform(0, ROUND_S) for _ in kinds)
    return [
        Planned(first + place, kind, at_s, f"drill {seed} fault {first + place}")
        for place, (kind, at_s) in enumerate(zip(kinds, times, strict=True))
    ]
