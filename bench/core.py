"""The billing core alone: time entries valued, grouped, priced and totalled by the real use-cases, in one process.

Beside it the same sums by DuckDB, the entries already in its tables: what a database does that only adds up, without a
line, a rate's name or a tax decision. `python -m bench --only core`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from decimal import Decimal
from typing import Any

from bench.core_database import in_database
from bench.core_firm import LAST, a_card, a_contract, a_customer, a_project, entries_of, the_policies, valued
from bench.took import Sums, timed
from shared.domain.invoice import Invoice, InvoiceStatus
from shared.usecases.group_wip import group_wip
from shared.usecases.price_invoice import price_invoice

ENTRIES, CONTRACTS, FEW = 1_000_000, 2_000, 10_000
BAR_S, BAR_MB, BAR_GROWTH = 60, 1024, 1.2


def bill(contracts: int, each: int) -> Sums:
    """Contract by contract, as billing runs go: what is billed is let go before the next."""
    policies, customer, net, tax = the_policies(), a_customer(), Decimal(0), Decimal(0)
    for number in range(contracts):
        contract, project, card = a_contract(number), a_project(number), a_card(number)
        items = [valued(entry, contract, project, card) for entry in entries_of(number, each)]
        ((group, due),) = group_wip(items, contract, [project], through=LAST).groups.items()
        draft = Invoice(f"inv-{number}", group, LAST, 1, InvoiceStatus.SEALED, item_count=len(due))
        priced, _ = price_invoice(draft, due, contract=contract, customer=customer, policies=policies, issued_on=LAST)
        if priced.totals is None:
            raise ValueError(f"invoice {number} has no totals")
        net, tax = net + priced.totals.net.amount, tax + priced.totals.tax.amount
    return Sums(contracts, net, tax)


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
        took, sums = timed(lambda: bill(contracts, each), 5 if kind == "few" else 1)
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


if __name__ == "__main__":
    print(json.dumps(_alone(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
