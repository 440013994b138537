"""What people decide, in memory: write-offs, holds, and the audit log that each decision is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from events.envelope import AnyEnvelope
from shared.domain.audit import Act, AuditEntry, next_entry
from shared.domain.dead_letter import Correction
from shared.domain.hold import Hold, HoldLevel
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff, WriteOffStatus
from shared.faults import BusinessException, Transient
from tests.fakes.flow import FakeOutbox
from tests.fakes.wip import FakeWipItems, seen


class FakeAuditLog:
    def __init__(self) -> None:
        self.entries: dict[str, list[AuditEntry]] = {}

    def append(self, act: Act) -> bool:
        chain = self.entries.setdefault(act.legal_entity_id, [])
        if any(entry.act.act_id == act.act_id for each in self.entries.values() for entry in each):
            return False
        chain.append(next_entry(act, len(chain) + 1, chain[-1].hash if chain else ""))
        return True

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[AuditEntry]:
        yield from self.entries.get(legal_entity_id, [])

    def head(self, legal_entity_id: str) -> tuple[int, str]:
        chain = self.entries.get(legal_entity_id, [])
        return (len(chain), chain[-1].hash) if chain else (0, "")


class FakeCorrections:
    def __init__(self, audit_log: FakeAuditLog) -> None:
        self._audit_log = audit_log
        self.rows: list[Correction] = []

    def add(self, correction: Correction, act: Act) -> bool:
        if not self._audit_log.append(act):
            return False
        self.rows.append(correction)
        return True

    def of(self, an_id: str) -> list[Correction]:
        found = [each for each in self.rows if an_id in (each.old_id, each.new_id)]
        return sorted(found, key=lambda each: (each.at, each.correction_id))


class FakeWriteOffs:
    def __init__(self, outbox: FakeOutbox, wip: FakeWipItems, audit_log: FakeAuditLog) -> None:
        self._outbox, self._wip, self._audit_log = outbox, wip, audit_log
        self.rows: dict[str, WriteOff] = {}

    def find(self, write_off_id: str) -> WriteOff | None:
        return self.rows.get(write_off_id)

    def get(self, write_off_id: str) -> WriteOff:
        if write_off_id not in self.rows:
            raise BusinessException("write_off_unknown", write_off_id=write_off_id)
        return self.rows[write_off_id]

    def take(
        self,
        write_off: WriteOff,
        pairs: Sequence[tuple[WipItem, WipItem]],
        *,
        sources: Sequence[tuple[SourceRecord, SourceRecord]],
        act: Act,
        events: Sequence[AnyEnvelope] = (),
    ) -> WriteOff:
        if write_off.write_off_id in self.rows:
            return self.rows[write_off.write_off_id]
        whole = [line.wip_id for line in write_off.lines if line.whole]
        if any(seen(self._wip.source(before.source_id)) != seen(before) for before, _ in sources):
            raise Transient("source_moved", write_off_id=write_off.write_off_id)
        lost = [each for each in (*whole, *(down.adjusts or "" for down, _ in pairs)) if self._wip.get(each).claimed_by]
        if lost:
            raise BusinessException("already_claimed", write_off_id=write_off.write_off_id, items=str(len(lost)))
        self.rows[write_off.write_off_id] = write_off
        for wip_id in whole:
            self._wip.items[wip_id] = replace(self._wip.items[wip_id], claimed_by=write_off.claim)
        for down, up in pairs:
            item = self._wip.items[down.adjusts or ""]
            self._wip.items[item.wip_id] = replace(item, adjusted_by=(*item.adjusted_by, down.wip_id))
            self._wip.items |= {down.wip_id: down, up.wip_id: up}
        self._wip.sources |= {after.source_id: after for _, after in sources}
        self._audit_log.append(act)
        self._outbox.add(events)
        return write_off

    def update(
        self,
        write_off_id: str,
        change: Callable[[WriteOff], WriteOff],
        *,
        expected: WriteOffStatus,
        act: Act,
        events: Sequence[AnyEnvelope] = (),
    ) -> WriteOff:
        before = self.get(write_off_id)
        after = change(before)
        if after == before:
            return before
        if before.status is not expected:
            raise BusinessException("write_off_state", write_off_id=write_off_id, status=before.status.value)
        self.rows[write_off_id] = after
        self._audit_log.append(act)
        self._outbox.add(events)
        return after

    def release(self, write_off_id: str) -> int:
        write_off = self.get(write_off_id)
        if write_off.status not in (WriteOffStatus.REFUSED, WriteOffStatus.REVERSED):
            raise BusinessException("write_off_state", write_off_id=write_off_id, status=write_off.status.value)
        for line in write_off.lines:
            source = self._wip.sources[line.source_id]
            self._wip.sources[line.source_id] = source.without(write_off_id)
        held = list(self._wip.claimed_by(write_off.claim))
        for item in held:
            self._wip.items[item.wip_id] = replace(item, claimed_by=None)
        return len(held)

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[WriteOff]:
        rows = sorted(self.rows.values(), key=lambda each: (each.submitted_at, each.write_off_id))
        yield from (each for each in rows if each.legal_entity_id == legal_entity_id)


class FakeHolds:
    def __init__(self, outbox: FakeOutbox, audit_log: FakeAuditLog) -> None:
        self._outbox, self._audit_log = outbox, audit_log
        self.rows: dict[tuple[HoldLevel, str], Hold] = {}

    def find(self, level: HoldLevel, subject_id: str) -> Hold | None:
        return self.rows.get((level, subject_id))

    def tell(
        self,
        level: HoldLevel,
        subject_id: str,
        change: Callable[[Hold | None], tuple[Hold, Act] | None],
        *,
        events: Callable[[Hold], Sequence[AnyEnvelope]] = lambda _: (),
    ) -> Hold | None:
        before = self.find(level, subject_id)
        told = change(before)
        if told is None:
            return before
        hold, act = told
        self.rows[level, subject_id] = hold
        self._audit_log.append(act)
        self._outbox.add(events(hold))
        return hold

    def standing(self, subjects: Iterable[tuple[HoldLevel, str]]) -> tuple[Hold, ...]:
        found = (self.rows[subject] for subject in dict.fromkeys(subjects) if subject in self.rows)
        return tuple(sorted((hold for hold in found if hold.held), key=lambda each: (each.level, each.subject_id)))

    def all(self) -> Iterator[Hold]:
        order = sorted(self.rows.values(), key=lambda each: (each.legal_entity_id, each.level, each.subject_id))
        yield from (hold for hold in order if hold.held)
