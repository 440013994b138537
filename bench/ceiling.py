"""How much of the ERP's ceiling (slots / call time) the posting of a month's invoices reaches.

NetSuite allows `slots` calls at once and takes `call_ms` for each, so that it is the limit and not this machine. Contracts are
billed day by day, the next as soon as few enough invoices are under way, so that the posting queue never runs dry.
Counted are the two calls an invoice needs, writing and reading back, while more invoices waited than slots exist:
share = 2 x writes x call time / (slots x seconds). Looks before a second attempt, queries and log-ins do not count.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from bench.fabric import Fabric
from bench.firm import BenchFirm
from bench.posting import Say
from bench.saturated import Ceiling, Look, share
from bench.usage import Stretch, bill

SLOTS = 5
BAR = 0.8
BACKLOG = 25
"""Invoices under way when the next day is billed: enough that five slots never wait, few enough for this machine."""

LOOK_S = 0.25
LIMIT_S = 900.0
WRITE = "PUT /services/rest/record/v1/invoice/eid:"
CALLS_EACH = 2
"""What an invoice needs: it is written and read back."""


def run(
    fabric: Fabric, firm: BenchFirm, days: Sequence[date], call_ms: int, rest: Stretch, say: Say
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The share, and the usage per invoice. Work of `days` must be known and not billed."""
    control = firm.finance.control
    wanted = len(firm.deals) * len(days)
    standing = firm.invoices()
    control.post("/limits", {"concurrency": SLOTS, "call_ms": call_ms})
    control.post("/traffic/reset", {})
    before = fabric.usage()
    looks = _watch(fabric, firm, list(days), standing + wanted)
    control.post("/limits", {"concurrency": None, "call_ms": 0})
    fabric.quiet.wait("invoices to be carried back", LIMIT_S)
    spent = Stretch.between(before, fabric.usage())
    traffic = control.get("/traffic")
    found = share(looks, Ceiling(SLOTS, call_ms), CALLS_EACH)
    say(f"{wanted} invoices posted, {found['share']:.2f} of NetSuite's ceiling")
    told = {"invoices": wanted, "slots": SLOTS, "call_ms": call_ms, **found, "bar": BAR, "met": found["share"] >= BAR}
    told |= {"most_in_flight": traffic["most_in_flight"], "throttled": traffic["throttled"]}
    return told | {"calls": _by_kind(traffic["calls"])}, bill(spent.less(rest), wanted)


def _watch(fabric: Fabric, firm: BenchFirm, days: list[date], until: int) -> list[Look]:
    drafted, contracts, standing = fabric.invoices(), len(firm.deals), firm.invoices()
    runs, looks, began = 0, [], time.monotonic()
    while firm.invoices() < until or fabric.waiting_to_post():
        under_way = standing + runs * contracts - firm.invoices()
        if runs < len(days) and under_way < BACKLOG and fabric.invoices() >= drafted + runs * contracts:
            fabric.bill(f"ceiling{runs}", days[runs])
            runs += 1
        traffic = firm.finance.control.get("/traffic")
        writes = sum(count for call, count in traffic["calls"].items() if call.startswith(WRITE))
        looks.append(Look(time.monotonic(), CALLS_EACH * writes, fabric.waiting_to_post(), traffic["in_flight"]))
        if looks[-1].at - began > LIMIT_S:
            raise TimeoutError(f"{until} invoices in NetSuite: not within {LIMIT_S:.0f} s")
        time.sleep(LOOK_S)
    return looks


def _by_kind(calls: dict[str, int]) -> dict[str, int]:
    """Calls by method and resource, ids left out."""
    found: dict[str, int] = {}
    for call, count in calls.items():
        kind = call.partition("/eid:")[0]
        found[kind] = found.get(kind, 0) + count
    return found
