"""How values get into SOQL, and how the platform writes times. Source: docs/connectors/salesforce.md, "Write-back"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from shared.faults import Poison

MOST_IDS = 400
"""Record ids of one IN: with quotes and commas, percent-encoded, they stay well under the 16,384 bytes of a URL."""


def quoted(text: str) -> str:
    """A SOQL text literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def one_of(texts: Iterable[str]) -> str:
    """The right side of IN."""
    return f"({', '.join(map(quoted, texts))})"


def instant(at: datetime) -> str:
    """A SOQL datetime literal, unquoted, UTC, cut to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def portions(ids: Sequence[str], most: int = MOST_IDS) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), most):
        yield ids[start : start + most]


def moment(text: object) -> datetime:
    """`2026-03-01T10:00:00.000+0000` or with `Z` -> aware UTC. Raises Poison("instant_unreadable")."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as exc:
        raise Poison("instant_unreadable") from exc
    if at.tzinfo is None:
        raise Poison("instant_unreadable")
    return at.astimezone(UTC)


def micros(at: datetime) -> int:
    """Microseconds since 1970: the sequence of what changed at this moment."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond
