"""The audit log, one chain per legal entity: pk AUD#<legal entity>, sk ENTRY#<sequence, 12 digits>; sk HEAD holds
`sequence` and `hash` of the last. pk ACT#<act id>, sk AUD says that an act is in it, so that none is logged twice.

Entries ride in the transaction of the act itself, conditional on the head: two acts at once are one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.rows import HEAD, Codec, Row, number, text
from shared.adapters.writes import Write, put_new, put_where
from shared.domain.audit import Act, AuditEntry, next_entry
from shared.faults import Transient

_ENTRY = Codec(AuditEntry)
_TRIES = 10
WRITES = 3
"""Of one act, the last of a transaction: the head, the entry, the act."""


class DynamoAuditLog:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table

    def append(self, act: Act) -> bool:
        """False if it is in the log."""
        return write_with_act(self._table, lambda: [], act)

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[AuditEntry]:
        for row in self._table.of(f"AUD#{legal_entity_id}", "ENTRY#"):
            yield _ENTRY.load(row)

    def head(self, legal_entity_id: str) -> tuple[int, str]:
        return _head(self._table, legal_entity_id)


def write_with_act(table: DynamoTable, state: Callable[[], Sequence[Write]], act: Act) -> bool:
    """The act and what it changes commit together. False, and nothing written, if the act was logged before.

    state: the writes of the act, made again for every try. Raises Refused when a condition of theirs did not hold.
    """
    for _ in range(_TRIES):
        writes = list(state())
        try:
            table.write(*writes, *_act_writes(table, act))
            return True
        except Refused as refused:
            if any(place < len(writes) for place in refused.rows):
                raise
            if len(writes) + 2 in refused.rows:
                return False
    raise Transient("write_conflict", act_id=act.act_id)


def _act_writes(table: DynamoTable, act: Act) -> list[Write]:
    sequence, previous = _head(table, act.legal_entity_id)
    entry = next_entry(act, sequence + 1, previous)
    pk = f"AUD#{act.legal_entity_id}"
    head: Row = {"pk": pk, "sk": HEAD, "sequence": entry.sequence, "hash": entry.hash}
    body: Row = {"pk": pk, "sk": f"ENTRY#{entry.sequence:012d}", "body": _ENTRY.dump(entry)}
    done: Row = {"pk": f"ACT#{act.act_id}", "sk": "AUD", "sequence": entry.sequence}
    stands = put_where(head, "#hash = :previous", {":previous": previous}) if previous else put_new(head)
    if previous:
        stands["Put"]["ExpressionAttributeNames"] = {"#hash": "hash"}  # a reserved word
    return [stands, put_new(body), put_new(done)]


def _head(table: DynamoTable, legal_entity_id: str) -> tuple[int, str]:
    row = table.get(f"AUD#{legal_entity_id}", HEAD)
    return (number(row, "sequence"), text(row, "hash")) if row else (0, "")
