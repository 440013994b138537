"""Cross-references, both ways, for ever: pk REF#<system>#<kind>#<id>, sk REF; pk REFS#<canonical id>, sk <system>#<kind>#<id>.

by_external_id finds any row with a system's id: references, and the records that came with it (customers, contracts,
milestones, rate cards, sources).
"""

from __future__ import annotations

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import Row, text
from shared.adapters.sourced import found_by
from shared.adapters.writes import put, put_where
from shared.domain.identity import ExternalRef
from shared.faults import BusinessException

_REF = "REF"
_KNOWN_AT_MOST = 10_000


class DynamoReferences:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._known: dict[ExternalRef, str] = {}

    def link(self, ref: ExternalRef, canonical_id: str) -> None:
        known = f"{ref.system}#{ref.kind}#{ref.id}"
        forth: Row = {"pk": f"REF#{known}", "sk": _REF, **found_by(ref, canonical_id)}
        back: Row = {"pk": f"REFS#{canonical_id}", "sk": known, "system": ref.system, "kind": ref.kind, "id": ref.id}
        free = "attribute_not_exists(pk) OR canonical = :canonical"
        try:
            self._table.write(put_where(forth, free, {":canonical": canonical_id}), put(back))
        except Refused:
            raise BusinessException("reference_taken", system=ref.system, kind=ref.kind, id=ref.id) from None

    def canonical(self, ref: ExternalRef) -> str | None:
        """A link never changes, so each is read once per process."""
        if ref not in self._known and (row := self._table.get(f"REF#{ref.system}#{ref.kind}#{ref.id}", _REF)):
            if len(self._known) >= _KNOWN_AT_MOST:
                self._known.clear()
            self._known[ref] = text(row, "canonical")
        return self._known.get(ref)

    def refs_of(self, canonical_id: str) -> list[ExternalRef]:
        rows = self._table.of(f"REFS#{canonical_id}")
        return [ExternalRef(text(row, "system"), text(row, "kind"), text(row, "id")) for row in rows]

    def look_up(self, external_id: str) -> list[tuple[ExternalRef, str]]:
        found = {
            (ExternalRef(text(row, "system"), text(row, "kind"), external_id), text(row, "canonical"))
            for row in self._table.by("by_external_id", external_id)
            if "canonical" in row
        }
        return sorted(found, key=lambda pair: (pair[0].system, pair[0].kind, pair[1]))
