"""A vendor account's concurrency as leases: pk SLOT#<account>, sk 00, 01, ...: one row per slot in use.

Reference work never takes the last slot, other lanes (status, poll) not the last two: posting always finds room. A
lease ends by itself, so a killed worker's slot comes back.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import Row, number, text
from shared.adapters.writes import put_where, update_where
from shared.faults import Fault, Throttled

LEASE_S = 60
"""Longer than a vendor's call may take (vendor_http: 25 s without a byte)."""

WAIT_S = 5.0
"""A wait of one or two calls is cheaper than the message's way over the queue, where newer ones overtake it."""

_LEFT_FREE = {"posting": 0, "reference": 1}


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

    @contextmanager
    def lease(self, account: str, lane: str) -> Iterator[None]:
        owner = str(uuid4())
        slot = self._taken(account, lane, owner)
        try:
            yield
        finally:
            with suppress(Fault):  # it ends by itself; the work it was for is done
                self._give_back(account, slot, owner)

    def _taken(self, account: str, lane: str, owner: str) -> int:
        """Waits in steps of 50 to 150 ms, at random, so that nobody who waits is always the last to look."""
        usable, waited = usable_slots(self._total, lane), 0.0
        wanted = [self._last.get((account, lane), random.randrange(usable))]
        while (slot := self._first_taken(account, wanted, owner)) is None:
            wanted = self._free(account, usable)
            if wanted:
                continue
            if waited >= self._wait_s:
                raise Throttled("slots_busy", 2, account=account, lane=lane)
            step = random.uniform(0.05, 0.15)
            self._pause(step)
            waited += step
        self._last[account, lane] = slot  # asked for first the next time: then one write is all a lease costs
        return slot

    def _first_taken(self, account: str, wanted: list[int], owner: str) -> int | None:
        return next((slot for slot in wanted if self._take(account, slot, owner)), None)

    def _free(self, account: str, usable: int) -> list[int]:
        """Free as of now, in random order: those who look at once go to different ones."""
        now_ms = self._now_ms()
        held = {text(row, "sk") for row in self._table.of(_key(account)) if number(row, "ends_at_ms") > now_ms}
        free = [slot for slot in range(usable) if _name(slot) not in held]
        random.shuffle(free)
        return free

    def _take(self, account: str, slot: int, owner: str) -> bool:
        now_ms = self._now_ms()
        ends_at_ms = now_ms + LEASE_S * 1000
        row: Row = {
            "pk": _key(account),
            "sk": _name(slot),
            "holder": owner,
            "ends_at_ms": ends_at_ms,
            "expires_at": ends_at_ms // 1000 + 3600,
        }
        try:
            self._table.write(put_where(row, "attribute_not_exists(pk) OR ends_at_ms <= :now", {":now": now_ms}))
        except Refused:
            return False
        return True

    def _give_back(self, account: str, slot: int, owner: str) -> None:
        with suppress(Refused):  # it ran out and somebody else holds it
            self._table.write(
                update_where(
                    _key(account),
                    _name(slot),
                    "SET ends_at_ms = :zero",
                    "holder = :owner",
                    {":zero": 0, ":owner": owner},
                )
            )

    def _now_ms(self) -> int:
        return int(self._table.clock.now().timestamp() * 1000)


def usable_slots(total: int, lane: str) -> int:
    """Of the slots 0 to total - 1 those below this number; every lane has at least one."""
    return max(1, total - _LEFT_FREE.get(lane, 2))


def _key(account: str) -> str:
    return f"SLOT#{account}"


def _name(slot: int) -> str:
    return f"{slot:02d}"
