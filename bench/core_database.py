"""The same sums by DuckDB, the entries already in its tables: what a database does that only adds up."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.core_firm import entries_of, rates_of
from bench.took import Sums, Took, timed

_QUERY = """
WITH fitting AS (
    SELECT e.rowid AS entry, e.contract, e.minutes, r.price,
           row_number() OVER (PARTITION BY e.rowid ORDER BY (r.person IS NOT NULL) DESC, (r.role IS NOT NULL) DESC) AS place
    FROM entry e JOIN rate r
      ON r.contract = e.contract AND e.worked_on >= r.starts AND e.worked_on < r.ends
     AND (r.person IS NULL OR r.person = e.person) AND (r.role IS NULL OR r.role = e.role)
), line AS (
    SELECT contract, CAST((CAST(price * 100 AS BIGINT) * minutes * 2 + 60) // 120 AS HUGEINT) AS cents
    FROM fitting WHERE place = 1
), invoice AS (SELECT contract, SUM(cents) AS net FROM line GROUP BY contract)
SELECT COUNT(*), SUM(net), SUM((net * 19 * 2 + 100) // 200) FROM invoice
"""
"""Whole cents: half away from zero is (2 x + n) // 2n for what is not negative."""


def in_database(contracts: int, each: int) -> tuple[Sums, Took]:
    """(the sums, the time of the query alone). It reckons in whole cents, half away from zero."""
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        db.execute("CREATE TABLE entry (contract INT, person VARCHAR, role VARCHAR, worked_on DATE, minutes INT)")
        db.execute(
            "CREATE TABLE rate (contract INT, person VARCHAR, role VARCHAR, price DECIMAL(9,2), starts DATE, ends DATE)"
        )
        _load(db, contracts, each)
        took, found = timed(lambda: _of_cents(*db.execute(_QUERY).fetchone()), 1)
        return found, took


def _of_cents(invoices: int, net: int, tax: int) -> Sums:
    return Sums(invoices, Decimal(net).scaleb(-2), Decimal(tax).scaleb(-2))


def _load(db: Any, contracts: int, each: int) -> None:
    """By CSV: the fastest way in that needs no further package."""
    with tempfile.TemporaryDirectory() as place:
        for name, rows in (("entry", _entry_rows(contracts, each)), ("rate", _rate_rows(contracts))):
            path = Path(place) / f"{name}.csv"
            with path.open("w", newline="") as out:
                csv.writer(out).writerows(rows)
            db.execute(f"COPY {name} FROM '{path}' (FORMAT csv, HEADER false, NULLSTR '')")


def _entry_rows(contracts: int, each: int) -> Iterator[tuple[Any, ...]]:
    for contract in range(contracts):
        for entry in entries_of(contract, each):
            yield contract, f"u-{entry.person}", entry.role or "", entry.worked_on, entry.minutes


def _rate_rows(contracts: int) -> Iterator[tuple[Any, ...]]:
    for contract in range(contracts):
        for rate in rates_of(contract):
            ends = rate.valid_to or date(9999, 1, 1)
            yield contract, rate.person or "", rate.role or "", rate.rate_per_hour.amount, rate.valid_from, ends
