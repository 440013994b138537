"""The analytics side of the account: tables in an SQLite in memory, rebuilt at start, moved with every commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.kit.clock import MovedClock
from sandbox.netsuite.book import Book, Change, Record
from sandbox.netsuite.render import ref_name
from sandbox.netsuite.schema import TYPES
from sandbox.netsuite.settings import Settings
from sandbox.netsuite.suiteql import dates
from sandbox.netsuite.suiteql.compiler import Compiled, Compiler
from sandbox.netsuite.suiteql.lexer import bad_sql
from sandbox.netsuite.suiteql.parser import parse
from sandbox.netsuite.suiteql.rows import Row, rows_of
from sandbox.netsuite.suiteql.tables import TABLES
from sandbox.netsuite.visibility import Visibility

MOST_ROWS = 100_000
_AFFINITY = {"int": "INTEGER", "num": "REAL", "text": "TEXT", "flag": "TEXT", "day": "TEXT", "stamp": "TEXT"}
_INDEXES = {
    "transaction": ("lastmodifieddate", "externalid", "entity"),
    "transactionline": ("transaction",),
    "nexttransactionlink": ("previousdoc", "nextdoc"),
    "timebill": ("lastmodifieddate", "externalid"),
    "customer": ("externalid",),
    "job": ("externalid", "parent"),
}

_INSERTS = {
    name: f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(table.columns))})' for name, table in TABLES.items()
}


class Mirror:
    def __init__(self, book: Book, settings: Settings, clock: MovedClock, visibility: Visibility) -> None:
        self._book, self._settings, self._clock, self._visibility = book, settings, clock, visibility
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA case_sensitive_like = ON")
        self._late: set[tuple[str, str]] = set()
        self._register()
        self._create()
        self.rebuild()
        book.listeners.append(self.apply)

    def _register(self) -> None:
        add = self._db.create_function
        add("ns_to_char", 2, _null_safe(dates.to_char), deterministic=True)
        add("ns_to_date", 2, _null_safe(dates.to_date), deterministic=True)
        add("ns_add_days", 2, _null_safe(dates.add_days), deterministic=True)
        add("ns_days_between", 2, _null_safe(_days_between), deterministic=True)
        add("ns_add_months", 2, _null_safe(dates.add_months), deterministic=True)
        add("ns_last_day", 1, _null_safe(dates.last_day), deterministic=True)
        add("ns_trunc", -1, _null_safe(dates.trunc), deterministic=True)
        add("ns_round", 2, _null_safe(lambda value, places: _to_places(value, places, ROUND_HALF_UP)))
        add("ns_cut", 2, _null_safe(lambda value, places: _to_places(value, places, ROUND_DOWN)))
        add("ns_text", 2, _null_safe(cell_text), deterministic=True)
        add("ns_number_text", 2, _null_safe(_number_text), deterministic=True)
        add("ns_display", 3, self._display)

    def _create(self) -> None:
        for table in TABLES.values():
            columns = ", ".join(
                f'"{name}" {_AFFINITY[kind]}{" PRIMARY KEY" if name == "id" and table.own_id else ""}'
                for name, kind in table.columns.items()
            )
            self._db.execute(f'CREATE TABLE "{table.name}" ({columns})')
            for name in _INDEXES.get(table.name, ()):
                self._db.execute(f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")')

    def rebuild(self) -> None:
        """Everything anew: at start, after a reset, after a change of the session's time zone."""
        self._db.execute("BEGIN")
        for table in TABLES:
            self._db.execute(f'DELETE FROM "{table}"')
        for kind in TYPES:
            for record in self._book.all(kind):
                self._insert(kind, record)
        self._db.execute("COMMIT")

    def apply(self, changes: list[Change]) -> None:
        self._db.execute("BEGIN")
        for kind, record_id, record, _ in changes:
            self._remove(kind, record_id)
            if record is not None:
                if self._visibility.hidden(kind, record_id):
                    self._late.add((kind, record_id))
                else:
                    self._insert(kind, record)
        self._db.execute("COMMIT")

    def _remove(self, kind: str, record_id: str) -> None:
        if TYPES[kind].ids == "transaction":
            self._db.execute('DELETE FROM "transaction" WHERE id = ?', (record_id,))
            self._db.execute('DELETE FROM transactionline WHERE "transaction" = ?', (record_id,))
            self._db.execute("DELETE FROM nexttransactionlink WHERE nextdoc = ?", (record_id,))
        else:
            name = "item" if kind.endswith(("SaleItem", "ResaleItem")) else kind.lower()
            self._db.execute(f'DELETE FROM "{name}" WHERE id = ?', (record_id,))

    def _insert(self, kind: str, record: Record) -> None:
        zone = dates.zone_of(self._settings.suiteql_time_zone)
        for name, row in rows_of(kind, record):
            self._insert_row(name, row, zone)

    def _insert_row(self, name: str, row: Row, zone: tzinfo) -> None:
        kinds = TABLES[name].columns
        cells = [_kept(row.get(column), kind, zone) for column, kind in kinds.items()]
        self._db.execute(_INSERTS[name], cells)

    def _display(self, table: str, column: str, value: Any) -> str | None:
        """BUILTIN.DF: the name behind an id or a code; the value itself where there is none."""
        shows = TABLES[table].shows.get(column)
        if value is None or shows is None:
            return None if value is None else str(value)
        if not isinstance(shows, tuple):
            return shows.get(str(value), str(value))
        holder = next((kind for kind in shows if self._book.get(kind, str(value))), None)
        return ref_name(self._book, holder, str(value)) if holder else str(value)

    def run(self, sql: str, params: Sequence[Any], limit: int, offset: int) -> tuple[list[dict[str, str]], int]:
        """(one page, rows in all, at most 100,000). Raises NetSuiteError 400."""
        self._show_due()
        try:
            query, wanted = parse(sql)
        except RecursionError as exc:
            raise bad_sql("Invalid or unsupported search: the query is nested too deeply.") from exc
        if wanted != len(params) or any(isinstance(value, (dict, list)) for value in params):
            raise bad_sql(f"Search error occurred: {wanted} plain parameters are expected, {len(params)} given.")
        now = dates.kept_now(self._clock.now(), dates.zone_of(self._settings.suiteql_time_zone))
        compiler = Compiler(params, now, self._settings.suiteql_iso_dates)
        compiled = compiler.select(query)
        try:
            total = self._db.execute(f"SELECT COUNT(*) FROM ({compiled.sql})", compiler.binds).fetchone()[0]
            page = f"SELECT * FROM ({compiled.sql}) LIMIT {limit} OFFSET {offset}"
            rows = self._db.execute(page, compiler.binds).fetchall()
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as exc:
            raise bad_sql(f"Search error occurred: Invalid or unsupported search ({exc}).") from exc
        total = min(total, MOST_ROWS)
        return [_item(compiled, row) for row in rows[: max(0, total - offset)]], total

    def _show_due(self) -> None:
        """Puts in what was committed and hidden, once its time has come; and the deletions of others."""
        for kind, record_id in [key for key in self._late if not self._visibility.hidden(*key)]:
            self._late.discard((kind, record_id))
            record = self._book.get(kind, record_id)
            if record is not None:
                self._insert(kind, record)
        known = self._db.execute("SELECT COUNT(*) FROM deletedrecord").fetchone()[0]
        zone = dates.zone_of(self._settings.suiteql_time_zone)
        for note in self._book.deletions[known:]:
            row = {
                "recordid": note["recordId"],
                "recordtypeid": TYPES[note["recordType"]].sql_type or note["recordType"],
            }
            row |= {"name": note["name"], "type": note["recordType"], "scriptid": note["recordType"].lower()}
            self._insert_row("deletedrecord", row | {"deleteddate": note["deletedDate"]}, zone)


