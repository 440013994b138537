"""Schedule, every minute: hands each feed its polls of that minute, as delayed messages on the poll queues.

No chain of polls that could break or fork: a lost minute costs a minute. A poll that overlaps another reads twice,
which changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from shared.ports.ports import Ports
from shared.runtime.scheduled import scheduled
from shared.runtime.wiring import AwsPorts

MINUTE = 60


@scheduled(wire=AwsPorts.from_env)
def handler(ports: AwsPorts) -> dict[str, int]:
    return pace(ports.settings.own["polls"], ports)


def pace(polls: Mapping[str, Mapping[str, int]], ports: Ports) -> dict[str, int]:
    """polls: per poll queue, seconds between polls per feed. Returns messages sent per queue."""
    sent: dict[str, int] = {}
    minute = int(ports.clock.now().timestamp()) // MINUTE
    for queue, feeds in polls.items():
        for delay_s, bodies in sorted(due(feeds, minute).items()):
            ports.queues.send(queue, bodies, delay_s=delay_s)
            sent[queue] = sent.get(queue, 0) + len(bodies)
    return sent


def due(feeds: Mapping[str, int], minute: int) -> dict[int, list[str]]:
    """Bodies by the second of the minute at which they are due.

    minute: since the epoch. A feed slower than a minute is due in the first second of every n-th minute, n rounded down.
    """
    by_second: dict[int, list[str]] = {}
    for feed, every_s in feeds.items():
        if minute % max(1, every_s // MINUTE) == 0:
            for second in range(0, MINUTE, min(every_s, MINUTE)):
                by_second.setdefault(second, []).append(json.dumps({"feed": feed}))
    return by_second
