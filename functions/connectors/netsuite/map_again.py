"""`billweave replay --source raw`: what NetSuite sent, mapped again as the mapping is now."""

from __future__ import annotations

from typing import Any

from functions.connectors.netsuite import remap
from functions.connectors.netsuite.settings import SYSTEM
from functions.connectors.netsuite.wiring import AwsNetSuitePorts
from shared.runtime.map_again import MapAgain, Mapper, mapped_again
from shared.runtime.process_step import process_step

MAPPERS: dict[str, Mapper] = {"payments": remap.payments}
"""As connector.yaml names them, feed by feed."""


@process_step(MapAgain, wire=AwsNetSuitePorts.from_env)
def handler(command: MapAgain, ports: AwsNetSuitePorts) -> dict[str, Any]:
    """Raises BusinessException("feed_not_kept")."""
    return mapped_again(SYSTEM, MAPPERS, command, ports)
