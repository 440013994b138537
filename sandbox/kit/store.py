"""Durable state of one simulator: JSON records in SQLite, one file per simulator.

A simulator that is killed and started again on the same state directory has lost nothing it answered.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

Record = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, id));
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot store {value!r}")


class Store:
    """Records by (kind, id); bodies are JSON objects, amounts in them strings or integers of minor units."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside commit together or not at all; may be nested."""
        with self._lock:
            outer = self._depth == 0
            if outer:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outer:
                    self._db.execute("ROLLBACK")
                raise
            else:
                if outer:
                    self._db.execute("COMMIT")
            finally:
                self._depth -= 1

    def put(self, kind: str, record_id: str, body: Record) -> None:
        with self.transaction():
            self._db.execute(
                "INSERT INTO record (kind, id, body) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, record_id, json.dumps(body, default=_plain)),
            )

    def get(self, kind: str, record_id: str) -> Record | None:
        with self._lock:
            row = self._db.execute("SELECT body FROM record WHERE kind = ? AND id = ?", (kind, record_id)).fetchone()
        return json.loads(row[0]) if row else None

    def delete(self, kind: str, record_id: str) -> bool:
        with self.transaction():
            return self._db.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind, record_id)).rowcount > 0

    def all(self, kind: str) -> list[Record]:
        """Every record of a kind, in order of first insertion."""
        with self._lock:
            rows = self._db.execute("SELECT body FROM record WHERE kind = ? ORDER BY seq", (kind,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def kinds(self) -> dict[str, int]:
        with self._lock:
            return dict(self._db.execute("SELECT kind, COUNT(*) FROM record GROUP BY kind").fetchall())

    def next_number(self, name: str, start: int = 1) -> int:
        """A number never given before under this name."""
        with self.transaction():
            row = self._db.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()
            value = row[0] + 1 if row else start
            self._db.execute("INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)", (name, value))
        return int(value)

    def clear(self) -> None:
        with self.transaction():
            self._db.execute("DELETE FROM record")
            self._db.execute("DELETE FROM counter")
