"""Polls of Business Central: one page per message; what is left of a feed is asked for by another message to this queue."""

from __future__ import annotations

from collections.abc import Callable

from functions.connectors.business_central.keep_subscribed import keep_subscribed
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.pull_payments import pull_payments
from functions.connectors.business_central.wiring import AwsBusinessCentralPorts
from shared.faults import Poison
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input

QUEUE = "business_central-poll"
FEEDS: dict[str, Callable[[BusinessCentralPorts], bool]] = {
    "payments": pull_payments,
    "subscriptions": keep_subscribed,
}


class Poll(Input):
    feed: str


@queue_worker(Poll, wire=AwsBusinessCentralPorts.from_env, repeats=True)
def handler(poll: Poll, ports: BusinessCentralPorts) -> None:
    pull = FEEDS.get(poll.feed)
    if pull is None:
        raise Poison("feed_unknown", feed=poll.feed)
    if pull(ports):
        ports.queues.send(QUEUE, [poll.model_dump_json()])
