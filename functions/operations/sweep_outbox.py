"""Schedule, every minute: what the stream did not publish goes to the bus. The net under publish_outbox."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from shared.ports.ports import Ports
from shared.runtime.scheduled import scheduled
from shared.runtime.wiring import AwsPorts

OVERDUE = timedelta(seconds=60)
"""By then the stream has had its turn many times over."""


@scheduled(wire=AwsPorts.from_env)
def handler(ports: Ports) -> dict[str, int]:
    relayed = ports.publisher.sweep(OVERDUE)
    if swept := relayed.published + relayed.parked:
        ports.counts.add("outbox_swept", swept)
    return asdict(relayed)
