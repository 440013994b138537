"""Corrections, found from either end: pk COR#<old id>, sk TO#<correction id> and pk COR#<new id>, sk FROM#<correction id>."""

from __future__ import annotations

from shared.adapters.audit_log import write_with_act
from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.rows import Codec, Row
from shared.adapters.writes import Write, put
from shared.domain.audit import Act
from shared.domain.dead_letter import Correction

_CORRECTION = Codec(Correction)


class DynamoCorrections:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def add(self, correction: Correction, act: Act) -> bool:
        return write_with_act(self._table, lambda: _writes(correction), act)

    def of(self, an_id: str) -> list[Correction]:
        found = [_CORRECTION.load(row) for row in self._table.of(f"COR#{an_id}")]
        return sorted(found, key=lambda each: (each.at, each.correction_id))


def _writes(correction: Correction) -> list[Write]:
    """A repeat is refused by its act, which is the same one."""
    body = _CORRECTION.dump(correction)
    rows: list[Row] = [
        {"pk": f"COR#{correction.old_id}", "sk": f"TO#{correction.correction_id}", "body": body},
        {"pk": f"COR#{correction.new_id}", "sk": f"FROM#{correction.correction_id}", "body": body},
    ]
    return [put(row) for row in rows]
