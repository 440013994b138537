"""A vendor's account as its callers share it: slots in use, who waits for one, and whether the vendor answers at all.

Instants are whole milliseconds since the epoch, UTC. Nothing here calls, waits or writes: docs/governor.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LANES = {"posting": 0, "reference": 1, "status": 2}
"""What goes first. Any other lane, a poll, comes after these."""

LAST = 3
AGE_MS = 1_500
"""Who has waited this long ranks one lane higher, and on without end: nobody waits for ever."""

FAILURES, WINDOW_MS = 5, 10_000
"""So many failures with no answer between, over at least this time: a blip of parallel calls closes nothing."""

FIRST_PROBE_MS, MOST_PROBE_MS = 5_000, 300_000
"""Between two probes of a vendor that is down: doubling."""


APART_S = 3
"""Between the lanes that come back when a vendor may be asked again."""


class Standing(StrEnum):
    """PROBING: down, and one call is under way to see whether it still is."""

    UP = "up"
    PAUSED = "paused"
    DOWN = "down"
    PROBING = "probing"


@dataclass(frozen=True, slots=True)
class Held:
    """One slot in use. entity: the legal entity it is for, "" for none. It comes free at ends_at_ms whatever happens."""

    slot: int
    ticket: str
    entity: str
    ends_at_ms: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who looks for a slot again and again until until_ms."""

    ticket: str
    lane: str
    entity: str
    since_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Turn:
    """slot: to take; none and not shut: look again. shut: the code of the fault for it, and for how long.

    soon: worth waiting for at the door, as while somebody else's probe is under way.
    """

    slot: int | None = None
    shut: str = ""
    shut_ms: int = 0
    soon: bool = False

    def put_off_s(self, lane: str) -> int:
        """Whole seconds; lanes come back one after the other."""
        return -(-self.shut_ms // 1000) + APART_S * LANES.get(lane, LAST)


@dataclass(frozen=True, slots=True)
class VendorAccount:
    """total: our slots. opened_at_ms: since when the vendor counts as down, 0 while it does not. next_probe_ms: nobody
    calls before. probe_ends_ms: one calls until then, to see. probes: that failed so far. failing: the legal entities whose calls these were; another one
    need not wait for the next probe, for it may be that only theirs fail."""

    account: str
    total: int
    held: tuple[Held, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    paused_until_ms: int = 0
    failures: int = 0
    failing_since_ms: int = 0
    opened_at_ms: int = 0
    next_probe_ms: int = 0
    probe_ends_ms: int = 0
    probes: int = 0
    failing: tuple[str, ...] = ()

    def standing(self, now_ms: int) -> Standing:
        if self.opened_at_ms:
            return Standing.PROBING if self.probe_ends_ms > now_ms else Standing.DOWN
        return Standing.PAUSED if self.paused_until_ms > now_ms else Standing.UP

    def queue(self, now_ms: int) -> tuple[Waiting, ...]:
        """Those who still wait."""
        return tuple(each for each in self.waiting if each.until_ms > now_ms)

    def held_by(self, ticket: str, now_ms: int) -> int | None:
        return next((each.slot for each in self.held if each.ticket == ticket and each.ends_at_ms > now_ms), None)

    def slot_for(self, me: Waiting, now_ms: int) -> int | None:
        """The slot that is mine to take now, None while those before me want all I could use.

        In order: lane, higher with age; then the legal entity that has fewest slots in use. Of equals any may go.
        A lane takes the last slot it may use, and leaves the first ones to the lanes that may use no others.
        """
        held = [each for each in self.held if each.ends_at_ms > now_ms]
        free = set(range(self.total)) - {each.slot for each in held}
        using = Counter(each.entity for each in held)
        left = [me, *(each for each in self.queue(now_ms) if each.ticket != me.ticket)]
        while free and left:
            first = min(left, key=lambda each: (_rank(each, now_ms), using[each.entity]))
            left.remove(first)
            slot = max((each for each in free if each < usable_slots(self.total, first.lane)), default=None)
            if first is me:
                return slot
            if slot is not None:
                free.discard(slot)
                using[first.entity] += 1
        return None

    def turn(self, me: Waiting, now_ms: int) -> Turn:
        """What somebody who looks for a slot does now."""
        if self.opened_at_ms:
            if self.probe_ends_ms > now_ms:
                return Turn(shut="vendor_down", shut_ms=FIRST_PROBE_MS, soon=True)
            if self.next_probe_ms > now_ms and me.entity in self.failing:
                return Turn(shut="vendor_down", shut_ms=self.next_probe_ms - now_ms)
        if self.paused_until_ms > now_ms:
            wait_ms = self.paused_until_ms - now_ms
            return Turn(shut="vendor_paused", shut_ms=wait_ms, soon=self.paused_until_ms < me.until_ms)
        return Turn(slot=self.slot_for(me, now_ms))

    def counts_as_down(self, now_ms: int) -> bool:
        return self.failures >= FAILURES and now_ms - self.failing_since_ms >= WINDOW_MS


def probe_after_ms(probes: int) -> int:
    """From a failed probe, the n-th, to the next; 0: from when the vendor first counted as down."""
    return min(MOST_PROBE_MS, FIRST_PROBE_MS << min(probes, 10))


def usable_slots(total: int, lane: str) -> int:
    """Of the slots 0 to total - 1 those below this number; every lane has at least one.

    Reference work never takes the last slot, other lanes not the last two: posting always finds room.
    """
    return max(1, total - {"posting": 0, "reference": 1}.get(lane, 2))


def _rank(waiting: Waiting, now_ms: int) -> int:
    return LANES.get(waiting.lane, LAST) - max(0, now_ms - waiting.since_ms) // AGE_MS


def joined(queue: Iterable[Waiting], me: Waiting) -> tuple[Waiting, ...]:
    """Once, with the end that is told now."""
    return (*left_by(queue, me.ticket), me)


def left_by(queue: Iterable[Waiting], ticket: str) -> tuple[Waiting, ...]:
    return tuple(each for each in queue if each.ticket != ticket)
