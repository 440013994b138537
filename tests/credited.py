"""A posted invoice to be credited, and what the fabric then says of it."""

from __future__ import annotations

from typing import Any

from shared.domain.invoice import Invoice
from shared.usecases.conservation import ConservationRow, broken_seals, conservation
from tests.stories import Fabric, a_contract, an_entry, time_and_materials


def billed() -> tuple[Fabric, Invoice]:
    """Two entries at 150.00 an hour: 150.00 and 300.00, posted."""
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    fabric.approve(an_entry("t-1"), an_entry("t-2", minutes=120))
    [invoice] = fabric.bill()
    return fabric, invoice


def the_row(fabric: Fabric) -> ConservationRow:
    ports = fabric.ports
    [row] = conservation(ports.wip.sources.values(), ports.wip.items.values(), ports.invoices.rows.values())
    assert row.holds
    assert broken_seals(ports.wip.items.values(), ports.invoices.rows.values()) == ()
    return row


def amounts(row: ConservationRow) -> tuple[str, ...]:
    names = ("approved", "open", "claimed", "invoiced", "credited", "written_off")
    return tuple(f"{getattr(row, name):.2f}" for name in names)


def told(fabric: Fabric, kind: str) -> list[Any]:
    return [event.data for event in fabric.ports.outbox.of_type(kind)]
