"""All records of the tenant: durable in the kit's store, in memory with indexes for reading.

Whatever one request changes is one transaction: on disk before anybody is answered, or undone in memory too.
A record is a dict that is never changed in place; keys with `_` are ours: `_company`, `_version`, `_dimensions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.business_central.schema import ENTITIES, STORED
from sandbox.kit.store import Store

Record = dict[str, Any]
_Index = dict[tuple[str, str, Any], dict[str, None]]


class Change(NamedTuple):
    """`kind`: name of the set. `before` None: created; `after` None: deleted."""

    kind: str
    before: Record | None
    after: Record | None


class Book:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.listeners: list[Callable[[list[Change]], None]] = []
        self._changes: list[Change] | None = None
        self.load()

    def load(self) -> None:
        """Memory from disk: at start and after a reset."""
        self._records: dict[str, dict[str, Record]] = {}
        self._index: _Index = {}
        self._by_company: dict[tuple[str, str], dict[str, None]] = {}
        for kind in STORED:
            self._records[kind] = {}
            decimals = ENTITIES[kind].decimals
            for row in self.store.all(kind):
                for name in decimals:
                    if name in row:
                        row[name] = Decimal(row[name])
                self._remember(kind, None, row)

    def get(self, kind: str, record_id: str) -> Record | None:
        return self._records[kind].get(record_id)

    def all(self, kind: str, company: str) -> list[Record]:
        """In order of creation."""
        records = self._records[kind]
        return [records[record_id] for record_id in self._by_company.get((kind, company), ())]

    def where(self, kind: str, company: str, field: str, value: object) -> list[Record]:
        """By an indexed field, in order of creation."""
        records = self._records[kind]
        return [records[found] for found in self._index.get((kind, f"{company}/{field}", value), ())]

    def one(self, kind: str, company: str, field: str, value: object) -> Record | None:
        return next(iter(self.where(kind, company, field, value)), None)

    def pinned(self, kind: str, company: str, values: Mapping[str, object]) -> Iterable[Record] | None:
        """The fewest records that an index knows to hold one of these values; None where no index helps."""
        if isinstance(only := values.get("id"), str):
            found = self.get(kind, only)
            return [found] if found and found["_company"] == company else []
        names = [name for name in values if name in ENTITIES[kind].indexed]
        if not names:
            return None
        return min((self.where(kind, company, name, values[name]) for name in names), key=len)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """May be nested; only the outermost tells the listeners, inside the transaction, so that they may write too."""
        if self._changes is not None:
            yield
            return
        self._changes = []
        try:
            with self.store.transaction():
                yield
                for listener in self.listeners:
                    listener(self._changes)
        except BaseException:
            for change in reversed(self._changes):
                self._remember(change.kind, change.after, change.before)
            raise
        finally:
            self._changes = None

    def put(self, kind: str, record: Record) -> Record:
        """Stores a record under a new version; answers it."""
        before = self._records[kind].get(record["id"])
        after = record | {"_version": (before["_version"] if before else 0) + 1}
        self._change(kind, before, after)
        return after

    def remove(self, kind: str, record: Record) -> None:
        self._change(kind, record, None)

    def follow(self, change: Change) -> None:
        """Takes over in memory what another book of the same store has changed."""
        self._remember(change.kind, change.before, change.after)

    def _change(self, kind: str, before: Record | None, after: Record | None) -> None:
        assert self._changes is not None, "a change outside a transaction"
        self._write(kind, before, after)
        self._changes.append(Change(kind, before, after))

    def _write(self, kind: str, before: Record | None, after: Record | None) -> None:
        if after is not None:
            self.store.put(kind, after["id"], after)
        elif before is not None:
            self.store.delete(kind, before["id"])
        self._remember(kind, before, after)

    def _remember(self, kind: str, before: Record | None, after: Record | None) -> None:
        indexed = ENTITIES[kind].indexed
        if before is not None:
            company = before["_company"]
            for name in indexed:
                if after is None or after[name] != before[name]:
                    del self._index[kind, f"{company}/{name}", before[name]][before["id"]]
            if after is None:
                del self._records[kind][before["id"]]
                del self._by_company[kind, company][before["id"]]
        if after is not None:
            company = after["_company"]
            self._records[kind][after["id"]] = after
            self._by_company.setdefault((kind, company), {})[after["id"]] = None
            for name in indexed:
                self._index.setdefault((kind, f"{company}/{name}", after[name]), {})[after["id"]] = None
