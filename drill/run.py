"""One seed, twice: undisturbed and disturbed. What differs afterwards, or must never be, is a failure."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from drill.books import Books, books_of, complaints, differences, sums_of
from drill.fate import Fate, Hit
from drill.firm import days_of
from drill.operator import evening
from drill.world import World
from shared.faults import Fault

RATE = 0.03
"""Of the calls of a first attempt that fail."""


@dataclass(frozen=True)
class Verdict:
    """hits: what was injected, in order. wrong: empty when all held."""

    seed: int
    hits: tuple[Hit, ...]
    wrong: tuple[str, ...]
    steps: int

    @property
    def held(self) -> bool:
        return not self.wrong

    @property
    def kinds(self) -> Counter[str]:
        return Counter(hit.kind for hit in self.hits)


@contextmanager
def hushed() -> Iterator[None]:
    """Every step of the fabric is a line of log; whoever comes after hears again."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def played(fate: Fate) -> World:
    with hushed():
        return _played(fate)


def _played(fate: Fate) -> World:
    days = days_of(fate.seed, races=fate.races)
    world = World(fate, days[0].at)
    for number, day in enumerate(days):
        world.fake.clock.at = day.at
        for told in day.events:
            world.deliver(told.as_json())
        evening(world)
        for act in day.acts:
            act(world)
            evening(world)
        world.now_s = number * 1_000_000.0
    return world


def races(seed: int) -> bool:
    """Every fourth run: other work comes between the calls of a handler."""
    return seed % 4 == 0


def drilled(seed: int, *, rate: float = RATE, only: frozenset[str] | None = None) -> Verdict:
    """only: the faults at these places alone."""
    fate = Fate(seed, rate, only, races(seed))
    wrong: list[str] = []
    steps = 0
    try:
        world = played(fate)
        read = sums_of if fate.races else books_of
        wrong = complaints(world) + differences(calm_books(seed), read(world))
        steps = world.ran
    except (AssertionError, Fault, LookupError, TypeError, ValueError) as broken:
        wrong = [f"the run broke: {type(broken).__name__}: {broken}"]
    return Verdict(seed, tuple(fate.hits), tuple(wrong), steps)


def calm_books(seed: int) -> Books:
    """Raises AssertionError when even the undisturbed run does not hold."""
    world = played(Fate(seed, races=races(seed)))
    wrong = complaints(world)
    assert not wrong, wrong
    return sums_of(world) if races(seed) else books_of(world)
