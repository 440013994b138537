"""The org's records: in memory with indexes, every committed change in the store, all or nothing.

A transaction may be nested; an inner one that fails takes back only its own changes. Listeners of the outermost one
see all its changes and may write to the store in the same SQLite transaction: a record and the notifications and
events it sets off are durable together. What they do in memory they leave in `after_commit`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.kit.store import Store
from sandbox.salesforce_platform.ids import make_id
from sandbox.salesforce_platform.package import Package, Triggers
from sandbox.salesforce_platform.rules import PLATFORM
from sandbox.salesforce_platform.schema import Field, Schema, SObject
from sandbox.salesforce_platform.settings import Settings
from sandbox.salesforce_platform.values import now_stamp, revive, stamp

Row = dict[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who calls: the user, and the client's name from `Sforce-Call-Options` for `changeOrigin`."""

    user_id: str
    client: str = ""
    version: str = "66.0"


@dataclass(frozen=True)
class Change:
    """One record changed by one transaction: `before` None is a creation."""

    sobject: SObject
    record_id: str
    before: Row | None
    after: Row


@dataclass
class Transaction:
    actor: Actor
    now: str
    undo: list[Callable[[], None]] = field(default_factory=list)
    touched: dict[tuple[str, str], Row | None] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


Listener = Callable[["Transaction", list[Change]], None]


class Table:
    """Rows of one object by id, and ids by the value of each indexed field (text lower-cased)."""

    def __init__(self, sobject: SObject) -> None:
        self.rows: dict[str, Row] = {}
        self.index: dict[str, dict[Any, dict[str, None]]] = {}
        self.adopt(sobject)

    def adopt(self, sobject: SObject) -> None:
        """Takes the object's present fields; called again when the schema grows."""
        for one in sobject.fields.values():
            if one.indexed and one.name not in self.index:
                self.index[one.name] = {}
                for record_id, row in self.rows.items():
                    self._enter(one.name, row, record_id)

    def put(self, record_id: str, row: Row) -> None:
        self.drop(record_id)
        self.rows[record_id] = row
        for name in self.index:
            self._enter(name, row, record_id)

    def drop(self, record_id: str) -> None:
        old = self.rows.get(record_id)
        if old is None:
            return
        for name, entries in self.index.items():
            found = entries.get(key_of(old.get(name)))
            if found:
                found.pop(record_id, None)

    def _enter(self, name: str, row: Row, record_id: str) -> None:
        value = row.get(name)
        if value is not None:
            self.index[name].setdefault(key_of(value), {})[record_id] = None

    def having(self, name: str, value: Any) -> list[str]:
        return list(self.index[name].get(key_of(value), ()))


def key_of(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class Org:
    def __init__(self, store: Store, settings: Settings, packages: Sequence[Package] = ()) -> None:
        self.store, self.settings, self.triggers = store, settings, Triggers([PLATFORM, *packages])
        self.listeners: list[Listener] = []
        self.locks: dict[str, float] = {}
        self.last_locked: set[str] = set()
        self.writes: Counter[str] = Counter()
        """By object: moves whenever a row of it does, also when a write is taken back."""
        self._open: Transaction | None = None
        self.load()

    def load(self) -> None:
        """Memory from the store, at start and after a reset."""
        self.schema = Schema(*(package.objects for package in self.triggers.packages))
        for added in self.store.all("sim:schema"):
            self.schema.extend(added["added"])
        self.tables = {name: Table(one) for name, one in self.schema.objects.items()}
        self._numbers: dict[str, int] = dict((self.store.get("sim:numbers", "numbers") or {}).items())
        self._last_ms = int(self._numbers.get("clock", 0))
        for name, table in self.tables.items():
            self.writes[name] += 1
            known = self.schema.objects[name].fields
            for kept in self.store.all(name):
                row = {key: revive(known[key], value) if key in known else value for key, value in kept.items()}
                table.put(row["Id"], row)

    def formula(self, sobject: SObject, name: str) -> Callable[[Row], Any]:
        """What works out a formula field from a row."""
        found = self.triggers.formulas[sobject.name, name]
        return lambda row: found(self, row)

    def value(self, sobject: SObject, one: Field, row: Row) -> Any:
        """A field of a row, kept or worked out."""
        return self.triggers.formulas[sobject.name, one.name](self, row) if one.formula else row.get(one.name)

    def schema_grew(self) -> None:
        for name, sobject in self.schema.objects.items():
            if name in self.tables:
                self.tables[name].adopt(sobject)
            else:
                self.tables[name] = Table(sobject)

    @contextmanager
    def transaction(self, actor: Actor) -> Iterator[Transaction]:
        outer = self._open is None
        tx = self._open = self._open or Transaction(actor, self._tick())
        mark = len(tx.undo)
        try:
            yield tx
            if outer:
                self._commit(tx)
                self.last_locked |= tx.locked
                for follow in tx.after_commit:
                    follow()
        except BaseException:
            for take_back in reversed(tx.undo[mark:]):
                take_back()
            del tx.undo[mark:]
            raise
        finally:
            if outer:
                self._open = None

    def _tick(self) -> str:
        """The transaction's instant: later than any before it, cut to the step of the settings."""
        self._last_ms = max(int(time.time() * 1000), self._last_ms + 1)
        cut = self._last_ms - self._last_ms % max(1, self.settings.timestamp_step_ms)
        return stamp(datetime.fromtimestamp(cut / 1000, UTC))

    def today(self) -> str:
        """The day in UTC, as dates are kept."""
        return (self._open.now if self._open else now_stamp())[:10]

    def _commit(self, tx: Transaction) -> None:
        changes = self._changes(tx)
        with self.store.transaction():
            for change in changes:
                self.store.put(change.sobject.name, change.record_id, change.after)
            for listener in self.listeners:
                listener(tx, changes)
            if changes or tx.numbers:
                self.store.put("sim:numbers", "numbers", self._numbers | {"clock": self._last_ms})

    def _changes(self, tx: Transaction) -> list[Change]:
        """What is different now; a record put and taken back is no change."""
        found = []
        for (name, record_id), before in tx.touched.items():
            after = self.tables[name].rows.get(record_id)
            if after is not None and after is not before:
                found.append(Change(self.schema.objects[name], record_id, before, after))
        return found

    def open_transaction(self) -> Transaction:
        assert self._open is not None, "a write outside a transaction"
        return self._open

    def write(self, name: str, row: Row) -> None:
        """Puts a whole row; only inside a transaction."""
        tx = self.open_transaction()
        table, record_id = self.tables[name], row["Id"]
        before = table.rows.get(record_id)
        tx.touched.setdefault((name, record_id), before)

        def take_back() -> None:
            self.writes[name] += 1
            if before is None:
                table.drop(record_id)
                table.rows.pop(record_id, None)
            else:
                table.put(record_id, before)

        table.put(record_id, row)
        self.writes[name] += 1
        tx.undo.append(take_back)

    def next_number(self, name: str) -> int:
        """Never given before under this name, not even after a failed transaction in this process."""
        if self._open is not None:
            self._open.numbers.add(name)
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return self._numbers[name]

    def new_id(self, prefix: str) -> str:
        return make_id(prefix, self.next_number(prefix))

    def get(self, name: str, record_id: str) -> Row | None:
        """A row that is not deleted."""
        row = self.tables[name].rows.get(record_id)
        return None if row is None or row["IsDeleted"] else row

    def live(self, name: str) -> Iterable[Row]:
        return (row for row in self.tables[name].rows.values() if not row["IsDeleted"])