def _kept(value: Any, kind: str, zone: tzinfo) -> Any:
    if value is None or value == "":
        return None
    if kind not in ("day", "stamp"):
        return value
    return dates.kept_day(value) if kind == "day" else dates.kept_stamp(value, zone)


def _item(compiled: Compiled, row: Sequence[Any]) -> dict[str, str]:
    """One row as text by column; null columns are left out."""
    pairs = zip(compiled.columns, row, strict=True)
    return {name: cell_text(value, kind) for (name, kind), value in pairs if value is not None}


def cell_text(value: Any, kind: str) -> str:
    """Every value is a string; a bare date is in the account's format, a number without trailing zeros."""
    if kind in ("day", "stamp"):
        return dates.account_text(str(value))
    if isinstance(value, float):
        shown = format(Decimal(format(value, ".15g")), "f")
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    return str(value)


def _null_safe(function: Any) -> Any:
    return lambda *args: None if any(arg is None for arg in args) else function(*args)


def _days_between(later: str, earlier: str) -> float:
    gap = datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    return gap.total_seconds() / 86_400


def _to_places(value: Any, places: Any, mode: str) -> float:
    return float(Decimal(format(value, ".15g")).quantize(Decimal(1).scaleb(-int(places)), rounding=mode))


def _number_text(value: Any, model: str) -> str:
    """TO_CHAR(number, 'FM9990.00'): as many decimals as the model has."""
    places = len(model.partition(".")[2])
    return format(Decimal(format(value, ".15g")).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), "f")
