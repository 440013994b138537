"""A customer with two contracts that are invoiced together, on tests/stories.py: "North" is contract-1, "South" contract-2."""

from __future__ import annotations

from datetime import date
from typing import Any

from events.contract_signed.v1 import SignedLine
from events.envelope import AnyEnvelope
from events.terms import PurchaseOrderTerms, Terms
from events.values import Ref
from functions.processes.opportunity_to_project import activate_project, open_project, record_reference
from shared.domain.identity import derived_id
from tests.stories import Fabric, a_card, a_contract, an_entry, usd

NORTH, SOUTH = "contract-1", "contract-2"
WORKSPACES = {
    NORTH: Ref(system="kantata", kind="workspace", id="77"),
    SOUTH: Ref(system="kantata", kind="workspace", id="78"),
}
LINES = {NORTH: "l-north", SOUTH: "l-south"}


def signed(contract_id: str, terms: Terms | None = None, sequence: int = 1, **changes: Any) -> AnyEnvelope:
    """Time and materials, invoiced by customer; South is signed a month after North."""
    line = SignedLine(
        line_id=LINES[contract_id],
        kind="time_and_materials",
        description=f"Work of {contract_id}",
        value=usd("50000"),
        terms=terms,
    )
    values: dict[str, Any] = {
        "grouping": "customer",
        "lines": (line,),
        "reference": f"C-{contract_id}",
        "project_name": contract_id,
        "signed_on": date(2026, 2, 1) if contract_id == NORTH else date(2026, 3, 1),
    }
    return a_contract(sequence, contract_id, **(values | changes))


def both(
    north: Terms | None = None, south: Terms | None = None, fabric: Fabric | None = None, **changes: Any
) -> Fabric:
    """Signed, active, priced. changes: of both contracts."""
    fabric = fabric or Fabric()
    for contract_id, terms in ((NORTH, north), (SOUTH, south)):
        fabric.sign(signed(contract_id, terms, **changes))
        set_up(fabric, contract_id)
    fabric.price(a_card(project_refs=tuple(WORKSPACES.values())))
    return fabric


def set_up(fabric: Fabric, contract_id: str) -> None:
    names = {
        "project_id": derived_id("project", contract_id),
        "contract_id": contract_id,
        "correlation_id": contract_id,
    }
    ports = fabric.ports
    open_project.handler.step(open_project.OpenProject(**names), ports)
    record = record_reference.RecordReference(**names, ref=WORKSPACES[contract_id], of="project", announce=True)
    record_reference.handler.step(record, ports)
    activate_project.handler.step(activate_project.ActivateProject(**names), ports)


def hours(contract_id: str, entry: str, sequence: int = 1, **changes: Any) -> AnyEnvelope:
    """One hour at 150.00, unless told otherwise."""
    return an_entry(entry, sequence, **({"project_ref": WORKSPACES[contract_id]} | changes))


def order(number: str = "PO-7", limit: str | None = None) -> tuple[PurchaseOrderTerms, ...]:
    return (PurchaseOrderTerms(number=number, limit=usd(limit) if limit else None),)
