"""Approved entry to invoice in the ERP, and a burst of entries to WIP."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from bench.fabric import Fabric
from bench.firm import FIRST, BenchFirm
from bench.quantiles import quantile
from bench.usage import Stretch, bill
from cli.settle import wait_until
from sandbox.firm.desks import ErpInvoice
from sandbox.firm.shape import Deal

BAR_P50_S, BAR_P99_S = 10.0, 60.0
LOOK_S = 0.1
LIMIT_S = 120.0
GROUP = 3
Say = Callable[[str], None]


def approved_to_invoice(fabric: Fabric, firm: BenchFirm, groups: int, say: Say) -> dict[str, Any]:
    """Groups of three contracts, an entry each, one group after the other; a billing run as soon as all three are known.

    From the instant of the approval in Kantata's records to the invoice of that contract being seen in NetSuite's. NetSuite
    keeps whole seconds, so the end is when the bench saw it, looking ten times a second: the figures err upwards.
    """
    samples: list[float] = []
    to_known: list[float] = []
    for number in range(groups):
        deals = [firm.deals[(number * GROUP + n) % len(firm.deals)] for n in range(GROUP)]
        known_s, seconds = _one_group(fabric, firm, deals, number)
        samples += seconds
        to_known.append(known_s)
        fabric.quiet.wait("the group's invoices to be carried back", LIMIT_S, quiet_s=0.5)
    say(f"{len(samples)} entries to their invoices: p50 {quantile(samples, 0.5):.1f} s")
    p50, p99 = quantile(samples, 0.5), quantile(samples, 0.99)
    return {
        "samples": len(samples),
        "p50_s": round(p50, 2),
        "p90_s": round(quantile(samples, 0.9), 2),
        "p99_s": round(p99, 2),
        "of_it_until_known_p50_s": round(quantile(to_known, 0.5), 2),
        "bar": {"p50_s": BAR_P50_S, "p99_s": BAR_P99_S},
        "met": p50 < BAR_P50_S and p99 < BAR_P99_S,
    }


def _one_group(fabric: Fabric, firm: BenchFirm, deals: list[Deal], number: int) -> tuple[float, list[float]]:
    """Seconds until the fabric knew them all, and per entry until its invoice stood."""
    known, standing = fabric.known(), _invoices(firm)
    sheets = firm.submit(firm.enter(deals, [FIRST], 1))
    firm.delivery.approve_time(sheets)
    approved = firm.approved_at(sheets)
    _look("the entries to be known", lambda: fabric.known() >= known + len(deals))
    known_at = datetime.now(UTC)
    fabric.bill(f"group{number}", entities=sorted({deal.office for deal in deals}))
    seen: dict[str, datetime] = {}

    def all_there() -> bool:
        if firm.invoices() > len(standing) + len(seen):
            projects = _projects(firm)
            for key, invoice in _invoices(firm).items():
                if key not in standing:
                    seen.setdefault(projects[invoice.project_id], datetime.now(UTC))
        return len(seen) >= len(deals)

    _look("the entries' invoices", all_there)
    seconds = [(seen[name] - approved[name]).total_seconds() for name in approved]
    return (known_at - min(approved.values())).total_seconds(), seconds


def _invoices(firm: BenchFirm) -> dict[str, ErpInvoice]:
    return {each.invoice_id: each for each in firm.finance.invoices()}


def _projects(firm: BenchFirm) -> dict[str, str]:
    return {each.project_id: each.names[0] for each in firm.finance.projects()}


def _look(what: str, holds: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > LIMIT_S:
            raise TimeoutError(f"{what}: not within {LIMIT_S:.0f} s")
        time.sleep(LOOK_S)


def burst(
    fabric: Fabric, firm: BenchFirm, days: list[date], each: int, rest: Stretch, say: Say
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`each` entries per contract and day, all approved at once. Its pace, and its usage per entry."""
    known = fabric.known()
    entries = firm.enter(firm.deals, days, each)
    sheets = firm.submit(entries)
    fabric.quiet.wait("nothing else to be at work", LIMIT_S)
    before, began = fabric.usage(), time.monotonic()
    firm.delivery.approve_time(sheets)
    approving_s = time.monotonic() - began
    wait_until(f"{len(entries)} entries to be valued", lambda: fabric.known() >= known + len(entries), 900)
    took_s = time.monotonic() - began
    fabric.quiet.wait("what follows from them", LIMIT_S)
    spent = Stretch.between(before, fabric.usage())
    say(f"{len(entries)} entries valued in {took_s:.1f} s")
    pace = {
        "entries": len(entries),
        "approving_s": round(approving_s, 2),
        "seconds": round(took_s, 1),
        "entries_per_s": round(len(entries) / took_s, 1),
    }
    return pace, bill(spent.less(rest), len(entries))
