"""WIP: pk WIP#<wip id>, sk ITEM; by_owner OPEN#<contract id> / <worked on>#<id> while nobody claimed it.

`claimed_by` stands beside the body, which never changes. ext LEWIP#<legal entity> lists all items of one. A claim also
writes pk INV#<invoice id>, sk WIP#<wip id>, so that an invoice's items are read consistently. `adjusted_by`: ids of its
adjustments, with blanks between.
An item of a person's day that is rounded as a whole also has pk DAY#<day id>, sk WIP#<wip id>.
Sources: pk SRC#<source id>, sk HEAD; by_owner LESRC#<legal entity> / <source id>; ext: the source's own id; `given_up`:
what write-offs took of it, a condition of every write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from events.envelope import AnyEnvelope
from shared.adapters import claims
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.rows import HEAD, Codec, Row, number, text
from shared.adapters.sourced import found_by, repeated
from shared.adapters.writes import Write, put, put_following, put_new
from shared.domain.source import Applied, SourceRecord
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient

AT_ONCE = 20
_ITEM, _SOURCE = Codec(WipItem), Codec(SourceRecord)


class DynamoWipItems:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def source(self, source_id: str) -> SourceRecord | None:
        row = self._table.get(f"SRC#{source_id}", HEAD)
        return _SOURCE.load(row) if row else None

    def record(
        self,
        source: SourceRecord,
        items: Sequence[WipItem],
        *,
        previous: SourceRecord | None,
        events: Sequence[AnyEnvelope] = (),
    ) -> Applied:
        if len(items) > AT_ONCE:
            raise ValueError(f"at most {AT_ONCE} items in one record")
        writes = [source_write(source, previous), *(put_new(item_row(item)) for item in items)]
        writes += [put({"pk": f"DAY#{item.day_id}", "sk": f"WIP#{item.wip_id}"}) for item in items if item.day_id]
        writes += [put(claims.listed(item.claimed_by, item.wip_id)) for item in items if item.claimed_by]
        try:
            write_with_events(self._table, writes, events)
        except Refused as refused:
            if 0 in refused.rows:
                return _overtaken(refused.rows[0], source)
            raise BusinessException("wip_exists", source_id=source.source_id) from None
        return Applied.NEW

    def get(self, wip_id: str) -> WipItem:
        row = self._table.get(*claims.item_key(wip_id))
        if row is None:
            raise BusinessException("wip_unknown", wip_id=wip_id)
        return _item(row)

    def open_of(self, contract_id: str) -> Iterator[WipItem]:
        for row in self._table.by("by_owner", f"OPEN#{contract_id}"):
            yield _item(row)

    def of_day(self, day_id: str) -> Iterator[WipItem]:
        ids = [text(row, "sk").removeprefix("WIP#") for row in self._table.of(f"DAY#{day_id}", "WIP#")]
        keys = [claims.item_key(wip_id) for wip_id in ids]
        rows = self._table.get_all(keys)
        for key in keys:
            if key in rows:
                yield _item(rows[key])

    def claimed_by(self, invoice_id: str) -> Iterator[WipItem]:
        keys = [claims.item_key(wip_id) for wip_id in claims.claimed_ids(self._table, invoice_id)]
        rows = self._table.get_all(keys)
        for key in keys:
            if key in rows and rows[key].get("claimed_by") == invoice_id:
                yield _item(rows[key])

    def claim(self, invoice_id: str, wip_ids: Sequence[str]) -> tuple[str, ...]:
        return claims.claim(self._table, invoice_id, wip_ids)

    def release(self, invoice_id: str) -> int:
        return claims.release(self._table, invoice_id)

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[WipItem]:
        for row in self._table.by("by_external_id", f"LEWIP#{legal_entity_id}"):
            yield _item(row)

    def sources_of_legal_entity(self, legal_entity_id: str) -> Iterator[SourceRecord]:
        for row in self._table.by("by_owner", f"LESRC#{legal_entity_id}"):
            yield _SOURCE.load(row)

    def count_sources(self, legal_entity_id: str) -> int:
        return self._table.count("by_owner", f"LESRC#{legal_entity_id}")


def _overtaken(standing: Row | None, source: SourceRecord) -> Applied:
    """Another version was quicker: past this one, or before it, and then this one is reckoned again from that; so is a
    version priced anew while somebody else wrote it."""
    known = number(standing, "sequence") if standing else -1
    if known < source.sequence or (known == source.sequence and source.revision > 0):
        raise Transient("source_moved", source_id=source.source_id)
    return repeated(standing, source.sequence)


def _given_up(source: SourceRecord) -> str:
    return " ".join(f"{each.write_off_id}:{each.value.amount:f}" for each in source.given_up)


def _item(row: Row) -> WipItem:
    claimed_by, adjusted_by = row.get("claimed_by"), str(row.get("adjusted_by", ""))
    loaded = _ITEM.load(row)
    return replace(loaded, claimed_by=str(claimed_by) if claimed_by else None, adjusted_by=tuple(adjusted_by.split()))


def item_row(item: WipItem) -> Row:
    """Open, or claimed from the beginning: then it is in no list of open ones."""
    pk, sk = claims.item_key(item.wip_id)
    row: Row = {
        "pk": pk,
        "sk": sk,
        "gsi1sk": f"{item.worked_on.isoformat()}#{item.wip_id}",
        "contract_id": item.contract_id,
        "ext": f"LEWIP#{item.legal_entity_id}",
        "body": _ITEM.dump(replace(item, claimed_by=None, adjusted_by=())),
    }
    if item.adjusted_by:
        row["adjusted_by"] = " ".join(item.adjusted_by)
    if item.claimed_by:
        return row | {"claimed_by": item.claimed_by}
    return row | {"gsi1pk": claims.open_owner(item.contract_id)}


def source_write(source: SourceRecord, previous: SourceRecord | None) -> Write:
    """Refused, showing the row that stands, unless that is `previous`: its version, how often it was priced anew, the item
    that stands for it, and what write-offs took of it."""
    row = _source_row(source)
    if previous is None:
        return put_following(row, None)
    return put_following(
        row,
        previous.sequence,
        standing=previous.wip_id or "",
        revision=previous.revision,
        given_up=_given_up(previous),
    )


def _source_row(source: SourceRecord) -> Row:
    return {
        "pk": f"SRC#{source.source_id}",
        "sk": HEAD,
        "gsi1pk": f"LESRC#{source.legal_entity_id}",
        "gsi1sk": source.source_id,
        "sequence": source.sequence,
        "revision": source.revision,
        "standing": source.wip_id or "",
        "body": _SOURCE.dump(source),
        **found_by(source.ref, source.source_id),
        **({"given_up": _given_up(source)} if source.given_up else {}),
    }
