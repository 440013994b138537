"""The customer as a client (workspace group) in Kantata: found by our reference, else by its exact name, else made.

Kantata has each client's name once. A second customer of one name gets its CRM id behind the name.
"""

from __future__ import annotations

from events.values import Party
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.references import CLIENT, find_subject, put_reference
from functions.connectors.kantata.settings import SERVICE
from shared.faults import BusinessException, Duplicate, Transient

LANE = "reference"


def ensure_client(customer: Party, ports: KantataPorts) -> str:
    """Its id there. May be repeated: a client made whose reference was not written yet is found by name."""
    known = find_subject(ports.kantata, CLIENT, customer.customer_id, lane=LANE)
    if known is not None:
        return known
    client_id = _by_name(customer, ports)
    put_reference(ports.kantata, CLIENT, client_id, customer.customer_id, lane=LANE)
    return client_id


def _by_name(customer: Party, ports: KantataPorts) -> str:
    """A client of that name which carries no reference of ours is the customer's; people may have made it before us.

    Raises BusinessException("psa_client_name_taken").
    """
    there = _clients(ports)
    for name in (customer.name, f"{customer.name} ({customer.ref.id})"):
        if name not in there:
            return _make(name, ports)
        client_id, ours = there[name]
        if not ours:
            return client_id
    raise BusinessException("psa_client_name_taken", customer_id=customer.customer_id)


def _clients(ports: KantataPorts) -> dict[str, tuple[str, bool]]:
    """By name: (id, whether it is a customer of ours already)."""
    found = {}
    for row, page in ports.kantata.every("/workspace_groups", {"include": "external_references"}, lane=LANE):
        references = [page.side("external_references", id_) for id_ in row.get("external_reference_ids") or ()]
        ours = any(reference.get("service_name") == SERVICE for reference in references)
        found[str(row.get("name"))] = (str(row["id"]), ours)
    return found


def _make(name: str, ports: KantataPorts) -> str:
    """Taken between the look and the making: another project of this customer is being set up; look again later."""
    try:
        body = {"workspace_group": {"name": name, "company": True}}
        return str(ports.kantata.create("/workspace_groups", body, lane=LANE)["id"])
    except Duplicate as taken:
        raise Transient("psa_client_made_meanwhile") from taken
