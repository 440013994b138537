"""Contracts: pk CON#<contract id>, sk HEAD; by_owner LECON#<legal entity> / <contract id>."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.sourced import DynamoSourced
from shared.domain.contract import Contract


class DynamoContracts(DynamoSourced[Contract]):
    kind, prefix = "contract", "CON"

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table, Contract)

    def listed(self, aggregate: Contract) -> Mapping[str, str]:
        return {"gsi1pk": f"LECON#{aggregate.legal_entity_id}", "gsi1sk": aggregate.contract_id}

    def of_legal_entity(self, legal_entity_id: str, *, after: str | None = None) -> Iterator[Contract]:
        for row in self._table.by("by_owner", f"LECON#{legal_entity_id}", after=after):
            yield self._codec.load(row)
