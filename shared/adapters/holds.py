"""Holds of ours: pk HOLD#<level>#<subject id>, sk HEAD; by_owner HOLDS / <legal entity>#<level>#<subject id> while held.

`revision` is the hold's version: a word that was reckoned from an older one is refused and reckoned again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from events.envelope import AnyEnvelope
from shared.adapters.audit_log import write_with_act
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import new_events
from shared.adapters.rows import HEAD, Codec, Row
from shared.adapters.writes import put_over
from shared.domain.audit import Act
from shared.domain.hold import Hold, HoldLevel
from shared.faults import Transient

_HOLD = Codec(Hold)
_TRIES = 8
Told = tuple[Hold, Act]


class DynamoHolds:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def find(self, level: HoldLevel, subject_id: str) -> Hold | None:
        row = self._table.get(_pk(level, subject_id), HEAD)
        return _HOLD.load(row) if row else None

    def tell(
        self,
        level: HoldLevel,
        subject_id: str,
        change: Callable[[Hold | None], Told | None],
        *,
        events: Callable[[Hold], Sequence[AnyEnvelope]] = lambda _: (),
    ) -> Hold | None:
        for _ in range(_TRIES):
            before = self.find(level, subject_id)
            told = change(before)
            if told is None:
                return before
            hold, act = told
            writes = [put_over(_row(hold), before.version if before else 0), *new_events(self._table, events(hold))]
            try:
                write_with_act(self._table, lambda writes=writes: writes, act)  # type: ignore[misc]
                return hold
            except Refused:
                continue
        raise Transient("write_conflict", subject_id=subject_id)

    def standing(self, subjects: Iterable[tuple[HoldLevel, str]]) -> tuple[Hold, ...]:
        rows = self._table.get_all([(_pk(*subject), HEAD) for subject in dict.fromkeys(subjects)])
        found = (_HOLD.load(row) for row in rows.values())
        return tuple(sorted((hold for hold in found if hold.held), key=_order))

    def all(self) -> Iterator[Hold]:
        for row in self._table.by("by_owner", "HOLDS"):
            yield _HOLD.load(row)


def _pk(level: HoldLevel, subject_id: str) -> str:
    return f"HOLD#{level.value}#{subject_id}"


def _order(hold: Hold) -> tuple[str, str]:
    return (hold.level.value, hold.subject_id)


def _row(hold: Hold) -> Row:
    listed: Row = {"gsi1pk": "HOLDS", "gsi1sk": f"{hold.legal_entity_id}#{hold.level.value}#{hold.subject_id}"}
    row: Row = {
        "pk": _pk(hold.level, hold.subject_id),
        "sk": HEAD,
        "revision": hold.version,
        "body": _HOLD.dump(hold),
    }
    return row | listed if hold.held else row
