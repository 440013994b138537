"""`billweave replay --source raw`: what Kantata sent, mapped again as the mapping is now."""

from __future__ import annotations

from typing import Any

from functions.connectors.kantata import remap
from functions.connectors.kantata.settings import SYSTEM
from functions.connectors.kantata.wiring import AwsKantataPorts
from shared.runtime.map_again import MapAgain, Mapper, mapped_again
from shared.runtime.process_step import process_step

MAPPERS: dict[str, Mapper] = {
    "time_entries": remap.time_entries,
    "expenses": remap.expenses,
    "milestones": remap.milestones,
}
"""As connector.yaml names them, feed by feed."""


@process_step(MapAgain, wire=AwsKantataPorts.from_env)
def handler(command: MapAgain, ports: AwsKantataPorts) -> dict[str, Any]:
    """Raises BusinessException("feed_not_kept")."""
    return mapped_again(SYSTEM, MAPPERS, command, ports)
