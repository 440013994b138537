"""A customer or project stands in its company once, by number, with our fields as we know them.

There is no upsert: look up, then POST or PATCH. The number is unique, so of two writers one is told that it exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.connectors.business_central.client import BusinessCentral, Row
from functions.connectors.business_central.odata import equal
from shared.faults import BusinessException, Duplicate, Transient

LANE = "reference"


def ensure_record(
    tenant: BusinessCentral, company: str, kind: str, body: Mapping[str, Any], *, only_new: tuple[str, ...] = ()
) -> str:
    """Its id. Safe to repeat after any fault. only_new: fields that are sent when it is made and never changed.

    Raises Transient where the outcome is unknown and nothing is seen, or somebody else wrote it meanwhile.
    """
    found = _found(tenant, company, kind, body) or _made(tenant, company, kind, body)
    changed = {name: value for name, value in body.items() if name not in only_new and found.get(name) != value}
    if changed:
        found = tenant.change(company, kind, found, changed, lane=LANE)
    return str(found["id"])


def _made(tenant: BusinessCentral, company: str, kind: str, body: Mapping[str, Any]) -> Row:
    try:
        return tenant.create(company, kind, body, lane=LANE)
    except (Transient, Duplicate) as fault:
        found = _found(tenant, company, kind, body)
        if found is not None:
            return found
        if isinstance(fault, Transient):
            raise
        raise BusinessException("erp_name_taken", **{**fault.facts, "record": kind}) from fault


def _found(tenant: BusinessCentral, company: str, kind: str, body: Mapping[str, Any]) -> Row | None:
    rows = tenant.find(company, kind, equal("number", str(body["number"])), lane=LANE)
    return rows[0] if rows else None
