"""Polls of S/4HANA: one page per message; what is left of a feed is asked for by another message to this queue."""

from __future__ import annotations

from collections.abc import Callable

from functions.connectors.sap_s4hana.ports import SapPorts
from functions.connectors.sap_s4hana.pull_payments import pull_payments
from functions.connectors.sap_s4hana.wiring import AwsSapPorts
from shared.faults import Poison
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input

QUEUE = "sap_s4hana-poll"
FEEDS: dict[str, Callable[[SapPorts], bool]] = {"payments": pull_payments}


class Poll(Input):
    feed: str


@queue_worker(Poll, wire=AwsSapPorts.from_env, repeats=True)
def handler(poll: Poll, ports: SapPorts) -> None:
    pull = FEEDS.get(poll.feed)
    if pull is None:
        raise Poison("feed_unknown", feed=poll.feed)
    if pull(ports):
        ports.queues.send(QUEUE, [poll.model_dump_json()])
