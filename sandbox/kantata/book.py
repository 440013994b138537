"""Everything the vendor holds, in memory for reading and in the store for keeping.

A write goes to both; a unit of work that fails leaves neither changed. Records are plain dicts: ids are strings,
links are ids or lists of ids, instants are in the stored form of clock.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.kantata.kinds import KINDS
from sandbox.kit.store import Store

Record = dict[str, Any]

# Links followed backwards, and links lists are filtered by: kept as (resource, field) -> value -> ids.
_INDEXED: tuple[tuple[str, str], ...] = tuple(
    {(assoc.to, assoc.back) for kind in KINDS.values() for assoc in kind.assocs if assoc.back and assoc.to}
    | {
        ("time_entries", "workspace_id"),
        ("time_entries", "story_id"),
        ("time_entries", "user_id"),
        ("expenses", "workspace_id"),
        ("expenses", "user_id"),
        ("stories", "workspace_id"),
        ("external_references", "subject_type"),
        ("expense_report_submissions", "workspace_id"),
        ("workspace_resources", "user_id"),
        ("participations", "user_id"),
        ("external_payments", "invoice_id"),
        ("subscribed_events", "subject"),
        ("account_memberships", "user_id"),
    }
)
_FIELDS: dict[str, list[str]] = defaultdict(list)
for _key, _field in _INDEXED:
    _FIELDS[_key].append(_field)


def _values(record: Record, field: str) -> Iterable[str]:
    value = record.get(field)
    if isinstance(value, list):
        return value
    return () if value is None else (value,)


class Book:
    def __init__(self, store: Store) -> None:
        self.store = store
        self._tables: dict[str, dict[str, Record]] = {}
        self._index: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._undo: list[tuple[str, str, Record | None]] | None = None
        self._remembered: dict[Hashable, list[Record]] = {}
        self.reload()

    def reload(self) -> None:
        """Reads all tables from the store again."""
        self._tables = {key: {} for key in KINDS}
        self._index = {pair: defaultdict(set) for pair in _INDEXED}
        for key in KINDS:
            for record in self.store.all(key):
                self._place(key, record["id"], record)

    @contextmanager
    def work(self) -> Iterator[None]:
        """All writes inside are kept together, or none is."""
        if self._undo is not None:
            yield
            return
        self._undo = []
        try:
            with self.store.transaction():
                yield
        except BaseException:
            for key, record_id, before in reversed(self._undo):
                self._place(key, record_id, before)
            raise
        finally:
            self._undo = None

    def _place(self, key: str, record_id: str, record: Record | None) -> None:
        self._remembered.clear()
        table = self._tables[key]
        before = table.pop(record_id, None) if record is None else table.get(record_id)
        for field in _FIELDS.get(key, ()):
            index = self._index[(key, field)]
            for value in _values(before, field) if before else ():
                index[value].discard(record_id)
            for value in _values(record, field) if record else ():
                index[value].add(record_id)
        if record is not None:
            table[record_id] = record

    def put(self, key: str, record: Record) -> None:
        record_id = str(record["id"])
        with self.work():
            assert self._undo is not None
            self._undo.append((key, record_id, self._tables[key].get(record_id)))
            self.store.put(key, record_id, record)
            self._place(key, record_id, record)

    def remove(self, key: str, record_id: str) -> None:
        with self.work():
            assert self._undo is not None
            self._undo.append((key, record_id, self._tables[key].get(record_id)))
            self.store.delete(key, record_id)
            self._place(key, record_id, None)

    def remembered(self, asked: Hashable, find: Callable[[], list[Record]]) -> list[Record]:
        """What `find` answers, kept until anything is written or `forget` is called. Nobody may change the list."""
        if asked not in self._remembered:
            self._remembered[asked] = find()
        return self._remembered[asked]

    def forget(self) -> None:
        """What lists find may have changed without a record being written."""
        self._remembered.clear()

    def get(self, key: str, record_id: str | None) -> Record | None:
        return self._tables[key].get(str(record_id)) if record_id is not None else None

    def all(self, key: str) -> Iterable[Record]:
        return self._tables[key].values()

    def ids_with(self, key: str, field: str, value: str) -> set[str]:
        return self._index[(key, field)].get(value, set())

    def with_value(self, key: str, field: str, value: str) -> list[Record]:
        """Records whose indexed field is (or holds) the value, oldest id first."""
        table = self._tables[key]
        return [table[i] for i in sorted(self.ids_with(key, field, value), key=int)]

    def some_with(self, key: str, field: str, value: str) -> Iterator[Record]:
        """The same in no order, for sums."""
        table = self._tables[key]
        return (table[i] for i in self.ids_with(key, field, value))

    def new_id(self, key: str) -> str:
        return str(self.store.next_number(f"id:{KINDS[key].counter}", 1001))
