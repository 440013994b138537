"""All rows of the tenant: durable in the kit's store, in memory for reading, changed only inside a unit.

A unit is one request or changeset: all of it is on disk before anybody is answered, or nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from sandbox.kit.store import Store
from sandbox.sap_s4hana.schema import Entity

Row = dict[str, Any]
Key = tuple[str, ...]


class Change(NamedTuple):
    """`after`: None when deleted; `before`: None when new."""

    table: str
    before: Row | None
    after: Row | None


class Table:
    """Rows by key, in order of creation, with an index for every set of properties ever asked for."""

    def __init__(self, keys: Key) -> None:
        self.keys = keys
        self.rows: dict[Key, Row] = {}
        self._indexes: dict[Key, dict[Key, dict[Key, Row]]] = {}

    def key_of(self, row: Mapping[str, Any]) -> Key:
        return tuple(str(row[name]) for name in self.keys)

    def where(self, **wanted: str) -> list[Row]:
        """Rows whose properties equal these."""
        return self.matching(tuple(wanted), tuple(wanted.values()))

    def matching(self, names: Key, values: Key) -> list[Row]:
        index = self._indexes.get(names)
        if index is None:
            index = self._indexes[names] = {}
            for key, row in self.rows.items():
                index.setdefault(_values(names, row), {})[key] = row
        return list(index.get(values, {}).values())

    def place(self, key: Key, row: Row | None) -> Row | None:
        """Puts, or with None removes, a row; gives what stood there."""
        old = self.rows.get(key)
        for names, index in self._indexes.items():
            if old is not None and (row is None or _values(names, old) != _values(names, row)):
                index[_values(names, old)].pop(key, None)
            if row is not None:
                index.setdefault(_values(names, row), {})[key] = row
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row
        return old


def _values(names: Key, row: Mapping[str, Any]) -> Key:
    return tuple(str(row.get(name, "")) for name in names)


class Book:
    def __init__(self, store: Store, entities: Iterable[Entity]) -> None:
        self.store = store
        self.tables = {one.table: Table(one.keys) for one in entities}
        self.settling: list[Callable[[list[Change]], None]] = []
        """Told of a unit's changes before they are committed: what these write is committed with them."""
        self.listeners: list[Callable[[list[Change]], None]] = []
        self._open: list[Change] | None = None
        self.load()

    def load(self) -> None:
        """Memory from disk: at start and after a reset."""
        for name, table in self.tables.items():
            fresh = Table(table.keys)
            fresh.rows = {fresh.key_of(row): row for row in self.store.all(name)}
            self.tables[name] = fresh

    def get(self, table: str, *key: str) -> Row | None:
        """Not to be changed."""
        return self.tables[table].rows.get(key)

    def all(self, table: str) -> Iterable[Row]:
        return self.tables[table].rows.values()

    def where(self, table: str, **wanted: str) -> list[Row]:
        return self.tables[table].where(**wanted)

    def put(self, table: str, row: Row) -> Row:
        """Inside a unit only."""
        assert self._open is not None
        place = self.tables[table]
        key = place.key_of(row)
        self._open.append(Change(table, place.place(key, row), row))
        return row

    def change(self, table: str, row: Row, **values: Any) -> Row:
        return self.put(table, row | values)

    def remove(self, table: str, row: Row) -> None:
        assert self._open is not None
        key = self.tables[table].key_of(row)
        self._open.append(Change(table, self.tables[table].place(key, None), None))

    def number(self, name: str, start: int) -> str:
        return str(self.store.next_number(name, start))

    @contextmanager
    def unit(self) -> Iterator[None]:
        """May be nested; the outermost decides. What is raised inside leaves everything as it was."""
        if self._open is not None:
            yield
            return
        self._open = []
        try:
            with self.store.transaction():
                yield
                self._write(self._open)
                for settle in self.settling:
                    settle(self._open)
        except BaseException:
            for change in reversed(self._open):
                self._undo(change)
            self._open = None
            raise
        changes, self._open = self._open, None
        for listener in self.listeners:
            listener(changes)

    def _write(self, changes: list[Change]) -> None:
        """Each row once, however often the unit changed it."""
        last: dict[tuple[str, str], Row | None] = {}
        for table, before, after in changes:
            last[table, "/".join(self.tables[table].key_of(after or before or {}))] = after
        for (table, key), row in last.items():
            if row is None:
                self.store.delete(table, key)
            else:
                self.store.put(table, key, row)

    def _undo(self, change: Change) -> None:
        table = self.tables[change.table]
        table.place(table.key_of(change.after or change.before or {}), change.before)
