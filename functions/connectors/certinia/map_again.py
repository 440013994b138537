"""`billweave replay --source raw`: what Certinia sent, mapped again as the mapping is now."""

from __future__ import annotations

from typing import Any

from functions.connectors.certinia import remap
from functions.connectors.certinia.settings import SYSTEM
from functions.connectors.certinia.wiring import AwsCertiniaPorts
from shared.runtime.map_again import MapAgain, Mapper, mapped_again
from shared.runtime.process_step import process_step

MAPPERS: dict[str, Mapper] = {
    "time_entries": remap.time_entries,
    "expenses": remap.expenses,
    "milestones": remap.milestones,
}
"""As connector.yaml names them, feed by feed."""


@process_step(MapAgain, wire=AwsCertiniaPorts.from_env)
def handler(command: MapAgain, ports: AwsCertiniaPorts) -> dict[str, Any]:
    """Raises BusinessException("feed_not_kept")."""
    return mapped_again(SYSTEM, MAPPERS, command, ports)
