"""Exchange rates: pk FX#<source>, sk the day; `body` is the publication. A row is written once and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shared.adapters.dynamo_table import TRANSACTION_WRITES, DynamoTable, Refused
from shared.adapters.rows import Codec
from shared.adapters.writes import put_new
from shared.domain.exchange import Publication, RateTable
from shared.faults import Transient

_PUBLICATION = Codec(Publication)


class DynamoExchangeRates:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def published(self, source: str, days: Sequence[date]) -> RateTable:
        rows = self._table.get_all([_key(source, day) for day in sorted(set(days))])
        return RateTable.of(source, (_PUBLICATION.load(row) for row in rows.values()))

    def add(self, publications: Sequence[Publication]) -> None:
        for start in range(0, len(publications), TRANSACTION_WRITES):
            some = publications[start : start + TRANSACTION_WRITES]
            try:
                self._table.write(*(put_new(_row(each)) for each in some))
            except Refused as refused:
                raise Transient("write_conflict", source=some[0].source, first=some[0].on.isoformat()) from refused


def _key(source: str, day: date) -> tuple[str, str]:
    return f"FX#{source}", day.isoformat()


def _row(publication: Publication) -> dict[str, str | int]:
    pk, sk = _key(publication.source, publication.on)
    return {"pk": pk, "sk": sk, "body": _PUBLICATION.dump(publication)}
