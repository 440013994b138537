"""Turns at a subject, one at a time: pk TURN#<subject>, sk HEAD; `ticket` of who has it, `over_at` (ms) when it ends unasked.

Taken by one conditional update, given back by a delete of one's own. Only what a dead worker left stays, until the next
one takes its turn.
"""

from __future__ import annotations

import time
from contextlib import suppress
from uuid import uuid4

from shared.adapters.correlation import cut_off_at
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import HEAD, number, text
from shared.adapters.writes import delete_where, update_where
from shared.faults import Throttled

TURN_S = 900
"""The longest an invocation can live, for one that was not told when it will be cut off."""
MARGIN_S = 2.0
"""A turn outlives the invocation that has it by this: clocks differ."""
AGAIN_S = 2
"""After which somebody who found it taken comes again, at the earliest."""


class DynamoTurns:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def take(self, subject: str) -> str:
        ticket, now_ms = uuid4().hex, self._now_ms()
        values: dict[str, str | int] = {":ticket": ticket, ":over": now_ms + _turn_ms(), ":now": now_ms}
        change = "SET ticket = :ticket, over_at = :over"
        free = "attribute_not_exists(pk) OR over_at <= :now"
        try:
            self._table.write(update_where(_key(subject), HEAD, change, free, values))
        except Refused as refused:
            standing = refused.rows[0] or {}
            # Our own write, whose answer was lost: AWS's client has sent it once more, and that was refused.
            if standing and text(standing, "ticket") == ticket:
                return ticket
            left_s = (number(standing, "over_at") - now_ms) // 1000 if standing else 0
            raise Throttled("subject_busy", max(1, min(AGAIN_S, left_s)), subject=subject) from None
        return ticket

    def give_back(self, subject: str, ticket: str) -> None:
        with suppress(Refused):  # it was over, and somebody else has it
            self._table.write(delete_where(_key(subject), HEAD, "ticket = :ticket", {":ticket": ticket}))

    def _now_ms(self) -> int:
        return int(self._table.clock.now().timestamp() * 1000)


def _turn_ms() -> int:
    """As long as the invocation lives: nobody else may begin while it still can write."""
    cut_off = cut_off_at.get()
    left_s = TURN_S if cut_off is None else max(0.0, cut_off - time.monotonic())
    return int((left_s + MARGIN_S) * 1000)


def _key(subject: str) -> str:
    return f"TURN#{subject}"
