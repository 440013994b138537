"""`billweave replay --source raw`: what SAP S/4HANA sent, mapped again as the mapping is now."""

from __future__ import annotations

from typing import Any

from functions.connectors.sap_s4hana import remap
from functions.connectors.sap_s4hana.settings import SYSTEM
from functions.connectors.sap_s4hana.wiring import AwsSapPorts
from shared.runtime.map_again import MapAgain, Mapper, mapped_again
from shared.runtime.process_step import process_step

MAPPERS: dict[str, Mapper] = {"payments": remap.payments}
"""As connector.yaml names them, feed by feed."""


@process_step(MapAgain, wire=AwsSapPorts.from_env)
def handler(command: MapAgain, ports: AwsSapPorts) -> dict[str, Any]:
    """Raises BusinessException("feed_not_kept")."""
    return mapped_again(SYSTEM, MAPPERS, command, ports)
