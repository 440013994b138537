"""Acting under the name that was typed, or else as whom the token says; both by the same operations, policy and audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.connection import Connection


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
    signs: the field that the typed name goes in.
    """
    if by:
        return connection.act(operation, {**asked, **named, signs: by})
    return connection.ask(route, asked)
