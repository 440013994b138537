"""Polls of NetSuite: one page per message; what is left of a feed is asked for by another message to this queue."""

from __future__ import annotations

from collections.abc import Callable

from functions.connectors.netsuite.ports import NetSuitePorts
from functions.connectors.netsuite.pull_payments import pull_payments
from functions.connectors.netsuite.wiring import AwsNetSuitePorts
from shared.faults import Poison
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input

QUEUE = "netsuite-poll"
FEEDS: dict[str, Callable[[NetSuitePorts], bool]] = {"payments": pull_payments}


class Poll(Input):
    feed: str


@queue_worker(Poll, wire=AwsNetSuitePorts.from_env, repeats=True)
def handler(poll: Poll, ports: NetSuitePorts) -> None:
    pull = FEEDS.get(poll.feed)
    if pull is None:
        raise Poison("feed_unknown", feed=poll.feed)
    if pull(ports):
        ports.queues.send(QUEUE, [poll.model_dump_json()])
