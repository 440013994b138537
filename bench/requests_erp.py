"""What an ERP is asked for a firm's projects and invoices: customers and projects set up, each invoiced, some credited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conformance.roles import ErpWorld

if TYPE_CHECKING:
    from bench.counted import Counter
    from tests.conformance.promised import Connector
    from tests.conformance.vendor import Vendor

PROJECTS, CREDITED = 30, 10
LINES = 20


def play(connector: Connector, vendor: Vendor, counter: Counter) -> None:
    world = ErpWorld(connector, vendor)
    with counter.of("start", 1):
        for record in world.records:
            world.done(record, 0, **_texts(record))
    for record in world.records:
        count = CREDITED if record == "credit_memo" else PROJECTS
        with counter.of(record, count):
            for number in range(1, count + 1):
                world.done(record, number, **_texts(record))


def _texts(record: str) -> dict[str, Any]:
    """An invoice has a line for each."""
    return {"texts": tuple(f"Consulting, part {line + 1}" for line in range(LINES))} if record == "invoice" else {}
