"""Where a reading of one company's invoices stands: three parts, one page at a time, then from the start.

changes: by time of change, with overlap: what was posted since, and what the tenant does touch when money comes.
open: all that is open. gone: ours that were open at the last reading and are not any more, by id.
Kept in the cursor as plain JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CHANGES, OPEN, GONE = "changes", "open", "gone"


@dataclass(frozen=True, slots=True)
class Scan:
    """since: changes from then on, an instant as text. newest: the latest change seen. link: of the next page.

    watched: ids of ours that were open at the last reading. seen: those seen open in this one.
    """

    since: str
    newest: str = ""
    part: str = CHANGES
    link: str = ""
    watched: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since,
            "newest": self.newest,
            "part": self.part,
            "link": self.link,
            "watched": list(self.watched),
            "seen": list(self.seen),
        }

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.watched) - set(self.seen)))


def read_scan(kept: Mapping[str, Any], beginning: str) -> Scan:
    """A scan as its cursor holds it; a first one from `beginning`."""
    if not kept:
        return Scan(beginning)
    return Scan(
        since=str(kept["since"]),
        newest=str(kept["newest"]),
        part=str(kept["part"]),
        link=str(kept["link"]),
        watched=tuple(kept["watched"]),
        seen=tuple(kept["seen"]),
    )


def union(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*some, *others}))
