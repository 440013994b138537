"""Resource paths: `companies(<guid>)/salesInvoices(<guid>)/Microsoft.NAV.post` to segments with their keys."""

from __future__ import annotations

import re
from typing import NamedTuple

from sandbox.business_central.errors import Refused

_SEGMENT = re.compile(r"([\w.$]+)(?:\((?:\w+=)?('(?:[^']|'')*'|[^()']*)\))?(?:/|$)")
ACTION = "Microsoft.NAV."


class Segment(NamedTuple):
    name: str
    key: str | None


def segments(path: str) -> list[Segment]:
    """Keys in lower case: they are GUIDs or our subscriptions' ids. Raises Refused 404 for what cannot be read."""
    found: list[Segment] = []
    at, path = 0, path.strip("/")
    while at < len(path):
        match = _SEGMENT.match(path, at)
        if match is None:
            raise Refused(404, "BadRequest_NotFound", "syntax")
        key = match[2]
        found.append(Segment(match[1], key.strip("'").lower() if key is not None else None))
        at = match.end()
    return found
