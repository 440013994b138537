"""`billweave replay --source raw`: what Business Central sent, mapped again as the mapping is now."""

from __future__ import annotations

from typing import Any

from functions.connectors.business_central import remap
from functions.connectors.business_central.settings import SYSTEM
from functions.connectors.business_central.wiring import AwsBusinessCentralPorts
from shared.runtime.map_again import MapAgain, Mapper, mapped_again
from shared.runtime.process_step import process_step

MAPPERS: dict[str, Mapper] = {"payments": remap.payments}
"""As connector.yaml names them, feed by feed."""


@process_step(MapAgain, wire=AwsBusinessCentralPorts.from_env)
def handler(command: MapAgain, ports: AwsBusinessCentralPorts) -> dict[str, Any]:
    """Raises BusinessException("feed_not_kept")."""
    return mapped_again(SYSTEM, MAPPERS, command, ports)
