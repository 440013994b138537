"""`billweave replay --source raw`: what Salesforce sent, mapped again as the mapping is now."""

from __future__ import annotations

from typing import Any

from functions.connectors.salesforce import remap
from functions.connectors.salesforce.settings import SYSTEM
from functions.connectors.salesforce.wiring import SalesforcePorts
from shared.runtime.map_again import MapAgain, Mapper, mapped_again
from shared.runtime.process_step import process_step

MAPPERS: dict[str, Mapper] = {"opportunities": remap.opportunities}
"""As connector.yaml names them, feed by feed."""


@process_step(MapAgain, wire=SalesforcePorts.from_env)
def handler(command: MapAgain, ports: SalesforcePorts) -> dict[str, Any]:
    """Raises BusinessException("feed_not_kept")."""
    return mapped_again(SYSTEM, MAPPERS, command, ports)
