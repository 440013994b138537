"""The faults themselves. Each strikes the running estate and tells whether it did; what it stopped it starts again."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

from drill.estate.ground import Ground
from tests.estate.trouble import kill_vendor, revive_vendor

Fault = dict[str, Any]
Strike = Callable[[Ground, Random], bool]
"""Whether it struck."""

ANY_VENDOR: tuple[Fault, ...] = (
    {"action": "throttle", "retry_after": 1},
    {"action": "status", "status": 500, "body": "Internal error"},
    {"action": "status", "status": 503, "body": "Service unavailable"},
    {"action": "slow", "seconds": 1.5},
    {"action": "drop"},
    {"action": "commit_then_drop"},
    {"action": "commit_then_drop"},
)
OWN: Mapping[str, tuple[Fault, ...]] = {
    "salesforce": (
        {"action": "error", "code": "INVALID_SESSION_ID", "message": "Session expired", "http_status": 401},
    ),
    "netsuite": (
        {"action": "commit_then_500"},
        {"action": "late_visible", "seconds": 2},
        {"action": "html_error"},
        {"action": "broken_json_error"},
        {"action": "expire_token"},
    ),
}
PART: Fault = {"part": True}
"""Planted for another fault's sake: not counted by itself."""
PATIENCE_S = 5.0


def vendor_faults(ground: Ground, chance: Random) -> bool:
    """One call of a vendor, the next or one of the next few. That it struck is counted when the round is over."""
    system = chance.choice(ground.systems)
    fault = dict(chance.choice((*ANY_VENDOR, *OWN.get(system, ()))))
    if chance.random() < 0.4:
        fault["method"] = chance.choice(ground.write_methods(system))
    ground.plant(system, fault | {"skip": chance.randint(0, 1)})
    return False


def worker_killed(ground: Ground, chance: Random) -> bool:
    """Whatever it does just now."""
    workers = ground.workers()
    return bool(workers) and kill(chance.choice(sorted(workers))[0])


def killed_in_a_call(ground: Ground, chance: Random) -> bool:
    """Workers of a connector, while the vendor has their call and has not answered."""
    system = chance.choice(ground.systems)
    fault = ground.plant(system, PART | {"action": "slow", "seconds": 2.0})
    if not waited(lambda: ground.hits(system, fault) > 0):
        return False
    killed = [kill(pid) for pid, function in ground.workers() if f"-{system}-" in function]
    return any(killed)


def aws_paused(ground: Ground, chance: Random) -> bool:
    pid = ground.emulator()
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(chance.uniform(0.5, 3.0))
    finally:
        os.kill(pid, signal.SIGCONT)
    return True


def redelivered(ground: Ground, chance: Random) -> bool:
    """An event of this round or an earlier one comes once more, to every consumer of it."""
    told = ground.hear()
    if not told:
        return False
    event = chance.choice(told)
    entry = {"EventBusName": ground.bus, "Source": event["source"], "DetailType": event["detail-type"]}
    entry["Detail"] = json.dumps(event["detail"])
    answer = ground.firm.estate.client("events").put_events(Entries=[entry])
    return not answer["FailedEntryCount"]


def delivered_twice_at_once(ground: Ground, chance: Random) -> bool:
    """A command comes again while its first delivery waits for the vendor."""
    system, lane = chance.choice(ground.lanes)
    with ground.patience(f"{system}-{lane}", visibility_s=1):
        planted = on_writes(ground, system, {"action": "slow", "seconds": 2.5})
        struck = waited(lambda: any(ground.hits(system, each) for each in planted))
        time.sleep(2.0 if struck else 0.0)
    return struck


def dead_letter(ground: Ground, chance: Random) -> bool:
    """A lane gives up what fails once. Somebody gives it back later."""
    system, lane = chance.choice(ground.lanes)
    with ground.patience(f"{system}-{lane}", receives=1, visibility_s=1):
        on_writes(ground, system, {"action": "status", "status": 503, "body": "down"})
        return waited(lambda: ground.depth(f"{system}-{lane}-dlq") > 0)


def on_writes(ground: Ground, system: str, fault: Fault) -> list[int | None]:
    """Once for each kind of call by which this vendor is written to."""
    return [ground.plant(system, PART | fault | {"method": method}) for method in ground.write_methods(system)]


def publisher_stopped(ground: Ground, chance: Random) -> bool:
    """The table's stream is not read for a while."""
    lambda_, mapping = ground.firm.estate.client("lambda"), ground.publisher
    lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    try:
        time.sleep(chance.uniform(1.0, 4.0))
    finally:
        lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)
    return True


def vendor_killed(ground: Ground, chance: Random) -> bool:
    system = chance.choice(ground.systems)
    ground.count_hits()  # its simulator forgets them
    kill_vendor(ground.firm_dir, system)
    time.sleep(chance.uniform(0.0, 2.0))
    revive_vendor(ground.firm_dir, system)
    return True


def kill(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def waited(holds: Callable[[], bool], limit_s: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


STRIKES: Mapping[str, Strike] = {
    strike.__name__: strike
    for strike in (
        vendor_faults,
        worker_killed,
        killed_in_a_call,
        aws_paused,
        redelivered,
        delivered_twice_at_once,
        dead_letter,
        publisher_stopped,
        vendor_killed,
    )
}
