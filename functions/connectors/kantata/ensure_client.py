"""The customer as a client (workspace group) in Kantata: found by our reference, else by its exact name, else made."""

from __future__ import annotations

from events.values import Party
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.references import CLIENT, find_subject, put_reference

LANE = "reference"


def ensure_client(customer: Party, ports: KantataPorts) -> str:
    """Its id there. May be repeated: a client made whose reference was not written yet is found by name."""
    account = ports.kantata
    known = find_subject(account, CLIENT, customer.customer_id, lane=LANE)
    if known is not None:
        return known
    client_id = _by_name(customer.name, ports)
    if client_id is None:
        body = {"workspace_group": {"name": customer.name, "company": True}}
        client_id = str(account.create("/workspace_groups", body, lane=LANE)["id"])
    put_reference(account, CLIENT, client_id, customer.customer_id, lane=LANE)
    return client_id


def _by_name(name: str, ports: KantataPorts) -> str | None:
    """Of this name and without a reference of ours: two customers of one name stay two clients."""
    params = {"include": "external_references"}
    for row, page in ports.kantata.every("/workspace_groups", params, lane=LANE):
        references = (page.side("external_references", id_) for id_ in row.get("external_reference_ids") or ())
        ours = any(reference.get("service_name") == "billweave" for reference in references)
        if row.get("name") == name and not ours:
            return str(row["id"])
    return None
