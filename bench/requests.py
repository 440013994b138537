"""Requests to each ERP and PSA, counted at its simulator: per time entry, per project, per invoice.

`python -m bench --only requests`. The connectors' own steps on ports in memory, against the simulators as programs. What
people do at their desks goes over the same API, so the count begins anew before each piece of the fabric's own work. What
a process asks once (a session, currencies) is asked with the first record of each kind ("start"); requests for tokens are
told apart. The budget beside is what connector.yaml promises.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

from bench import requests_erp, requests_psa
from bench.counted import Counted, Counter
from bench.kinds import by_kind
from bench.posting import Say
from infra.registered import registered, systems_of
from tests.conformance.promised import connector_of
from tests.conformance.vendor import Vendor
from tests.simulator import Simulator


def measure(say: Say) -> list[dict[str, Any]]:
    """A row for each system and record: {"system", "role", "record", "things", "requests_each", "budget", "met", ...}."""
    logging.disable(logging.CRITICAL)
    try:
        return [row for role in ("psa", "erp") for system in systems_of(role) for row in _of(system, role, say)]
    finally:
        logging.disable(logging.NOTSET)


def _of(system: str, role: str, say: Say) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as directory:
        program = Simulator(system, Path(directory))
        try:
            vendor, connector = Vendor(system, program.told, live=False), connector_of(system)
            vendor.as_new()
            counter = Counter(vendor, connector)
            (requests_psa if role == "psa" else requests_erp).play(connector, vendor, counter)
        finally:
            program.stop()
    rows = summed(system, role, counter.found, budgets(system))
    say(f"{system}: " + ", ".join(f"{row['requests_each']:g} a {row['record']}" for row in rows))
    return rows


def budgets(system: str) -> dict[str, float | None]:
    budget = registered()[system].budget
    return {name: getattr(budget, name) for name in type(budget).model_fields}


def summed(system: str, role: str, found: list[Counted], budget: dict[str, float | None]) -> list[dict[str, Any]]:
    """By record, in the order of the play."""
    rows = []
    for record in dict.fromkeys(each.record for each in found):
        parts = [each for each in found if each.record == record]
        things = sum(each.things for each in parts)
        calls: dict[str, int] = {}
        for each in parts:
            for kind, count in by_kind(each.calls).items():
                calls[kind] = calls.get(kind, 0) + count
        each_needs, stated = sum(calls.values()) / things, budget.get(record)
        rows.append({
            "system": system,
            "role": role,
            "record": record,
            "things": things,
            "requests": sum(calls.values()),
            "requests_each": float(f"{each_needs:.4g}"),
            "tokens": sum(each.tokens for each in parts),
            "budget": stated,
            "met": stated is None or each_needs <= stated,
            "calls": calls,
        })  # fmt: skip
    return rows
