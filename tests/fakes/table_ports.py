"""Ports in memory whose state is the real adapters' rows in one table; what moves between functions stays as in FakePorts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from events.envelope import AnyEnvelope
from shared.adapters import (
    accounting_calendars,
    audit_log,
    contracts,
    corrections,
    credits,
    customers,
    event_log,
    exceptions,
    holds,
    invoices,
    ledgers,
    milestones,
    outbox,
    parking,
    projects,
    rate_cards,
    references,
    wip_items,
    write_offs,
)
from shared.ports.flow import Recorded
from tests.fakes import flow
from tests.fakes.memory_table import MemoryTable
from tests.fakes.ports import FakePorts


class TableOutbox:
    """As FakeOutbox, of the table's event rows."""

    def __init__(self, table: MemoryTable) -> None:
        self._table, self._rows = table, outbox.DynamoOutbox(table)
        self._read: dict[str, AnyEnvelope] = {}
        self.published: set[str] = set()

    @property
    def events(self) -> dict[str, AnyEnvelope]:
        for key in self._table.events[len(self._read) :]:
            row = self._table.get(*key)
            assert row is not None
            event = event_log._envelope(row)
            self._read[event.id] = event
        return self._read

    def record(self, events: Sequence[AnyEnvelope]) -> Recorded:
        return self._rows.record(events)

    def unpublished(self, older_than: timedelta) -> Iterator[dict[str, Any]]:
        yield from [event.as_json() for event in self.events.values() if event.id not in self.published]

    def of_type(self, event_type: str) -> list[AnyEnvelope]:
        return [event for event in self.events.values() if f"{event.type}.".startswith(f"{event_type}.")]


class Shown:
    """An adapter, and `rows` as the fakes have them."""

    def __init__(self, adapter: Any, rows: Callable[[], dict[Any, Any]]) -> None:
        self._adapter, self._rows = adapter, rows

    @property
    def rows(self) -> dict[Any, Any]:
        return self._rows()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)


class TablePorts(FakePorts):
    def __init__(self) -> None:
        super().__init__()
        self.table = table = MemoryTable(self.clock)
        kept: Any = self
        kept.outbox = TableOutbox(table)
        kept.publisher, kept.event_log = flow.FakePublisher(kept.outbox), flow.FakeEventLog(kept.outbox)
        kept.customers = customers.DynamoCustomers(table)
        kept.contracts = contracts.DynamoContracts(table)
        kept.projects = projects.DynamoProjects(table)
        kept.milestones = milestones.DynamoMilestones(table)
        kept.rate_cards = rate_cards.DynamoRateCards(table)
        kept.ledgers = ledgers.DynamoLedgers(table)
        kept.wip = wip_items.DynamoWipItems(table)
        kept.audit_log = audit_log.DynamoAuditLog(table)
        kept.write_offs = write_offs.DynamoWriteOffs(table)
        kept.holds = holds.DynamoHolds(table)
        kept.accounting_calendars = accounting_calendars.DynamoAccountingCalendars(table)
        kept.credits = credits.DynamoCredits(table)
        kept.references = references.DynamoReferences(table)
        kept.corrections = corrections.DynamoCorrections(table)
        billed, asked, waiting = (
            invoices.DynamoInvoices(table),
            exceptions.DynamoExceptions(table),
            parking.DynamoParking(table),
        )
        kept.invoices = Shown(billed, lambda: {each.invoice_id: each for each in billed.of_legal_entity("US")})
        kept.exceptions = Shown(asked, lambda: {each.exception_id: each for each in asked.list()})
        kept.parking = Shown(waiting, lambda: {(each.waiting_for, each.event_id): each for each in waiting.all()})
