"""Acting under the name that was typed, or else as whom the token says; both by the same operations, policy and audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.connection import Connection, OutcomeUnknown


def acted(
    connection: Connection,
    by: str | None,
    operation: str,
    route: str,
    asked: Mapping[str, Any],
    *,
    signs: str = "by",
    **named: str,
) -> dict[str, Any]:
    """operation: the function that AWS lets who typed a name call. route: of the API. named: what stands in the route's path.
    signs: the field that the typed name goes in. Raises ConnectionFailed; of a request with a name of its own whose answer
    is lost, it tells that name: asked for again under it, it counts once.
    """
    try:
        if by:
            return connection.act(operation, {**asked, **named, signs: by})
        return connection.ask(route, asked)
    except OutcomeUnknown as lost:
        if asked.get("dry_run") or "request_id" not in asked:
            raise
        again = f"it may have been done: repeat it with --request {asked['request_id']}, it counts once"
        raise OutcomeUnknown(f"{lost}; {again}") from lost
