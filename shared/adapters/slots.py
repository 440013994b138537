"""A vendor account's concurrency as leases, its pauses and its outages: pk SLOT#<account>, sk HEAD, one row in all.

`s<nn>` is when slot nn comes free, `h<nn>` who holds it; `waits` those who look for one; `paused_until` of a
Retry-After; `failed`, `failing_since`, `opened_at`, `next_probe`, `probe_ends`, `probes`, `failing` of a vendor that only fails. A
slot is taken by one conditional update that looks at all of it, and given back by one that says how the call ended.
pk ACCOUNT#<account>, sk HEAD; by_owner ACCOUNTS / <account>: which accounts there are.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

from shared.adapters.account_row import account_of, held_by, waits_text
from shared.adapters.call_outcome import Outcome, outcome_of, pause_of
from shared.adapters.correlation import cut_off_at, for_entity
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import HEAD, Row, number, text
from shared.adapters.writes import put, update_where
from shared.domain.vendor_account import VendorAccount, Waiting, joined, left_by, probe_after_ms, usable_slots
from shared.faults import Fault, Throttled

LEASE_S = 60
"""The longest a slot is held, where nothing cuts the work off earlier."""

WAIT_S = 5.0
"""A wait of one or two calls is cheaper than the message's way over the queue, where newer ones overtake it."""

BUSY_S = 2
"""After which somebody who found no slot comes again, at the earliest."""

MARGIN_S = 2.0
"""A slot outlives the invocation that holds it by this: clocks differ."""

_FREE = "(attribute_not_exists({0}) OR {0} <= :now)"


@dataclass(frozen=True, slots=True)
class Lease:
    """probe: the one call that finds out whether a vendor that was down answers again."""

    account: str
    slot: int
    ticket: str
    entity: str
    probe: bool


