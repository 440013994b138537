"""One request at work: who asks, with what parameters, on which book; all writes pass through here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.kantata.access import Viewer
from sandbox.kantata.book import Book, Record
from sandbox.kantata.clock import Clock, next_change
from sandbox.kantata.errors import invalid, not_found
from sandbox.kantata.feed import Feed
from sandbox.kantata.kinds import KINDS
from sandbox.kantata.settings import Settings

MISSING: Any = object()


@dataclass
class Call:
    book: Book
    viewer: Viewer
    settings: Settings
    clock: Clock
    feed: Feed
    params: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    """Budget used, by project, worked out once for all fields that show it."""

    def insert(self, key: str, values: Record, verb: str = "created") -> Record:
        """Stores a new record with its id and stamps, and makes its event."""
        now = self.clock.now()
        record = {"id": self.book.new_id(key), "created_at": now, "updated_at": now} | values
        self.book.put(key, record)
        self._announce(key, verb, None, record, now)
        return record

    def update(self, key: str, record: Record, changes: Record, *, touch: bool = False) -> Record:
        """Stores the changed record; what changes nothing moves no stamp and makes no event, unless `touch`."""
        if not touch and all(record.get(name, MISSING) == value for name, value in changes.items()):
            return record
        at = next_change(self.clock.now(), record["updated_at"], bump=self.settings.bump_updated_at)
        changed = record | changes | {"updated_at": at}
        self.book.put(key, changed)
        self._announce(key, "updated", record, changed, at)
        return changed

    def remove(self, key: str, record: Record) -> None:
        self.book.remove(key, record["id"])
        self._announce(key, "deleted", record, None, self.clock.now())

    def announce(self, key: str, verb: str, record: Record) -> None:
        """An event about a record that is not a change of its own fields."""
        self._announce(key, verb, record, record, self.clock.now(), verbs=(verb,))

    def _announce(
        self, key: str, verb: str, before: Record | None, after: Record | None, at: str,
        verbs: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        kind = KINDS[key]
        if kind.event and verb in (verbs or kind.verbs):
            self.feed.add(kind, verb, before, after, self.viewer.user_id, at, self.clock.now())

    def find(self, key: str, record_id: Any) -> Record:
        """A record the viewer sees, by id. Raises 404."""
        record = self.book.get(key, str(record_id)) if record_id not in (None, "") else None
        if record is None or not self.viewer.sees(key, record):
            raise not_found()
        return record

    def linked(self, key: str, record_id: Any, field_name: str) -> Record:
        """A record named in a body. Raises 422 on the field."""
        record = self.book.get(key, str(record_id)) if record_id not in (None, "") else None
        if record is None or not self.viewer.sees(key, record):
            raise invalid(field_name, f"{KINDS[key].subject} {record_id} could not be found")
        return record

    def known(self, key: str, record_id: str) -> Record:
        """A record our own links point to."""
        record = self.book.get(key, record_id)
        assert record is not None, f"{key} {record_id} is linked but gone"
        return record
