"""A vendor account's slots in memory: the same turns, taken one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from shared.adapters.call_outcome import Outcome, outcome_of, pause_of
from shared.adapters.correlation import for_entity
from shared.adapters.slots import BUSY_S, LEASE_S, WAIT_S
from shared.domain.vendor_account import Held, VendorAccount, Waiting, joined, left_by, probe_after_ms
from shared.faults import Throttled
from tests.fakes.flow import FakeClock


@dataclass(frozen=True)
class Got:
    """As shared.adapters.slots.Lease."""

    account: str
    slot: int
    ticket: str
    entity: str
    probe: bool


@dataclass
class FakeSlots:
    """total: slots of every account. Nobody sleeps: who finds no slot at once finds none.

    pauses: False where a vendor that throttles is asked again at once, as if the time it named had passed.
    """

    total: int = 5
    clock: FakeClock = field(default_factory=FakeClock)
    states: dict[str, VendorAccount] = field(default_factory=dict)
    leased: list[tuple[str, str]] = field(default_factory=list)
    tickets: int = 0
    pauses: bool = True

    @contextmanager
    def lease(self, account: str, lane: str) -> Iterator[None]:
        me = self.arrive(lane)
        got = self.look(account, me)
        if not isinstance(got, Got):
            raise self.give_up(got, me)
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            self.end(got, error)

    def accounts(self) -> list[VendorAccount]:
        return [self.states[name] for name in sorted(self.states)]

    def arrive(self, lane: str) -> Waiting:
        self.tickets += 1
        now_ms = self._now_ms()
        return Waiting(f"t{self.tickets}", lane, for_entity.get(), now_ms, now_ms + int(WAIT_S * 1000))

    def look(self, account: str, me: Waiting) -> Got | VendorAccount:
        now_ms = self._now_ms()
        seen = self.states.get(account) or VendorAccount(account, self.total)
        seen = replace(seen, waiting=seen.queue(now_ms), held=tuple(h for h in seen.held if h.ends_at_ms > now_ms))
        turn = seen.turn(me, now_ms)
        if turn.shut and not turn.soon:
            raise self.give_up(seen, me)
        if turn.slot is None:
            self.states[account] = replace(seen, waiting=joined(seen.waiting, me))
            return self.states[account]
        ends = now_ms + LEASE_S * 1000
        held = Held(turn.slot, me.ticket, me.entity, ends)
        taken = replace(seen, held=(*seen.held, held), waiting=left_by(seen.waiting, me.ticket))
        self.states[account] = replace(taken, probe_ends_ms=ends) if seen.opened_at_ms else taken
        self.leased.append((account, me.lane))
        return Got(account, turn.slot, me.ticket, me.entity, seen.opened_at_ms > 0)

    take_unseen = look

    def end(self, got: Got, error: BaseException | None) -> None:
        now_ms, seen, outcome = self._now_ms(), self.states[got.account], outcome_of(error)
        mine = any(each.ticket == got.ticket for each in seen.held)
        seen = replace(seen, held=tuple(each for each in seen.held if each.ticket != got.ticket))
        if mine and outcome is Outcome.ANSWERED:
            seen = VendorAccount(got.account, self.total, seen.held, seen.waiting, seen.paused_until_ms)
        elif mine and got.probe:
            seen = replace(seen, probe_ends_ms=0)
        if mine and outcome is Outcome.FAILED:
            seen = self._failed(seen, got, now_ms)
        pause_ms = pause_of(error) * 1000 if self.pauses else 0
        until = max(seen.paused_until_ms, now_ms + pause_ms if pause_ms else 0)
        self.states[got.account] = replace(seen, paused_until_ms=until)

    def _failed(self, seen: VendorAccount, got: Got, now_ms: int) -> VendorAccount:
        seen = replace(seen, failures=seen.failures + 1, failing_since_ms=seen.failing_since_ms or now_ms)
        probing, opens = seen.opened_at_ms > 0 and got.probe, not seen.opened_at_ms and seen.counts_as_down(now_ms)
        if not (probing or opens):
            return seen
        probes = seen.probes + 1 if probing else 0
        return replace(
            seen,
            opened_at_ms=seen.opened_at_ms or seen.failing_since_ms,
            next_probe_ms=now_ms + probe_after_ms(probes),
            probes=probes,
            failing=tuple(sorted({*seen.failing, got.entity})),
        )

    def _leave(self, account: str, me: Waiting) -> None:
        if account in self.states:
            seen = self.states[account]
            self.states[account] = replace(seen, waiting=left_by(seen.waiting, me.ticket))

    def give_up(self, seen: VendorAccount, me: Waiting) -> Throttled:
        self._leave(seen.account, me)
        turn = seen.turn(me, self._now_ms())
        code, seconds = (turn.shut, turn.put_off_s(me.lane)) if turn.shut else ("slots_busy", BUSY_S)
        return Throttled(code, seconds, account=seen.account, lane=me.lane, entity=me.entity)

    def _now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)
