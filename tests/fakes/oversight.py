"""Calendars, exceptions and cross-references in memory; they keep the promises of tests/contract/adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from shared.domain.accounting import AccountingCalendar
from shared.domain.audit import Act
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.exception_life import opened, renewed, resolved
from shared.domain.identity import ExternalRef
from shared.domain.source import Applied
from shared.faults import BusinessException
from shared.ports import flow
from shared.ports.oversight import AuditLog
from tests.fakes.flow import Events, FakeOutbox


class FakeAccountingCalendars:
    def __init__(self) -> None:
        self.rows: dict[str, AccountingCalendar] = {}

    def of(self, legal_entity_id: str) -> AccountingCalendar:
        return self.rows.get(legal_entity_id, AccountingCalendar(legal_entity_id))

    def update(
        self, legal_entity_id: str, change: Callable[[AccountingCalendar], AccountingCalendar]
    ) -> AccountingCalendar:
        self.rows[legal_entity_id] = change(self.of(legal_entity_id))
        return self.rows[legal_entity_id]


class FakeExceptions:
    def __init__(self, outbox: FakeOutbox, clock: flow.Clock, audit_log: AuditLog) -> None:
        self._outbox, self._clock, self._audit_log = outbox, clock, audit_log
        self.rows: dict[str, BillingException] = {}

    def find(self, exception_id: str) -> BillingException | None:
        return self.rows.get(exception_id)

    def open_among(self, exception_ids: Sequence[str]) -> list[BillingException]:
        found = (self.rows.get(exception_id) for exception_id in exception_ids)
        return [each for each in found if each and each.status is ExceptionStatus.OPEN]

    def raise_(self, exception: BillingException, *, events: Events = ()) -> Applied:
        known = self.rows.get(exception.exception_id)
        if known and known.status is ExceptionStatus.OPEN:
            self.rows[known.exception_id] = renewed(known, exception)
            return Applied.DUPLICATE
        self.rows[exception.exception_id] = opened(known, exception)
        self._outbox.add(events)
        return Applied.NEW

    def resolve(
        self, exception_id: str, resolution: str, *, by: str = "billweave", events: Events = ()
    ) -> BillingException | None:
        known = self.rows.get(exception_id)
        if known is None or known.status is not ExceptionStatus.OPEN:
            return None
        self.rows[exception_id] = resolved(known, resolution, by, self._clock.now())
        self._outbox.add(events)
        return known

    def change(
        self, exception_id: str, change: Callable[[BillingException], BillingException], act: Act | None = None
    ) -> BillingException:
        known = self.rows.get(exception_id)
        if known is None:
            raise BusinessException("exception_unknown", exception_id=exception_id)
        wanted = change(known)
        if wanted == known or (act and not self._audit_log.append(act)):
            return known
        self.rows[exception_id] = wanted
        return wanted

    def list(self, status: ExceptionStatus | None = None) -> Iterator[BillingException]:
        rows = sorted(self.rows.values(), key=lambda each: (each.raised_at, each.exception_id))
        yield from (each for each in rows if status is None or each.status is status)


class FakeReferences:
    """others: the records that came with an id of their own system."""

    def __init__(self, others: Callable[[], Iterable[tuple[ExternalRef, str]]] = lambda: ()) -> None:
        self._others = others
        self.rows: dict[ExternalRef, str] = {}

    def link(self, ref: ExternalRef, canonical_id: str) -> None:
        if self.rows.setdefault(ref, canonical_id) != canonical_id:
            raise BusinessException("reference_taken", system=ref.system, kind=ref.kind, id=ref.id)

    def canonical(self, ref: ExternalRef) -> str | None:
        return self.rows.get(ref)

    def refs_of(self, canonical_id: str) -> list[ExternalRef]:
        found = [ref for ref, known in self.rows.items() if known == canonical_id]
        return sorted(found, key=lambda ref: (ref.system, ref.kind, ref.id))

    def look_up(self, external_id: str) -> list[tuple[ExternalRef, str]]:
        assert external_id, "the table refuses an empty key"
        everything = {*self.rows.items(), *self._others()}
        found = [pair for pair in everything if pair[0].id == external_id]
        return sorted(found, key=lambda pair: (pair[0].system, pair[0].kind, pair[1]))
