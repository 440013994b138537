"""The billing core alone: time entries valued, grouped, priced and totalled by the real use-cases, in one process.

Beside it the same sums by DuckDB, the entries already in its tables: what a database does that only adds up, without a
line, a rate's name or a tax decision. `python -m bench --only core`.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.identity import ExternalRef
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.domain.money import Money
from shared.domain.parties import Address, Customer, LegalEntity
from shared.domain.policies import Policies, TaxRule
from shared.domain.project import Project, ProjectStatus
from shared.domain.rate_card import Rate, RateCard
from shared.domain.tax import TaxCategory
from shared.usecases.group_wip import group_wip
from shared.usecases.price_invoice import price_invoice
from shared.usecases.value_time import value_time

ENTRIES, CONTRACTS, FEW = 1_000_000, 2_000, 10_000
BAR_S, BAR_MB, BAR_GROWTH = 60, 1024, 1.2
FIRST, LAST, SIGNED = date(2026, 10, 1), date(2026, 10, 31), date(2026, 9, 1)
APPROVED_AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
ROLES = ("Senior", "Consultant", "Analyst", None)
PEOPLE = 40
VAT = Decimal(19)


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    person: int
    role: str | None
    worked_on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Over all invoices; two ways of reckoning them must agree to the cent."""

    invoices: int
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True, order=True)
class Took:
    """On the clock, and of the processor: what neighbours on the machine take is only in the first."""

    cpu_seconds: float
    seconds: float


def entries_of(contract: int, each: int) -> Iterator[Entry]:
    """Drawn by whole numbers: the same entries in every run and in the database."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for n in range(each):
        drawn = (contract * 7919 + n * 104_729) % 1_000_003
        yield Entry(contract * each + n, drawn % PEOPLE, ROLES[drawn % 4], days[drawn % 31], 1 + drawn % 600)


def rates_of(contract: int) -> tuple[Rate, ...]:
    """A role each, the card's default, and one person who costs otherwise; two of them changed in mid-month."""
    change, cents = date(2026, 10, 16), 10_000 + contract % 997
    ends: tuple[date | None, ...] = (None, change)
    told = [
        ("Senior", None, 5000),
        ("Consultant", None, 3001),
        ("Analyst", None, 1999),
        (None, None, 1250),
        (None, "u-7", 7777),
    ]
    return tuple(
        Rate(
            f"r{n}-{later}",
            _eur(cents + more + 250 * later),
            change if later else SIGNED,
            ends[not later],
            role,
            person,
        )
        for n, (role, person, more) in enumerate(told)
        for later in (False, True)
    )


def bill(contracts: int, each: int) -> Sums:
    """Contract by contract, as billing runs go: what is billed is let go before the next."""
    policies, customer, net, tax = _policies(), _customer(), Decimal(0), Decimal(0)
    for number in range(contracts):
        contract, project = _contract(number), _project(number)
        card = RateCard(
            f"card-{number}", ExternalRef("kantata", "rate_card", str(number)), "Card", "EUR", "1", rates_of(number)
        )
        items = [_value(entry, contract, project, card) for entry in entries_of(number, each)]
        ((group, due),) = group_wip(items, contract, [project], through=LAST).groups.items()
        draft = Invoice(f"inv-{number}", group, LAST, 1, InvoiceStatus.SEALED, item_count=len(due))
        priced, _ = price_invoice(draft, due, contract=contract, customer=customer, policies=policies, issued_on=LAST)
        if priced.totals is None:
            raise ValueError(f"invoice {number} has no totals")
        net, tax = net + priced.totals.net.amount, tax + priced.totals.tax.amount
    return Sums(contracts, net, tax)


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
        took, found = _timed(lambda: _of_cents(*db.execute(_QUERY).fetchone()), 1)
        return found, took


