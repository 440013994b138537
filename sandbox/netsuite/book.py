"""All records of the account: durable in the kit's store, in memory for reading, changed only in units.

A unit is one vendor transaction: everything in it is on disk before anybody is answered, or nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sandbox.kit.store import Store
from sandbox.netsuite.schema import TYPES

Record = dict[str, Any]
_FIRST_IDS = {"entity": 101, "transaction": 5001, "item": 21}


class Change(NamedTuple):
    """`record`: the new content, None when deleted."""

    kind: str
    record_id: str
    record: Record | None
    is_new: bool


def clone(value: Any) -> Any:
    """A copy of stored content: objects, lists and plain values only, so quicker than copy.deepcopy."""
    if isinstance(value, dict):
        return {name: clone(inner) for name, inner in value.items()}
    return [clone(inner) for inner in value] if isinstance(value, list) else value


class Unit:
    """Changes not yet committed; reads see them. `get` gives a copy, so a record is changed only by `put`."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.changes: dict[tuple[str, str], Record | None] = {}

    def peek(self, kind: str, record_id: str) -> Record | None:
        """The record itself: to look at, not to change."""
        if (kind, record_id) in self.changes:
            return self.changes[kind, record_id]
        return self._book.get(kind, record_id)

    def get(self, kind: str, record_id: str) -> Record | None:
        record = self.peek(kind, record_id)
        return None if record is None else clone(record)

    def find(self, kinds: Iterable[str], record_id: str) -> tuple[str, Record] | None:
        """The record of the first of these types that has this id; not to be changed."""
        for kind in kinds:
            record = self.peek(kind, record_id)
            if record is not None:
                return kind, record
        return None

    def id_of(self, kind: str, external_id: str) -> str | None:
        for (changed, record_id), record in self.changes.items():
            if changed == kind and record and record.get("externalId") == external_id:
                return record_id
        found = self._book.id_of(kind, external_id)
        return None if found and (kind, found) in self.changes else found

    def each(self, kind: str) -> Iterator[Record]:
        """All records of a type as this unit sees them; not to be changed."""
        for record in self._book.all(kind):
            if (kind, record["id"]) not in self.changes:
                yield record
        for (changed, _), new in self.changes.items():
            if changed == kind and new is not None:
                yield new

    def put(self, kind: str, record: Record) -> None:
        self.changes[kind, record["id"]] = record

    def delete(self, kind: str, record_id: str) -> None:
        self.changes[kind, record_id] = None

    def next_id(self, kind: str) -> str:
        space = TYPES[kind].ids
        return str(self._book.store.next_number(f"id:{space}", _FIRST_IDS.get(space, 1)))

    def next_number(self, name: str, start: int) -> int:
        return self._book.store.next_number(name, start)


class Book:
    def __init__(self, store: Store) -> None:
        self.store = store
        self._kinds: dict[str, dict[str, Record]] = {}
        self._by_external_id: dict[tuple[str, str], str] = {}
        self.deletions: list[Record] = []
        self.listeners: list[Callable[[list[Change]], None]] = []
        self.load()

    def load(self) -> None:
        """Memory from disk: at start and after a reset."""
        self._kinds = {kind: {row["id"]: row for row in self.store.all(kind)} for kind in TYPES}
        self.deletions = self.store.all("_deleted")
        self._by_external_id = {
            (kind, row["externalId"]): record_id
            for kind, rows in self._kinds.items()
            for record_id, row in rows.items()
            if row.get("externalId")
        }

    def get(self, kind: str, record_id: str) -> Record | None:
        return self._kinds[kind].get(record_id)

    def id_of(self, kind: str, external_id: str) -> str | None:
        return self._by_external_id.get((kind, external_id))

    def all(self, kind: str) -> Iterable[Record]:
        """In order of creation. Not to be changed."""
        return self._kinds[kind].values()

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        unit = Unit(self)
        with self.store.transaction():
            yield unit
            for (kind, record_id), record in unit.changes.items():
                if record is None:
                    self.store.delete(kind, record_id)
                else:
                    self.store.put(kind, record_id, record)
        changes = [
            Change(kind, record_id, record, record_id not in self._kinds[kind])
            for (kind, record_id), record in unit.changes.items()
        ]
        self._remember(changes)
        for listener in self.listeners:
            listener(changes)

    def _remember(self, changes: list[Change]) -> None:
        for kind, record_id, record, _ in changes:
            old = self._kinds[kind].get(record_id)
            if old and old.get("externalId"):
                self._by_external_id.pop((kind, old["externalId"]), None)
            if record is None:
                self._kinds[kind].pop(record_id, None)
                continue
            self._kinds[kind][record_id] = record
            if record.get("externalId"):
                self._by_external_id[kind, record["externalId"]] = record_id
