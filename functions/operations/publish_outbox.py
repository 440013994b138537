"""The table's stream -> the bus: state and event were committed together, here the event goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from shared.ports.ports import Ports
from shared.runtime.table_stream import table_stream
from shared.runtime.wiring import AwsPorts


@table_stream(wire=AwsPorts.from_env)
def handler(records: Sequence[Mapping[str, Any]], ports: Ports) -> dict[str, int]:
    relayed = ports.publisher.relay(records)
    if relayed.parked:
        ports.counts.add("outbox_parked", relayed.parked)
    return asdict(relayed)
