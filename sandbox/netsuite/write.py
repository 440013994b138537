"""One write of one record, on its way through the business rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.netsuite.book import Record, Unit
from sandbox.netsuite.settings import Settings


@dataclass
class Write:
    """`record`: merged, not yet complete (rules complete it in place). `old`: None when new. `given`: names sent.
    `stamp`: the new lastModifiedDate. `today`: the account's date."""

    unit: Unit
    kind: str
    record: Record
    old: Record | None
    given: dict[str, Any]
    stamp: str
    today: str
    settings: Settings

    def ref_id(self, name: str) -> str | None:
        value = self.record.get(name)
        return value["id"] if value else None


def later_stamp(now: str, old: Record | None) -> str:
    """`now`, or one second after the old stamp: a record's lastModifiedDate always moves forward.

    The vendor keeps whole seconds; equal stamps of two states would make the second one invisible to a poller.
    """
    before = (old or {}).get("lastModifiedDate")
    if not before or before < now:
        return now
    return (datetime.fromisoformat(before) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
