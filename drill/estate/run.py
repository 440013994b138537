"""A calm story, then one with faults, on one estate; what differs afterwards, or must never be, is a failure."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drill.estate.ends import complaints, differences, ends_by_shape
from drill.estate.ground import Ground, Patient
from drill.estate.plan import Planned, round_of
from drill.estate.story import PATIENCE_S, ROUNDS_A_DEAL, Story
from drill.estate.strikes import STRIKES
from drill.estate.tending import NeverSettled, Tending
from tests.estate.small_firm import SmallFirm

A_ROUND = 20
"""Faults that are planned for one."""
SHAPES = 2
"""Of a deal's invoice: as many rounds after each other as differ."""
BEGINNING = 2
"""Deals that a story begins with, one of each office."""
Say = Callable[[str], None]


@dataclass
class Verdict:
    """kinds: faults that struck, by kind. struck: those of them that were no vendor's, in order. given_back: dead letters;
    answered: exceptions by type. wrong: empty when all held.
    """

    seed: int
    kinds: Counter[str] = field(default_factory=Counter)
    struck: list[str] = field(default_factory=list)
    rounds: int = 0
    invoices: int = 0
    given_back: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return not self.wrong

    @property
    def faults(self) -> int:
        return sum(self.kinds.values())

    def as_json(self) -> dict[str, Any]:
        """kinds: the most frequent first."""
        counted = {"kinds": dict(self.kinds.most_common()), "answered": dict(self.answered.most_common())}
        return {**vars(self), **counted, "faults": self.faults, "held": self.held}


def drilled(firm: SmallFirm, firm_dir: Path, *, faults: int, seed: int = 1, say: Say = lambda _: None) -> Verdict:
    """firm: opened, on an estate that is up in `firm_dir`. Rounds go on until so many faults have struck."""
    ground = Ground(firm, firm_dir, Patient(firm.fabric))
    firm.fabric = ground.fabric  # type: ignore[assignment]  # asks again where its worker was killed
    ground.listen()
    verdict = Verdict(seed)
    with ground.quick_redelivery():
        tending = Tending(ground)
        calm, story = Story(ground, tending, f"Calm {seed}"), Story(ground, tending, f"Drill {seed}")
        for each, deals in ((calm, SHAPES * BEGINNING), (story, BEGINNING)):
            each.begin(deals)
        for each in (calm, story):
            each.stand()
        _calm(calm)
        say(f"undisturbed: {len(calm.billed)} invoices")
        try:
            _rounds(story, verdict, faults, say)
            _end(story)
        except NeverSettled as never:
            verdict.wrong.append(str(never))
        tending.settle()
        verdict.wrong += differences(story, ends_by_shape(calm))
        verdict.wrong += complaints(story, ground.filled(), tending.open_exceptions())
    verdict.invoices, verdict.given_back = len(story.billed), tending.given_back
    verdict.answered.update(tending.answered)
    return verdict


def _calm(story: Story) -> Story:
    """Every shape of a round's invoice once, all at the same time."""
    for number in range(SHAPES):
        story.work(number, story.deals[number * BEGINNING : (number + 1) * BEGINNING])
    story.bill()
    story.finish()
    _end(story)
    return story


def _rounds(story: Story, verdict: Verdict, faults: int, say: Say) -> None:
    planned = 0
    while verdict.faults < faults:
        more = min(A_ROUND, faults - verdict.faults + 2)
        plan = round_of(verdict.seed, verdict.rounds, planned + 1, more)
        planned += more
        if verdict.rounds % ROUNDS_A_DEAL == 0:
            story.begin(1)
        story.work(verdict.rounds, story.deals)
        began = time.monotonic()
        with injected(story.ground, plan, verdict):
            story.stand()
            story.bill()
            story.finish()
        verdict.rounds += 1
        say(f"round {verdict.rounds}: {verdict.faults} faults, {time.monotonic() - began:.0f} s")


def _end(story: Story) -> None:
    """Customers pay, everybody sees it."""
    story.pay()
    story.tending.until("payments seen by all", story.all_seen, PATIENCE_S)


@contextmanager
def injected(ground: Ground, plan: list[Planned], verdict: Verdict) -> Iterator[None]:
    """Every fault of the plan has struck or missed when the block is left; what struck is counted."""

    def strike() -> None:
        began = time.monotonic()
        for each in plan:
            time.sleep(max(0.0, began + each.at_s - time.monotonic()))
            if STRIKES[each.kind](ground, each.draw()):
                verdict.kinds[each.kind] += 1
                verdict.struck.append(f"{each.kind}, fault {each.number}, {time.monotonic() - began:.1f} s in")

    with ThreadPoolExecutor(1) as beside:
        striking = beside.submit(strike)
        try:
            yield
        finally:
            wait([striking])
            ground.count_hits()
            verdict.kinds["vendor_faults"] = sum(ground.struck.values())
    striking.result()
