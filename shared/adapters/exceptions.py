"""Exceptions: pk EXC#<exception id>, sk HEAD; by_owner EXC#open or EXC#resolved / <raised at>#<id>."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from events.envelope import AnyEnvelope
from shared.adapters.audit_log import write_with_act
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.rows import HEAD, Row, moment, number
from shared.adapters.versioned import DynamoVersioned
from shared.domain.audit import Act
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.exception_life import FABRIC, opened, renewed, resolved
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient

_TRIES = 8


class DynamoExceptions:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._rows = DynamoVersioned(table, BillingException, "exception", "EXC", _row)

    def find(self, exception_id: str) -> BillingException | None:
        return self._rows.find(exception_id)

    def open_among(self, exception_ids: Sequence[str]) -> list[BillingException]:
        rows = self._table.get_all([self._rows.key(exception_id) for exception_id in dict.fromkeys(exception_ids)])
        found = [self._rows.load(row) for row in rows.values()]
        return [each for each in found if each.status is ExceptionStatus.OPEN]

    def raise_(self, exception: BillingException, *, events: Sequence[AnyEnvelope] = ()) -> Applied:
        for _ in range(_TRIES):
            known, revision = self._read(exception.exception_id)
            repeat = known is not None and known.status is ExceptionStatus.OPEN
            wanted = renewed(known, exception) if known and repeat else opened(known, exception)
            if wanted == known:
                return Applied.DUPLICATE
            try:
                write_with_events(self._table, [self._rows.put(wanted, revision)], () if repeat else events)
                return Applied.DUPLICATE if repeat else Applied.NEW
            except Refused:
                continue
        raise Transient("write_conflict", exception_id=exception.exception_id)

    def resolve(
        self,
        exception_id: str,
        resolution: str,
        *,
        by: str = FABRIC,
        events: Sequence[AnyEnvelope] = (),
    ) -> BillingException | None:
        for _ in range(_TRIES):
            known, revision = self._read(exception_id)
            if known is None or known.status is not ExceptionStatus.OPEN:
                return None
            done = resolved(known, resolution, by, self._table.clock.now())
            try:
                write_with_events(self._table, [self._rows.put(done, revision)], events)
                return known
            except Refused:
                continue
        raise Transient("write_conflict", exception_id=exception_id)

    def change(
        self, exception_id: str, change: Callable[[BillingException], BillingException], act: Act | None = None
    ) -> BillingException:
        for _ in range(_TRIES):
            known, revision = self._read(exception_id)
            if known is None:
                raise BusinessException("exception_unknown", exception_id=exception_id)
            wanted = change(known)
            if wanted == known:
                return known
            write = self._rows.put(wanted, revision)
            try:
                if act is None:
                    self._table.write(write)
                elif not write_with_act(self._table, lambda write=write: [write], act):  # type: ignore[misc]
                    return known
                return wanted
            except Refused:
                continue
        raise Transient("write_conflict", exception_id=exception_id)

    def list(self, status: ExceptionStatus | None = None) -> Iterator[BillingException]:
        """By the moment raised; open ones first where both are asked."""
        for each in (status,) if status else (ExceptionStatus.OPEN, ExceptionStatus.RESOLVED):
            for row in self._table.by("by_owner", f"EXC#{each.value}"):
                yield self._rows.load(row)

    def _read(self, exception_id: str) -> tuple[BillingException | None, int]:
        row = self._table.get(*self._rows.key(exception_id))
        return (self._rows.load(row), number(row, "revision")) if row else (None, 0)


def _row(exception: BillingException) -> Row:
    return {
        "pk": f"EXC#{exception.exception_id}",
        "sk": HEAD,
        "gsi1pk": f"EXC#{exception.status.value}",
        "gsi1sk": f"{moment(exception.raised_at)}#{exception.exception_id}",
    }
