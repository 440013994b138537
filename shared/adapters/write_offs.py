"""Write-offs: pk WOF#<write-off id>, sk HEAD; by_owner LEWOF#<legal entity> / <submitted at>#<id>.

What one holds is claimed as for an invoice, by writeoff:<write-off id>: the items' claimed_by, and rows pk
INV#writeoff:<id>, sk WIP#<wip id>. What it takes of a source stands on the source's row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from events.envelope import AnyEnvelope
from shared.adapters import claims
from shared.adapters.audit_log import WRITES, write_with_act
from shared.adapters.dynamo_table import TRANSACTION_WRITES, DynamoTable, Refused
from shared.adapters.event_rows import new_events
from shared.adapters.rows import Row, moment
from shared.adapters.versioned import DynamoVersioned
from shared.adapters.wip_items import DynamoWipItems, item_row, source_write
from shared.adapters.writes import Write, put, put_new, update_where
from shared.domain.audit import Act
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff, WriteOffStatus
from shared.faults import BusinessException, Transient

_ENDED = (WriteOffStatus.REFUSED, WriteOffStatus.REVERSED)
_TRIES = 8


class DynamoWriteOffs:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._rows = DynamoVersioned(table, WriteOff, "write_off", "WOF", _row)
        self._wip = DynamoWipItems(table)

    def find(self, write_off_id: str) -> WriteOff | None:
        return self._rows.find(write_off_id)

    def get(self, write_off_id: str) -> WriteOff:
        return self._rows.get(write_off_id)

    def take(
        self,
        write_off: WriteOff,
        pairs: Sequence[tuple[WipItem, WipItem]],
        *,
        sources: Sequence[tuple[SourceRecord, SourceRecord]],
        act: Act,
        events: Sequence[AnyEnvelope] = (),
    ) -> WriteOff:
        whole = [claims.take(write_off.claim, line.wip_id) for line in write_off.lines if line.whole]
        writes = [self._rows.put(write_off, 0), *whole]
        writes += [put(claims.listed(write_off.claim, line.wip_id)) for line in write_off.lines if line.whole]
        adjusted = self._adjusted_by([down.adjusts or "" for down, _ in pairs])
        for down, up in pairs:
            writes += [_adjust(down, adjusted), put_new(item_row(down)), put_new(item_row(up))]
            writes.append(put(claims.listed(write_off.claim, up.wip_id)))
        writes += [source_write(after, before) for before, after in sources]
        writes += new_events(self._table, events)
        if len(writes) + WRITES > TRANSACTION_WRITES:
            raise ValueError(f"{len(writes)} writes: too many lines for one write-off")
        try:
            write_with_act(self._table, lambda: writes, act)
            return write_off
        except Refused as refused:
            if 0 in refused.rows:
                return self.get(write_off.write_off_id)
            return _lost(write_off, refused, writes)

    def _adjusted_by(self, wip_ids: Sequence[str]) -> dict[str, str]:
        """As it stands; whoever adds one moves the item's source, too, so none is lost."""
        rows = self._table.get_all([claims.item_key(wip_id) for wip_id in wip_ids])
        return {wip_id: str(rows.get(claims.item_key(wip_id), {}).get("adjusted_by", "")) for wip_id in wip_ids}

    def update(
        self,
        write_off_id: str,
        change: Callable[[WriteOff], WriteOff],
        *,
        expected: WriteOffStatus,
        act: Act,
        events: Sequence[AnyEnvelope] = (),
    ) -> WriteOff:
        for _ in range(_TRIES):
            before, revision = self._rows.read(write_off_id)
            after = change(before)
            if after == before:
                return before
            if before.status is not expected:
                raise BusinessException("write_off_state", write_off_id=write_off_id, status=before.status.value)
            try:
                writes = [self._rows.put(after, revision), *new_events(self._table, events)]
                write_with_act(self._table, lambda writes=writes: writes, act)  # type: ignore[misc]
                return after
            except Refused:
                continue
        raise Transient("write_conflict", write_off_id=write_off_id)

    def release(self, write_off_id: str) -> int:
        write_off = self.get(write_off_id)
        if write_off.status not in _ENDED:
            raise BusinessException("write_off_state", write_off_id=write_off_id, status=write_off.status.value)
        for source_id in sorted({line.source_id for line in write_off.lines}):
            self._give_back(source_id, write_off_id)
        # only now: a correction that met the mark just before may have added items to what it holds
        return claims.open_again(self._table, write_off.claim)

    def _give_back(self, source_id: str, write_off_id: str) -> None:
        for _ in range(_TRIES):
            before = self._wip.source(source_id)
            if before is None or before == (after := before.without(write_off_id)):
                return
            try:
                self._table.write(source_write(after, before))
                return
            except Refused:
                continue
        raise Transient("write_conflict", source_id=source_id)

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[WriteOff]:
        for row in self._table.by("by_owner", f"LEWOF#{legal_entity_id}"):
            yield self._rows.load(row)


def _adjust(down: WipItem, adjusted: Mapping[str, str]) -> Write:
    """The item learns what goes with it, while nobody has claimed it: `adjusted_by`, ids with blanks between."""
    wip_id = down.adjusts or ""
    return update_where(
        *claims.item_key(wip_id),
        "SET adjusted_by = :all",
        "attribute_exists(pk) AND attribute_not_exists(claimed_by)",
        {":all": f"{adjusted[wip_id]} {down.wip_id}".strip()},
    )


def _lost(write_off: WriteOff, refused: Refused, writes: Sequence[Write]) -> WriteOff:
    """Somebody was quicker: an invoice has an item now, or a source moved on."""
    sources = [place for place in refused.rows if "Put" in writes[place]]
    if sources:
        raise Transient("source_moved", write_off_id=write_off.write_off_id)
    raise BusinessException("already_claimed", write_off_id=write_off.write_off_id, items=str(len(refused.rows)))


def _row(write_off: WriteOff) -> Row:
    return {
        "pk": f"WOF#{write_off.write_off_id}",
        "sk": "HEAD",
        "gsi1pk": f"LEWOF#{write_off.legal_entity_id}",
        "gsi1sk": f"{moment(write_off.submitted_at)}#{write_off.write_off_id}",
    }
