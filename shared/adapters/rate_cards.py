"""Rate cards: pk RATE#<card id>, sk HEAD for the newest version, sk V#<sequence, 20 digits> for each there was, which is
never written again; which card prices a project: pk RATEOF#<project id>, sk HEAD.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import HEAD, Row, number, text
from shared.adapters.sourced import DynamoSourced
from shared.adapters.writes import Write, put, put_new
from shared.domain.rate_card import RateCard


class DynamoRateCards(DynamoSourced[RateCard]):
    kind, prefix = "rate_card", "RATE"

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table, RateCard)
        self._last: dict[str, str] = {}
        """By project, the card it had: read along with the answer to whether it still has it."""

    def beside(self, row: Row) -> Sequence[Write]:
        kept = {"pk": row["pk"], "sk": f"V#{number(row, 'sequence'):020d}", "body": row["body"]}
        return [put_new(kept)]

    def versions(self, rate_card_id: str) -> list[RateCard]:
        return [self._codec.load(row) for row in self._table.of(f"RATE#{rate_card_id}", "V#")]

    def assign(self, rate_card_id: str, project_id: str) -> None:
        self._table.write(put({"pk": f"RATEOF#{project_id}", "sk": HEAD, "rate_card_id": rate_card_id}))

    def of_project(self, project_id: str) -> RateCard | None:
        asked, last = (f"RATEOF#{project_id}", HEAD), self._last.get(project_id)
        rows = self._table.get_all([asked, (f"RATE#{last}", HEAD)]) if last else {}
        row = rows.get(asked) if last else self._table.get(*asked)
        if row is None:
            return None
        card_id = self._last[project_id] = text(row, "rate_card_id")
        standing = rows.get((f"RATE#{card_id}", HEAD))
        return self._codec.load(standing) if standing else self.find(card_id)
