"""Repositories in memory; they keep the promises of tests/contract/adapters as the DynamoDB ones do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Generic, TypeVar

from events.envelope import AnyEnvelope
from shared.domain.accounting import AccountingCalendar
from shared.domain.amendment import Amendment, ContractHistory, SignedVersion
from shared.domain.audit import Act
from shared.domain.contract import Contract, Grouping
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.exception_life import opened, renewed, resolved
from shared.domain.identity import ExternalRef, derived_id
from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceStatus
from shared.domain.invoice_shares import joined, with_shares
from shared.domain.ledger import Allowance, Ledger, LedgerUse
from shared.domain.money import Money
from shared.domain.parties import Customer
from shared.domain.project import Milestone, Project
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied, SourceRecord
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from shared.ports import flow
from shared.ports.aggregates import AuditLog
from tests.fakes.flow import FakeOutbox

T = TypeVar("T")
Events = Sequence[AnyEnvelope]


class FakeSourced(Generic[T]):
    kind = ""

    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox
        self.rows: dict[str, tuple[int, T]] = {}

    def id_of(self, aggregate: T) -> str:
        return str(getattr(aggregate, f"{self.kind}_id"))

    def find(self, aggregate_id: str) -> T | None:
        row = self.rows.get(aggregate_id)
        return row[1] if row else None

    def get(self, aggregate_id: str) -> T:
        found = self.find(aggregate_id)
        if found is None:
            raise BusinessException(f"{self.kind}_unknown", **{f"{self.kind}_id": aggregate_id})
        return found

    def save(self, aggregate: T, *, sequence: int, events: Events = ()) -> Applied:
        known = self.rows.get(self.id_of(aggregate))
        if known and known[0] >= sequence:
            return Applied.DUPLICATE if known[0] == sequence else Applied.STALE
        self.rows[self.id_of(aggregate)] = (sequence, aggregate)
        self._outbox.add(events)
        return Applied.NEW


class FakeCustomers(FakeSourced[Customer]):
    kind = "customer"


class FakeContracts(FakeSourced[Contract]):
    kind = "contract"

    def __init__(self, outbox: FakeOutbox, clock: flow.Clock) -> None:
        super().__init__(outbox)
        self._clock = clock
        self.signed: dict[str, list[SignedVersion]] = {}
        self.amendments: dict[str, dict[str, Amendment]] = {}

    def save(
        self, aggregate: Contract, *, sequence: int, events: Events = (), signed: Contract | None = None
    ) -> Applied:
        known = self.rows.get(aggregate.contract_id)
        if known and known[0] < sequence and len(known[1].amendments) != len(aggregate.amendments):
            raise Transient("contract_moved", contract_id=aggregate.contract_id)
        applied = super().save(aggregate, sequence=sequence, events=events)
        if applied is Applied.NEW:
            version = SignedVersion(sequence, self._clock.now(), signed or aggregate)
            self.signed.setdefault(aggregate.contract_id, []).append(version)
        return applied

    def amend(self, contract: Contract, amendment: Amendment, *, signed_sequence: int, events: Events = ()) -> Applied:
        known = self.amendments.setdefault(contract.contract_id, {})
        if amendment.amendment_id in known:
            return Applied.DUPLICATE
        sequence, standing = self.rows.get(contract.contract_id, (None, None))
        if sequence != signed_sequence or standing is None or len(standing.amendments) + 1 != len(contract.amendments):
            raise Transient("contract_moved", contract_id=contract.contract_id)
        known[amendment.amendment_id] = amendment
        self.rows[contract.contract_id] = (signed_sequence, contract)
        self._outbox.add(events)
        return Applied.NEW

    def history(self, contract_id: str) -> ContractHistory:
        self.get(contract_id)
        amendments = self.amendments.get(contract_id, {})
        return ContractHistory(tuple(self.signed[contract_id]), tuple(amendments[key] for key in sorted(amendments)))

    def by_customer(self, legal_entity_id: str, customer_id: str) -> list[Contract]:
        every = (self.rows[contract_id][1] for contract_id in sorted(self.rows))
        whose = (legal_entity_id, customer_id, Grouping.CUSTOMER)
        return [each for each in every if (each.legal_entity_id, each.customer_id, each.grouping) == whose]

    def of_legal_entity(self, legal_entity_id: str, *, after: str | None = None) -> Iterator[Contract]:
        for contract_id in sorted(self.rows):
            contract = self.rows[contract_id][1]
            if contract.legal_entity_id == legal_entity_id and (after is None or contract_id > after):
                yield contract


class FakeMilestones(FakeSourced[Milestone]):
    kind = "milestone"


class FakeRateCards(FakeSourced[RateCard]):
    kind = "rate_card"

    def __init__(self, outbox: FakeOutbox) -> None:
        super().__init__(outbox)
        self.assigned: dict[str, str] = {}
        self.history: dict[str, dict[int, RateCard]] = {}

    def save(self, aggregate: RateCard, *, sequence: int, events: Events = ()) -> Applied:
        applied = super().save(aggregate, sequence=sequence, events=events)
        if applied is Applied.NEW:
            self.history.setdefault(aggregate.rate_card_id, {})[sequence] = aggregate
        return applied

    def versions(self, rate_card_id: str) -> list[RateCard]:
        kept = self.history.get(rate_card_id, {})
        return [kept[sequence] for sequence in sorted(kept)]

    def assign(self, rate_card_id: str, project_id: str) -> None:
        self.assigned[project_id] = rate_card_id

    def of_project(self, project_id: str) -> RateCard | None:
        rate_card_id = self.assigned.get(project_id)
        return self.find(rate_card_id) if rate_card_id else None


class FakeProjects:
    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox
        self.rows: dict[str, Project] = {}

    def find(self, project_id: str) -> Project | None:
        return self.rows.get(project_id)

    def get(self, project_id: str) -> Project:
        if project_id not in self.rows:
            raise BusinessException("project_unknown", project_id=project_id)
        return self.rows[project_id]

    def add(self, project: Project, *, events: Events = ()) -> Applied:
        if project.project_id in self.rows:
            return Applied.DUPLICATE
        self.rows[project.project_id] = project
        self._outbox.add(events)
        return Applied.NEW

    def update(self, project_id: str, change: Callable[[Project], Project], *, events: Events = ()) -> Project:
        before = self.get(project_id)
        after = change(before)
        if after != before:
            self.rows[project_id] = after
            self._outbox.add(events)
        return after

    def of_contract(self, contract_id: str) -> list[Project]:
        first = derived_id("project", contract_id)
        found = (each for each in self.rows.values() if each.contract_id == contract_id)
        return sorted(found, key=lambda each: (each.project_id != first, each.project_id))

    def all(self, status: str | None = None) -> Iterator[Project]:
        rows = sorted(self.rows.values(), key=lambda each: (each.status, each.project_id))
        yield from (each for each in rows if status is None or each.status == status)


class FakeInvoices:
    """claimed: invoice per claimed item, kept by FakeWipItems."""

    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox
        self.rows: dict[str, Invoice] = {}
        self.claimed: dict[str, str] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.forgotten: set[str] = set()

    def find(self, invoice_id: str) -> Invoice | None:
        return self.rows.get(invoice_id)

    def get(self, invoice_id: str) -> Invoice:
        if invoice_id not in self.rows:
            raise BusinessException("invoice_unknown", invoice_id=invoice_id)
        return self.rows[invoice_id]

    def open_draft(
        self, group: BillingGroup, period_end: date, *, submitter: str | None = None, contracts: Sequence[str] = ()
    ) -> Invoice:
        sequence = 1
        while True:
            invoice_id = invoice_id_of(group, period_end, sequence)
            invoice = self.rows.setdefault(
                invoice_id, Invoice(invoice_id, group, period_end, sequence, InvoiceStatus.DRAFT, submitter=submitter)
            )
            if invoice.status is InvoiceStatus.DRAFT:
                self.rows[invoice_id] = joined(invoice, contracts)
                return self.rows[invoice_id]
            sequence += 1

    def unfinished(self, contract_id: str) -> list[Invoice]:
        left = (InvoiceStatus.DRAFT, InvoiceStatus.SEALED)
        found = (each for each in self.rows.values() if contract_id in each.contract_ids and each.status in left)
        return sorted(found, key=lambda each: each.invoice_id)

    def given_back(self, contract_id: str) -> list[Invoice]:
        cancelled = (each for each in self.rows.values() if each.status is InvoiceStatus.CANCELLED)
        listed = (each for each in cancelled if each.invoice_id not in self.forgotten)
        return sorted((each for each in listed if contract_id in each.contract_ids), key=lambda each: each.invoice_id)

    def forget(self, invoice_id: str) -> None:
        self.forgotten.add(invoice_id)

    def seal(
        self,
        invoice_id: str,
        *,
        item_count: int,
        net: Money,
        shares: Sequence[ContractShare] = (),
        limits: Mapping[str, Money] | None = None,
        began_at: datetime | None = None,
    ) -> Invoice:
        invoice = self.get(invoice_id)
        if invoice.status is InvoiceStatus.DRAFT:
            claimed = sum(1 for each in self.claimed.values() if each == invoice_id)
            if claimed != item_count:
                raise Transient("claims_changed", invoice_id=invoice_id, counted=str(item_count), claimed=str(claimed))
            sealed = replace(invoice, status=InvoiceStatus.SEALED, item_count=item_count, net=net, began_at=began_at)
            sealed = with_shares(sealed, shares)
            self._within(limits or {}, invoice, sealed)
            self.rows[invoice_id] = sealed
        elif invoice.status is not InvoiceStatus.SEALED or (invoice.item_count, invoice.net) != (item_count, net):
            raise BusinessException("invoice_state", invoice_id=invoice_id, status=invoice.status.value)
        return self.rows[invoice_id]

    def update(
        self,
        invoice_id: str,
        change: Callable[[Invoice], Invoice],
        *,
        expected: Sequence[InvoiceStatus],
        events: Events = (),
        uses: Sequence[LedgerUse] = (),
        limits: Mapping[str, Money] | None = None,
    ) -> Invoice:
        before = self.get(invoice_id)
        after = change(before)
        if after == before:
            return before
        if before.status not in expected:
            raise BusinessException("invoice_state", invoice_id=invoice_id, status=before.status.value)
        if uses:
            self._within(limits or {}, before, after)
        if uses or after.status in (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED):
            self._ledgers(after, {use.contract_id: use for use in uses})
        self.rows[invoice_id] = after
        self._outbox.add(events)
        return after

    def _within(self, limits: Mapping[str, Money], before: Invoice, after: Invoice) -> None:
        order, zero = after.group.purchase_order, Money.zero(after.group.currency)
        for contract_id, limit in limits.items() if order else ():
            more = (after.drawn_of(contract_id) or zero) - (before.drawn_of(contract_id) or zero)
            so_far = self.drawn(contract_id).get(order or "", zero)
            if more.amount > 0 and (so_far + more).amount > limit.amount:
                raise BusinessException(
                    "purchase_order_exceeded", purchase_order=order or "", invoice_id=after.invoice_id
                )

    def drawn(self, contract_id: str) -> dict[str, Money]:
        drawn: dict[str, Money] = {}
        for invoice in self.rows.values():
            order = invoice.group.purchase_order
            mine = invoice.drawn_of(contract_id)
            if order and mine:
                drawn[order] = drawn.get(order, Money.zero(invoice.group.currency)) + mine
        return drawn

    def _ledgers(self, invoice: Invoice, uses: Mapping[str, LedgerUse]) -> None:
        every = {each: self.ledgers.get(each, Ledger(each)) for each in {*invoice.contract_ids, *uses}}
        if any(every[each].revision != use.seen for each, use in uses.items()):
            raise Transient("ledger_moved", invoice_id=invoice.invoice_id)
        for contract_id, ledger in every.items():
            rest, use = ledger.without(invoice.invoice_id), uses.get(contract_id)
            if use is None and rest == ledger:
                continue
            entries = sorted((*rest.entries, *([use.entry] if use else [])), key=lambda each: each.invoice_id)
            self.ledgers[contract_id] = replace(ledger, revision=ledger.revision + 1, entries=tuple(entries))

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[Invoice]:
        rows = sorted(self.rows.values(), key=lambda each: (each.period_end, each.invoice_id))
        yield from (each for each in rows if each.group.legal_entity_id == legal_entity_id)


def invoice_id_of(group: BillingGroup, period_end: date, sequence: int) -> str:
    return derived_id(
        "invoice",
        group.legal_entity_id,
        group.customer_id,
        "" if group.by_customer else group.contract_id,
        group.billing_schedule,
        group.currency,
        group.purchase_order or "",
        period_end.isoformat(),
        str(sequence),
        *([group.part] if group.part else []),
    )


def seen(source: SourceRecord | None) -> tuple[object, ...] | None:
    """What a write of a source is conditional on."""
    return (source.sequence, source.revision, source.wip_id, source.given_up) if source else None


def priced_anew(source: SourceRecord, known: SourceRecord) -> bool:
    return source.revision > 0 and known.sequence == source.sequence


class FakeLedgers:
    """Kept by FakeInvoices, with whom entries come and go."""

    def __init__(self, invoices: FakeInvoices) -> None:
        self._invoices = invoices

    def of_contract(self, contract_id: str) -> Ledger:
        return self._invoices.ledgers.get(contract_id, Ledger(contract_id))

    def allow(self, contract_id: str, allowance: Allowance) -> None:
        ledger = self.of_contract(contract_id)
        if all(each.allowance_id != allowance.allowance_id for each in ledger.allowances):
            self._invoices.ledgers[contract_id] = replace(ledger, allowances=(*ledger.allowances, allowance))


class FakeWipItems:
    def __init__(self, outbox: FakeOutbox, invoices: FakeInvoices) -> None:
        self._outbox, self._invoices = outbox, invoices
        self.items: dict[str, WipItem] = {}
        self.sources: dict[str, SourceRecord] = {}

    def source(self, source_id: str) -> SourceRecord | None:
        return self.sources.get(source_id)

    def record(
        self,
        source: SourceRecord,
        items: Sequence[WipItem],
        *,
        previous: SourceRecord | None,
        events: Events = (),
    ) -> Applied:
        if len(items) > 20:
            raise ValueError("at most 20 items in one record")
        known = self.sources.get(source.source_id)
        if seen(known) != seen(previous):
            if known and known.sequence >= source.sequence and not priced_anew(source, known):
                return Applied.DUPLICATE if known.sequence == source.sequence else Applied.STALE
            raise Transient("source_moved", source_id=source.source_id)
        if known and known.sequence == source.sequence and not source.revision:
            return Applied.DUPLICATE
        self.sources[source.source_id] = source
        for item in items:
            self.items.setdefault(item.wip_id, item)
        self._outbox.add(events)
        return Applied.NEW

    def get(self, wip_id: str) -> WipItem:
        if wip_id not in self.items:
            raise BusinessException("wip_unknown", wip_id=wip_id)
        return self.items[wip_id]

    def open_of(self, contract_id: str) -> Iterator[WipItem]:
        rows = sorted(self.items.values(), key=lambda each: (each.worked_on, each.wip_id))
        yield from (each for each in rows if each.contract_id == contract_id and each.claimed_by is None)

    def of_day(self, day_id: str) -> Iterator[WipItem]:
        rows = sorted(self.items.values(), key=lambda each: each.wip_id)
        yield from (each for each in rows if each.day_id == day_id)

    def claimed_by(self, invoice_id: str) -> Iterator[WipItem]:
        rows = sorted(self.items.values(), key=lambda each: each.wip_id)
        yield from (each for each in rows if each.claimed_by == invoice_id)

    def claim(self, invoice_id: str, wip_ids: Sequence[str]) -> tuple[str, ...]:
        invoice = self._invoices.get(invoice_id)
        if invoice.status is not InvoiceStatus.DRAFT:
            raise BusinessException("invoice_not_draft", invoice_id=invoice_id, status=invoice.status.value)
        claimed = []
        for wip_id in dict.fromkeys(wip_ids):
            item = self.get(wip_id)
            if item.claimed_by in (None, invoice_id):
                self.items[wip_id] = replace(item, claimed_by=invoice_id)
                self._invoices.claimed[wip_id] = invoice_id
                claimed.append(wip_id)
        return tuple(claimed)

    def release(self, invoice_id: str) -> int:
        invoice = self._invoices.get(invoice_id)
        if invoice.status not in (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED):
            raise BusinessException("invoice_state", invoice_id=invoice_id, status=invoice.status.value)
        items = list(self.claimed_by(invoice_id))
        for item in items:
            self.items[item.wip_id] = replace(item, claimed_by=None)
            del self._invoices.claimed[item.wip_id]
        return len(items)

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[WipItem]:
        rows = sorted(self.items.values(), key=lambda each: each.wip_id)
        yield from (each for each in rows if each.legal_entity_id == legal_entity_id)

    def count_sources(self, legal_entity_id: str) -> int:
        return sum(1 for each in self.sources.values() if each.legal_entity_id == legal_entity_id)

    def sources_of_legal_entity(self, legal_entity_id: str) -> Iterator[SourceRecord]:
        rows = sorted(self.sources.values(), key=lambda each: each.source_id)
        yield from (each for each in rows if each.legal_entity_id == legal_entity_id)


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
