"""Share of its own ceiling that every ERP's posting reaches: `python -m bench --only ceilings`.

The deployed posting lane of one ERP after the other, its queue full of invoices of many lines. The simulator enforces the
vendor's own limits and takes so long for each request that the account is the limit and not this machine: `slot_ms` for
all those of one invoice. Polls stand still meanwhile: the sandbox's come every few seconds. The ceiling is what the account allows: slots / call time, or requests in a window where the vendor counts them, whichever is
lower; an invoice needs as many requests as connector.yaml states. Refused, repeated and other requests count for nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.invoices import Invoices
from bench.kinds import by_kind
from bench.lane import Lane
from bench.posting import Say
from bench.saturated import Ceiling, Look, share
from infra.deployment import load
from infra.registered import registered, systems_of
from sandbox.estate import estate
from sandbox.firm.desks import erp_desk

BAR = 0.85
LOOK_S, LIMIT_S = 0.25, 900.0
WARM = 12
"""Invoices before the measurement: what a process asks once is asked."""

CONCURRENT_CALLS = 64
"""Functions at once in the embedded AWS; an account has 1,000."""


@dataclass(frozen=True)
class Limits:
    """Of one vendor. stands_by: part of the request after which an invoice stands. stated: in words. per_s: requests in a
    second, where the vendor counts them. slots_refuse: more calls at once than slots are refused, else they wait.
    """

    stands_by: str
    stated: str
    per_s: float | None = None
    slots_refuse: bool = True


LIMITS: Mapping[str, Limits] = {
    "netsuite": Limits("/record/v1/invoice/eid:", "5 calls at once (Standard); more are refused with 429"),
    "business_central": Limits(
        "/Microsoft.NAV.post",
        "5 requests in process, more wait; 6,000 requests in 5 minutes, more are refused with 429 (the lower limit where a "
        "call takes less than 250 ms)",
        per_s=6000 / 300,
        slots_refuse=False,
    ),
    "sap_s4hana": Limits(
        "/SAP__self.CreateFromSDDocument",
        "no numbers are published; here more calls at once than our 4 slots are refused",
    ),
}
"""As the vendors' documentation has them: docs/connectors/<system>.md."""


def measure(systems: Sequence[str], invoices: int, slot_ms: int, state_dir: Path, say: Say) -> list[dict[str, Any]]:
    """A row for each ERP, or those asked for. Each has a state directory of its own: its stacks stay synthesized there."""
    return [_measured(system, invoices, slot_ms, state_dir / system, say) for system in systems or systems_of("erp")]


def _measured(system: str, invoices: int, slot_ms: int, state_dir: Path, say: Say) -> dict[str, Any]:
    roles = {**estate.Plan().systems, "erp": system}
    settings = {"LAMBDA_ACCOUNT_CONCURRENCY": str(CONCURRENT_CALLS)}
    plan = estate.Plan(state_dir.resolve(), fresh=True, fast=True, roles=roles, settings=settings)
    load_at_start = round(os.getloadavg()[0], 1)
    try:
        with estate.raised(plan, lambda _: None) as up:
            say(f"{system}: an estate stands")
            _stop_polls(up)
            found = _at_ceiling(up, system, invoices, slot_ms)
    finally:
        estate.down(state_dir.resolve())
    say(f"{system}: {invoices} invoices, {found['share']:.3f} of the ceiling")
    return {**found, "load_at_start": load_at_start}


def _at_ceiling(up: estate.Estate, system: str, invoices: int, slot_ms: int) -> dict[str, Any]:
    desk, posting = erp_desk(system, up.systems[system]), Lane(up, system, "posting")
    work = Invoices(up)
    _set_up(work, Lane(up, system, "reference"))
    posting.send(work.more(WARM))
    posting.wait()
    standing = desk.invoice_count()
    limits, needs = LIMITS[system], needed(system)
    ceiling = Ceiling(int(load("sandbox").connectors[system]["slots"]), slot_ms // needs, limits.per_s)
    enforced = {"concurrency": ceiling.slots} if limits.slots_refuse else {}
    orders = work.more(invoices)
    desk.control.post("/limits", {**enforced, "call_ms": ceiling.call_ms})
    desk.control.post("/traffic/reset", {})
    posting.send(orders)
    looks = _watch(desk, posting, limits.stands_by, needs)
    traffic = desk.control.get("/traffic")
    desk.control.post("/limits", {"concurrency": None, "call_ms": 0})
    posting.wait()
    stood = desk.invoice_count() - standing
    found = share(looks, ceiling, needs)
    return {
        "system": system,
        "limits": limits.stated,
        "slots": ceiling.slots,
        "call_ms": ceiling.call_ms,
        "calls_per_s_allowed": round(ceiling.calls_per_s, 2),
        "requests_an_invoice": needs,
        "invoices": stood,
        **found,
        "bar": BAR,
        "met": found["share"] >= BAR and stood == invoices,
        "most_in_flight": traffic["most_in_flight"],
        "throttled": traffic["throttled"],
        "calls": by_kind(traffic["calls"]),
    }


def needed(system: str) -> int:
    """Requests for one invoice, as connector.yaml states them. Raises ValueError for a system that posts none."""
    stated = registered()[system].budget.invoice
    if stated is None:
        raise ValueError(f"{system} states no budget for an invoice")
    return int(stated)


def _stop_polls(up: estate.Estate) -> None:
    up.client("lambda").put_function_concurrency(FunctionName=up.resources["pacer"], ReservedConcurrentExecutions=0)


def _set_up(work: Invoices, reference: Lane) -> None:
    for commands in (work.customers(), work.projects()):
        reference.send(commands)
        reference.wait()


def _watch(desk: Any, posting: Lane, stands_by: str, needs: int) -> list[Look]:
    looks: list[Look] = []
    began = time.monotonic()
    while not looks or posting.waiting():
        traffic = desk.control.get("/traffic")
        stood = sum(count for call, count in traffic["calls"].items() if _stands(call, stands_by))
        looks.append(Look(time.monotonic(), needs * stood, posting.waiting(), traffic["in_flight"]))
        if looks[-1].at - began > LIMIT_S:
            raise TimeoutError(f"invoices to be posted: not within {LIMIT_S:.0f} s")
        time.sleep(LOOK_S)
    return looks


def _stands(call: str, stands_by: str) -> bool:
    return not call.startswith("GET ") and stands_by in call