class DynamoSlots:
    """total: our share of the account's concurrency, all lanes and functions together."""

    def __init__(
        self,
        table: DynamoTable,
        total: int,
        *,
        wait_s: float = WAIT_S,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table, self._total, self._wait_s, self._pause = table, total, wait_s, pause
        self._last: dict[tuple[str, str], int] = {}
        self._told: set[str] = set()

    @contextmanager
    def lease(self, account: str, lane: str) -> Iterator[None]:
        lease = self._taken(account, self.arrive(lane))
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            with suppress(Fault):  # it ends by itself; the work it was for is done
                self.end(lease, error)

    def accounts(self) -> list[VendorAccount]:
        known = [(text(row, "gsi1sk"), number(row, "slots")) for row in self._table.by("by_owner", "ACCOUNTS")]
        return [account_of(self._table.get(_key(name), HEAD) or {}, name, total) for name, total in known]

    def arrive(self, lane: str) -> Waiting:
        now_ms = self._now_ms()
        return Waiting(uuid4().hex[:12], lane, for_entity.get(), now_ms, now_ms + int(self._wait_s * 1000))

    def _taken(self, account: str, me: Waiting) -> Lease:
        """Looks again after 50 to 150 ms, at random, so that nobody who waits is always the last to look."""
        waited, lease = 0.0, self.take_unseen(account, me)
        while not isinstance(lease, Lease):
            step = random.uniform(0.05, 0.15)
            if waited + step > self._wait_s:
                raise self.give_up(lease, me)
            self._pause(step)
            waited += step
            lease = self.look(account, me)
        return lease

    def give_up(self, seen: VendorAccount, me: Waiting) -> Throttled:
        """Leaves the queue; what to raise instead of waiting on."""
        self._leave(seen, me)
        turn = seen.turn(me, self._now_ms())
        code, seconds = (turn.shut, turn.put_off_s(me.lane)) if turn.shut else ("slots_busy", BUSY_S)
        return Throttled(code, seconds, account=seen.account, lane=me.lane, entity=me.entity)

    def take_unseen(self, account: str, me: Waiting) -> Lease | VendorAccount:
        """The slot that was good the last time, if it is free, nobody waits and the vendor is up: one write, no read.

        Otherwise what look() answers. Raises Throttled("vendor_down") or ("vendor_paused") as look() does.
        """
        self._tell(account)
        slot = self._last.get((account, me.lane), usable_slots(self._total, me.lane) - 1)
        up = "attribute_not_exists(waits) AND attribute_not_exists(opened_at)"
        try:
            return self._take(account, slot, me, up, {})
        except Refused as refused:
            return self._decide(account_of(refused.rows[0] or {}, account, self._total), me)

    def look(self, account: str, me: Waiting) -> Lease | VendorAccount:
        """The lease, or the account as it stands while others are before us; then we are among those who wait.

        Raises Throttled with the time after which it makes sense to come again.
        """
        return self._decide(account_of(self._table.get(_key(account), HEAD) or {}, account, self._total), me)

    def _decide(self, seen: VendorAccount, me: Waiting) -> Lease | VendorAccount:
        while True:
            now_ms = self._now_ms()
            if (mine := seen.held_by(me.ticket, now_ms)) is not None:
                # Our own write, whose answer was lost: AWS's client has sent it once more, and that was refused.
                return Lease(seen.account, mine, me.ticket, me.entity, seen.opened_at_ms > 0)
            turn = seen.turn(me, now_ms)
            if turn.shut and not turn.soon:
                raise self.give_up(seen, me)
            try:
                if turn.slot is not None:
                    return self._take_seen(seen, turn.slot, me, now_ms)
                if me in seen.waiting:
                    return seen
                return self._wait(seen, joined(seen.queue(now_ms), me))
            except Refused as refused:
                seen = account_of(refused.rows[0] or {}, seen.account, self._total)

    def _take_seen(self, seen: VendorAccount, slot: int, me: Waiting, now_ms: int) -> Lease:
        """With the queue as it was seen, and if the vendor is down as the one who probes."""
        same, values = _same_waits(seen)
        probing = seen.opened_at_ms > 0
        if probing:
            same += f" AND opened_at = :opened AND next_probe = :next AND {_FREE.format('probe_ends')}"
            values |= {":opened": seen.opened_at_ms, ":next": seen.next_probe_ms}
        else:
            same += " AND attribute_not_exists(opened_at)"
        left = left_by(seen.queue(now_ms), me.ticket)
        return self._take(seen.account, slot, me, same, values, left=left, was=bool(seen.waiting), probe=probing)

    def _take(
        self,
        account: str,
        slot: int,
        me: Waiting,
        condition: str,
        values: dict[str, str | int],
        *,
        left: tuple[Waiting, ...] = (),
        was: bool = False,
        probe: bool = False,
    ) -> Lease:
        now_ms = self._now_ms()
        free, ends = f"s{slot:02d}", now_ms + self._lease_ms()
        change = f"SET {free} = :ends, h{slot:02d} = :holder"
        told = {":now": now_ms, ":ends": ends, ":holder": held_by(me), **values}
        if probe:
            change += ", probe_ends = :ends"
        if left:
            change, told[":left"] = f"{change}, waits = :left", waits_text(left)
        elif was:
            change += " REMOVE waits"
        condition = f"{_FREE.format(free)} AND {_FREE.format('paused_until')} AND {condition}"
        self._table.write(update_where(_key(account), HEAD, change, condition, told))
        self._last[account, me.lane] = slot  # asked for first the next time: then one write is all a lease costs
        return Lease(account, slot, me.ticket, me.entity, probe)

    def _wait(self, seen: VendorAccount, queue: tuple[Waiting, ...]) -> VendorAccount:
        same, values = _same_waits(seen)
        change, told = ("SET waits = :left", {":left": waits_text(queue)}) if queue else ("REMOVE waits", {})
        row = self._table.change(update_where(_key(seen.account), HEAD, change, same, {**values, **told}))
        return account_of(row, seen.account, self._total)

    def _leave(self, seen: VendorAccount, me: Waiting) -> None:
        """Best effort: who does not take leave is forgotten when their wait is over."""
        if any(each.ticket == me.ticket for each in seen.waiting):
            with suppress(Refused, Fault):
                self._wait(seen, left_by(seen.queue(self._now_ms()), me.ticket))

    def end(self, lease: Lease, error: BaseException | None) -> None:
        """Gives the slot back and tells in the same write how the call ended: once, however often AWS's client sends it.

        Who lost the slot tells nothing.
        """
        outcome, own = outcome_of(error), f"{lease.slot:02d}"
        sets, removes = [f"s{own} = :zero", *_ENDS[outcome][0]], list(_ENDS[outcome][1])
        told: dict[str, str | int] = {":zero": 0, ":ticket": lease.ticket}
        if outcome is Outcome.FAILED:
            told |= {":one": 1, ":now": self._now_ms()}
        if lease.probe and outcome is not Outcome.ANSWERED:
            removes.append("probe_ends")
        change = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
        try:
            update = update_where(
                _key(lease.account), HEAD, change, f"begins_with(h{own}, :ticket) AND s{own} > :zero", told
            )
            if outcome is Outcome.FAILED:
                self._note_failure(account_of(self._table.change(update), lease.account, self._total), lease)
            else:
                self._table.write(update)
        except Refused:  # it ran out and somebody else holds it
            pass
        if (seconds := pause_of(error)) > 0:
            self._shut(lease.account, seconds)

    def _note_failure(self, seen: VendorAccount, lease: Lease) -> None:
        """Opens the circuit, or puts the next probe off. Of several who see the same, one writes."""
        now_ms = self._now_ms()
        if seen.opened_at_ms and lease.probe:
            condition, counted = "opened_at = :opened", seen.probes + 1
        elif not seen.opened_at_ms and seen.counts_as_down(now_ms):
            condition, counted = "attribute_not_exists(opened_at) AND failed >= :failed", 0
        else:
            return
        values: dict[str, str | int] = {":next": now_ms + probe_after_ms(counted), ":probes": counted}
        values |= {":opened": seen.opened_at_ms or seen.failing_since_ms}
        values[":failing"] = json.dumps(sorted({*seen.failing, lease.entity}))
        if counted == 0:
            values[":failed"] = seen.failures
        change = "SET opened_at = :opened, next_probe = :next, probes = :probes, failing = :failing"
        with suppress(Refused):
            self._table.write(update_where(_key(seen.account), HEAD, change, condition, values))

    def _shut(self, account: str, seconds: int) -> None:
        """For every lane and function. A longer pause that stands is kept."""
        until = self._now_ms() + seconds * 1000
        condition = "attribute_not_exists(paused_until) OR paused_until < :until"
        with suppress(Refused):
            self._table.write(
                update_where(_key(account), HEAD, "SET paused_until = :until", condition, {":until": until})
            )

    def _tell(self, account: str) -> None:
        """Once in the life of a process: so that a person can ask which accounts there are."""
        if account not in self._told:
            row: Row = {"pk": f"ACCOUNT#{account}", "sk": HEAD, "gsi1pk": "ACCOUNTS", "gsi1sk": account}
            self._table.write(put(row | {"slots": self._total}))
            self._told.add(account)

    def _lease_ms(self) -> int:
        """No longer than the invocation lives: the slot of a killed worker is free when it would have ended anyway."""
        cut_off = cut_off_at.get()
        left_s = LEASE_S if cut_off is None else max(0.0, cut_off - time.monotonic()) + MARGIN_S
        return int(min(LEASE_S, left_s) * 1000)

    def _now_ms(self) -> int:
        return int(self._table.clock.now().timestamp() * 1000)


_ENDS: dict[Outcome, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Outcome.ANSWERED: (
        ("failed = :zero",),
        ("failing_since", "opened_at", "next_probe", "probe_ends", "probes", "failing"),
    ),
    Outcome.FAILED: (
        ("failed = if_not_exists(failed, :zero) + :one", "failing_since = if_not_exists(failing_since, :now)"),
        (),
    ),
    Outcome.UNKNOWN: ((), ()),
}
"""What is set and what removed in the row of the account."""


def _same_waits(seen: VendorAccount) -> tuple[str, dict[str, str | int]]:
    if not seen.waiting:
        return "attribute_not_exists(waits)", {}
    return "waits = :waits", {":waits": waits_text(seen.waiting)}


def _key(account: str) -> str:
    return f"SLOT#{account}"
