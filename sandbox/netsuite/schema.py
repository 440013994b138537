"""The record types of the simulated account. Source: notes, section 6, and the vendor's public REST record browser.

A type has the fields our processes need, not all of them; GET /record/v1/metadata-catalog/<type> lists what is here.
"""

from __future__ import annotations

from sandbox.netsuite.fields import RecordType
from sandbox.netsuite.schema_entities import ENTITIES
from sandbox.netsuite.schema_lists import ITEMS, LISTS
from sandbox.netsuite.schema_transactions import TRANSACTIONS

TYPES: dict[str, RecordType] = {found.name: found for found in (*LISTS, *ENTITIES, *TRANSACTIONS)}
POSTING_TYPES = frozenset({"invoice", "creditMemo", "customerPayment"})

__all__ = ["ITEMS", "POSTING_TYPES", "TYPES"]
