"""Business Central's OData as texts: filters, names of options, instants. Source: docs/connectors/business_central.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_NAME = re.compile(r"_x([0-9A-Fa-f]{4})_")


def equal(field: str, value: str) -> str:
    """A text is quoted, its quotes doubled."""
    quoted = value.replace("'", "''")
    return f"{field} eq '{quoted}'"


def both(*conditions: str) -> str:
    return " and ".join(conditions)


def one_of(field: str, ids: Iterable[str]) -> str:
    """GUIDs are not quoted; `or` is supported between conditions on one field."""
    return " or ".join(f"{field} eq {each}" for each in ids)


def option(value: object) -> str:
    """The text of an option: `In_x0020_Review` is "In Review", and a blank is ""."""
    return _NAME.sub(lambda found: chr(int(found[1], 16)), str(value or "")).strip()


def instant(text: object) -> datetime:
    """Aware UTC. Raises ValueError."""
    found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    return found.astimezone(UTC)


def instant_text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
