"""Work in progress in memory; it keeps the promises of tests/contract/adapters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.domain.invoice import InvoiceStatus
from shared.domain.source import Applied, SourceRecord
from shared.domain.wip import WipItem
from shared.faults import BusinessException, Transient
from tests.fakes.flow import Events, FakeOutbox
from tests.fakes.invoices import FakeInvoices


def seen(source: SourceRecord | None) -> tuple[object, ...] | None:
    """What a write of a source is conditional on."""
    return (source.sequence, source.revision, source.wip_id, source.given_up) if source else None


def priced_anew(source: SourceRecord, known: SourceRecord) -> bool:
    return source.revision > 0 and known.sequence == source.sequence


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
