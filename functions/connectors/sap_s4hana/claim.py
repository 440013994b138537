"""S/4HANA takes the same partner or request twice: of two deliveries of one command at once, one makes and one waits.

A claim row per thing is written before anything is made and let go afterwards; one left by a process that died runs out.
It also tells the next attempt that there was one, and when: what SAP committed late is not made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.settings import SYSTEM
from shared.faults import Transient

HELD_S = 90
"""Longer than a command's function may run; shorter than its message is hidden after a crash."""


@dataclass(frozen=True, slots=True)
class Claim:
    """again: somebody was at it before us, so look first. settling: so lately that what is not there may still come."""

    again: bool
    settling: bool = False

    def must_be_known(self, what: str, our_id: str) -> None:
        """Called where nothing was found and something would be made. Raises Transient("erp_record_not_visible")."""
        if self.settling:
            raise Transient("erp_record_not_visible", record=what, our_id=our_id)


@contextmanager
def claim(what: str, our_id: str, ports: SapPorts) -> Iterator[Claim]:
    """Raises Transient("erp_being_made") while another process makes it."""
    key = f"{SYSTEM}:making:{what}:{our_id}"
    before, now = ports.cursors.read(key), int(ports.clock.now().timestamp())
    mine = {"by": uuid4().hex, "until": now + HELD_S}
    if int(before.get("until", 0)) > now or not ports.cursors.write(key, mine, expected=before):
        raise Transient("erp_being_made", what=what, id=our_id)
    lost_at = _lost_at(before)
    after: dict[str, int] = {"until": 0} if lost_at is None else {"until": 0, "lost_at": lost_at}
    try:
        yield Claim(bool(before), lost_at is not None and now < lost_at + ports.erp.settle_s)
        after = {"until": 0}
    except Transient as fault:
        if fault.code == "unknown_outcome":
            after = {"until": 0, "lost_at": int(ports.clock.now().timestamp())}
        raise
    finally:
        ports.cursors.write(key, after, expected=mine)


def _lost_at(known: Mapping[str, Any]) -> int | None:
    """When an answer was lost; of a process that died, when it began at the latest."""
    if "lost_at" in known:
        return int(known["lost_at"])
    until = int(known.get("until", 0))
    return until - HELD_S if until else None
