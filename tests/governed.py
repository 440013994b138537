"""A vendor account in virtual time: queues as SQS has them, workers as Lambda has them, and the fabric's own slots.

Nothing sleeps and nothing is random: the same world takes the same course. A worker looks for a slot every LOOK_MS
while it waits; a call takes `call_ms`, fails while the vendor is down, and settles its message as
shared/runtime/batch.py does, with the same waits.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from shared.adapters.correlation import for_entity
from shared.domain.vendor_account import VendorAccount
from shared.faults import BusinessException, Fault, Throttled, Transient
from shared.runtime.batch import COMMANDS, THROTTLED, UNASKED
from tests.fakes.flow import FakeClock

ACCOUNT, LOOK_MS, BATCH_MS = "netsuite", 100, 20
"""BATCH_MS: from the end of one invocation to the next one's first request."""

RECEIVES = 20
"""infra/parts/queue.py, of commands: delivered once more, a message is in the DLQ."""


@dataclass
class Work:
    """One command. refused: the vendor says no to it, always. breaks: the vendor answers 500 to it, always. due_ms: shown to a worker from then on."""

    name: str
    lane: str
    entity: str = "US"
    refused: bool = False
    breaks: bool = False
    due_ms: int = 0
    receives: int = 0
    order: int = 0


@dataclass
class World:
    """slots: of the fabric, on `clock`. down: virtual milliseconds [from, to) in which every call fails.

    fair: the queue prefers the group with the fewest messages in hand, as SQS does for a standard queue with groups.
    """

    slots: Any
    clock: FakeClock
    call_ms: int = 1000
    down: tuple[int, int] = (0, 0)
    fair: bool = True
    now_ms: int = 0
    done: list[tuple[int, Work]] = field(default_factory=list)
    refused: list[tuple[int, Work]] = field(default_factory=list)
    dead: list[Work] = field(default_factory=list)
    calls: list[tuple[int, Work, bool]] = field(default_factory=list)
    """(began, of what, answered)"""
    most_at_once: int = 0
    sent_anew: int = 0

    def __post_init__(self) -> None:
        self._at: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers, self._in_flight = count(), 0
        self._queues: dict[str, list[Work]] = defaultdict(list)
        self._in_hand: Counter[str] = Counter()
        self._idle: dict[str, int] = {}
        self._began = self.clock.now()

    def workers(self, lane: str, most: int) -> None:
        """MaximumConcurrency of the lane's queue."""
        self._idle[lane] = most

    def send(self, *works: Work, at_ms: int = 0) -> None:
        for work in works:
            work.due_ms, work.order = max(work.due_ms, at_ms), next(self._numbers)
            self._queues[work.lane].append(work)
            self._later(work.due_ms, partial(self._dispatch, work.lane))

    def run(self, until_ms: int) -> None:
        while self._at and self._at[0][0] <= until_ms:
            at_ms, _, step = heapq.heappop(self._at)
            self._pass_to(at_ms)
            step()
        self._pass_to(until_ms)

    def waiting(self) -> int:
        return sum(len(queue) for queue in self._queues.values()) + self._in_flight

    def _pass_to(self, at_ms: int) -> None:
        self.clock.pass_(milliseconds=at_ms - self.now_ms)
        self.now_ms = at_ms

    def _later(self, at_ms: int, step: Callable[[], None]) -> None:
        heapq.heappush(self._at, (at_ms, next(self._numbers), step))

    def _dispatch(self, lane: str) -> None:
        while self._idle.get(lane, 0) and (work := self._next(lane)):
            self._idle[lane] -= 1
            self._in_hand[work.entity] += 1
            work.receives += 1
            self._step(self._life(work), work)

    def _next(self, lane: str) -> Work | None:
        due = [work for work in self._queues[lane] if work.due_ms <= self.now_ms]
        if not due:
            return None
        found = min(due, key=lambda work: (self._in_hand[work.entity] if self.fair else 0, work.order))
        self._queues[lane].remove(found)
        return found

    def _step(self, life: Iterator[int], work: Work) -> None:
        """Runs a worker to its next pause."""
        bound = for_entity.set(work.entity)
        try:
            self._later(self.now_ms + next(life), lambda: self._step(life, work))
        except StopIteration:
            self._in_hand[work.entity] -= 1
            self._idle[work.lane] += 1
            self._later(self.now_ms + BATCH_MS, lambda: self._dispatch(work.lane))
        finally:
            for_entity.reset(bound)

    def _life(self, work: Work) -> Iterator[int]:
        """One delivery; yields the milliseconds it waits or calls."""
        try:
            me = self.slots.arrive(work.lane)
            lease = self.slots.take_unseen(ACCOUNT, me)
            while isinstance(lease, VendorAccount):
                yield LOOK_MS
                if self._late(me):
                    raise self.slots.give_up(lease, me)
                lease = self.slots.look(ACCOUNT, me)
        except Throttled as shut:
            self._put_off(work, shut)
            return
        error: Fault | None = None
        self._in_flight += 1
        self.most_at_once = max(self.most_at_once, self._in_flight)
        began = self.now_ms
        yield self.call_ms
        self._in_flight -= 1
        failing = self.down[0] <= began < self.down[1]
        self.calls.append((began, work, not failing))
        if failing or work.breaks:
            error = Transient("unknown_outcome", call="PUT /invoice", system=ACCOUNT)
        elif work.refused:
            error = BusinessException("erp_refused", call="PUT /invoice", status="400")
        self.slots.end(lease, error)
        self._settle(work, error)

    def _late(self, me: Any) -> bool:
        return bool(self.clock.now().timestamp() * 1000 >= me.until_ms)

    def _settle(self, work: Work, error: Fault | None) -> None:
        if error is None:
            self.done.append((self.now_ms, work))
        elif isinstance(error, BusinessException):
            self.refused.append((self.now_ms, work))
        else:
            self._put_off(work, error)

    def _put_off(self, work: Work, error: Fault) -> None:
        if isinstance(error, Throttled) and error.code in UNASKED:
            work.receives, wait_s = 0, min(error.retry_after_s, 900)
            self.sent_anew += 1
        elif isinstance(error, Throttled):
            wait_s = max(error.retry_after_s, THROTTLED.after(work.receives))
        else:
            wait_s = COMMANDS.after(work.receives)
        if work.receives >= RECEIVES:
            self.dead.append(work)
        else:
            self.send(work, at_ms=self.now_ms + wait_s * 1000)
