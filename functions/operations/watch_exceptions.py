"""Schedule: whose clock has run out is escalated, what slept long enough wakes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.exception_life import escalated, woken
from shared.ports.ports import Ports
from shared.runtime.scheduled import scheduled
from shared.runtime.wiring import AwsPorts

Change = Callable[[BillingException, datetime], BillingException]


@scheduled(wire=AwsPorts.from_env)
def handler(ports: Ports) -> dict[str, int]:
    """One that wakes overdue escalates in the same run."""
    told = {"escalated": 0, "woken": 0}
    for trouble in list(ports.exceptions.list(ExceptionStatus.OPEN)):
        for name, change in (("woken", woken), ("escalated", escalated)):
            told[name] += changed(trouble, name, change, ports)
    return told


def changed(trouble: BillingException, name: str, change: Change, ports: Ports) -> int:
    now = ports.clock.now()
    before = ports.exceptions.find(trouble.exception_id)
    if before is None or change(before, now) == before:
        return 0
    ports.exceptions.change(trouble.exception_id, lambda known: change(known, now))
    ports.counts.add(f"exceptions_{name}", type=trouble.type)
    return 1
