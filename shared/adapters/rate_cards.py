"""Rate cards: pk RATE#<card id>, sk HEAD; which card prices a project: pk RATEOF#<project id>, sk HEAD."""

from __future__ import annotations

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import HEAD, text
from shared.adapters.sourced import DynamoSourced
from shared.adapters.writes import put
from shared.domain.rate_card import RateCard


class DynamoRateCards(DynamoSourced[RateCard]):
    kind, prefix = "rate_card", "RATE"

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table, RateCard)

    def assign(self, rate_card_id: str, project_id: str) -> None:
        self._table.write(put({"pk": f"RATEOF#{project_id}", "sk": HEAD, "rate_card_id": rate_card_id}))

    def of_project(self, project_id: str) -> RateCard | None:
        row = self._table.get(f"RATEOF#{project_id}", HEAD)
        return self.find(text(row, "rate_card_id")) if row else None