def measure(entries: int = ENTRIES, contracts: int = CONTRACTS, few: int = FEW) -> dict[str, Any]:
    """Each size in a process of its own, so that its peak is its own. Raises CalledProcessError if one fails."""
    each = entries // contracts
    small, large = _apart("few", max(1, few // each), each), _apart("all", contracts, each)
    beside = _apart("database", contracts, each)
    if large["sums"] != beside["sums"]:
        raise ValueError(f"ours {large['sums']}, the database's {beside['sums']}")
    growth = large["us_per_entry"] / small["us_per_entry"]
    return {
        "entries": contracts * each,
        "contracts": contracts,
        "seconds": large["seconds"],
        "cpu_seconds": large["cpu_seconds"],
        "peak_mb": large["peak_mb"],
        "us_per_entry": large["us_per_entry"],
        "us_per_entry_of_few": small["us_per_entry"],
        "few": small["entries"],
        "growth": round(growth, 2),
        "database_cpu_seconds": beside["cpu_seconds"],
        "times_the_database": round(large["cpu_seconds"] / beside["cpu_seconds"], 1),
        "sums": large["sums"],
        "bar_s": BAR_S,
        "bar_mb": BAR_MB,
        "bar_growth": BAR_GROWTH,
    }


def _apart(kind: str, contracts: int, each: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.core", kind, str(contracts), str(each)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _alone(kind: str, contracts: int, each: int) -> dict[str, Any]:
    """What one process measures. Few entries are billed several times and the best time counts: a pause is not theirs."""
    if kind == "database":
        sums, took = in_database(contracts, each)
    else:
        took, sums = _timed(lambda: bill(contracts, each), 5 if kind == "few" else 1)
    return {
        "entries": contracts * each,
        "seconds": round(took.seconds, 3),
        "cpu_seconds": round(took.cpu_seconds, 3),
        "us_per_entry": round(took.cpu_seconds / (contracts * each) * 1e6, 2),
        "peak_mb": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2), 1
        ),
        "sums": {"invoices": sums.invoices, "net": f"{sums.net:.2f}", "tax": f"{sums.tax:.2f}"},
    }


def _timed(work: Callable[[], Sums], rounds: int) -> tuple[Took, Sums]:
    """The best of so many rounds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        began, began_cpu = time.perf_counter(), time.process_time()
        found = work()
        times.append(Took(time.process_time() - began_cpu, time.perf_counter() - began))
    return min(times), found


def _value(entry: Entry, contract: Contract, project: Project, card: RateCard) -> Any:
    return value_time(
        contract=contract,
        project=project,
        card=card,
        entry_id=f"entry-{entry.number}",
        entry_ref=ExternalRef("kantata", "time_entry", str(entry.number)),
        sequence=1,
        person=f"Person {entry.person}",
        person_id=f"u-{entry.person}",
        role=entry.role,
        task="Delivery",
        worked_on=entry.worked_on,
        minutes=entry.minutes,
        approved_at=APPROVED_AT,
        approver="Lead",
    )


def _contract(number: int) -> Contract:
    return Contract(
        contract_id=f"con-{number}",
        ref=ExternalRef("salesforce", "opportunity", str(number)),
        opportunity_id=f"opp-{number}",
        reference=f"C-{number}",
        legal_entity_id="DE01",
        customer_id="cus-1",
        project_name=f"Project {number}",
        currency="EUR",
        purchase_order=None,
        payment_terms_days=30,
        billing_schedule="monthly",
        signed_on=SIGNED,
        starts_on=SIGNED,
        ends_on=None,
        lines=(ContractLine("l-1", LineKind.TIME_AND_MATERIALS, "Consulting", _eur(100_000_00)),),
    )


def _project(number: int) -> Project:
    return Project(f"prj-{number}", f"con-{number}", "DE01", "cus-1", f"Project {number}", ProjectStatus.ACTIVE)


def _customer() -> Customer:
    address = Address("Kaistrasse 1", "Hamburg", "20457", "", "DE")
    return Customer("cus-1", ExternalRef("salesforce", "account", "1"), "Reederei Nord", address, "DE123456788", "EUR")


def _policies() -> Policies:
    entity = LegalEntity("DE01", "Billweave GmbH", "DE", "EUR", "Europe/Berlin", "DE999999999")
    rule = TaxRule("de-domestic", "DE", "domestic", TaxCategory.STANDARD, VAT, date(2007, 1, 1))
    return Policies(
        version="bench",
        identity_scope="group",
        legal_entities=(entity,),
        tax_rules=(rule,),
        approval_over={},
        exceptions=(),
    )


def _eur(cents: int) -> Money:
    return Money(Decimal(cents).scaleb(-2), "EUR")


def _of_cents(invoices: int, net: int, tax: int) -> Sums:
    return Sums(invoices, Decimal(net).scaleb(-2), Decimal(tax).scaleb(-2))


def _load(db: Any, contracts: int, each: int) -> None:
    """By CSV: the fastest way in that needs no further package."""
    import csv
    import tempfile
    from pathlib import Path

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


if __name__ == "__main__":
    print(json.dumps(_alone(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
