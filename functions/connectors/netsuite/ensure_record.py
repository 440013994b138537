"""PUT by external id, then the internal id: the answer of a PUT has no body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.connectors.netsuite.client import NetSuite
from shared.faults import BusinessException, Duplicate, Transient


def ensure_record(client: NetSuite, record: str, eid: str, body: Mapping[str, Any], *, replace: str, lane: str) -> str:
    """The internal id. Safe to repeat after any fault: the external id is the key.

    Raises Transient("erp_record_not_visible") when what was written cannot be read yet, and
    BusinessException("erp_name_taken") when something else there has what must be unique, a name most of all.
    """
    try:
        found = client.upsert(record, eid, body, replace=replace, lane=lane)
    except Duplicate as taken:
        found = client.find(record, eid, lane=lane)
        if found is None:
            raise BusinessException("erp_name_taken", **{**taken.facts, "record": record, "eid": eid}) from taken
    if found is None:
        raise Transient("erp_record_not_visible", record=record, eid=eid)
    return str(found["id"])
