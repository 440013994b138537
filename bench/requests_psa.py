"""What a PSA is asked for a firm's month: projects made, its approved hours read, invoices shown to delivery."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from events.envelope import AnyEnvelope
from sandbox.firm.shape import Entry
from shared.domain.identity import ExternalRef
from shared.domain.invoice import InvoiceDocument
from tests.conformance.roles import PsaWorld, keep_document

if TYPE_CHECKING:
    from bench.counted import Counter
    from tests.conformance.promised import Connector
    from tests.conformance.vendor import Vendor

PROJECTS, DAYS, ENTRIES_A_DAY = 20, 20, 3
"""1,200 entries: of every project 60."""

BETWEEN_APPROVALS_S = 1.1


class Month(PsaWorld):
    """The conformance kit's world with a month's work in it. One person works on every project."""

    def staff_all(self) -> None:
        for number in range(PROJECTS + 1):
            self._staff(number)

    def work(self) -> int:
        """Entered, handed in and approved; how many."""
        days = [self._today - timedelta(days=DAYS + 2 - day) for day in range(DAYS)]
        entries = [self._entry(number, day) for number in self.projects for day in days for _ in range(ENTRIES_A_DAY)]
        desk, email = self.vendor.desk, self._person.email
        desk.log_time(entries)
        sheets = [(self.orders.name(number), email) for number in self.projects]
        self._approve(desk.submit_time(sheets, days[0], days[-1]))
        return len(entries)

    @property
    def projects(self) -> range:
        """The first is there for what a process asks once."""
        return range(1, PROJECTS + 1)

    def _approve(self, sheets: list[str]) -> None:
        """Project after project, as people do it. PSAs tell changes by the second: many of one second are read twice."""
        at_once = -(-len(sheets) // PROJECTS)
        for start in range(0, len(sheets), at_once):
            self.vendor.desk.approve_time(sheets[start : start + at_once])
            time.sleep(BETWEEN_APPROVALS_S)

    def _entry(self, number: int, day: date) -> Entry:
        self._made += 1
        minutes = 30 + 15 * (self._made % 5)
        return Entry(self._made, self.orders.name(number), self._person.email, day, minutes, f"Work {self._made}")

    def told_of(self, feed: str, ports: Any) -> dict[str, list[AnyEnvelope]]:
        """Events of the work read, by the PSA's id of its project."""
        found: dict[str, list[AnyEnvelope]] = {}
        for event in self.told(feed, ports):
            found.setdefault(event.data.project_ref.id, []).append(event)
        return found

    def invoice(self, number: int, events: list[AnyEnvelope], ports: Any) -> Any:
        """The report of an invoice with a line for each of these."""
        document = self._document(number, events)
        key = keep_document(document, ports)
        return self.orders.report_invoice(document, key, project_refs=(self._refs[number],))

    def _document(self, number: int, events: list[AnyEnvelope]) -> InvoiceDocument:
        document = self.orders.document(number, *(f"Consulting, part {n}" for n in range(len(events))))
        lines = tuple(
            replace(line, source_ref=ExternalRef(**event.data.ref.model_dump()))
            for line, event in zip(document.lines, events, strict=True)
        )
        return replace(document, lines=lines)


def play(connector: Connector, vendor: Vendor, counter: Counter) -> None:
    world = Month(connector, vendor)
    ports = world.opened(full_pages=True)
    with counter.of("start", 1):
        world.done("project", 0, ports)
    with counter.of("project", PROJECTS):
        for number in world.projects:
            world.done("project", number, ports)
    world.staff_all()
    feed = next(name for name in world.feeds if world.act_of(name) == "time")
    world.drain(feed, ports)
    made = world.work()
    with counter.of("time_entry", made):
        world.drain(feed, ports)
    work = world.told_of(feed, ports)
    if (told := sum(len(events) for events in work.values())) != made:
        raise ValueError(f"{connector.system}: {made} entries approved, {told} told of")
    _report(world, work, counter, ports)


def _report(world: Month, work: dict[str, list[AnyEnvelope]], counter: Counter, ports: Any) -> None:
    orders = {number: world.invoice(number, work[world._refs[number].id], ports) for number in world.projects}
    step = world.step_of("ReportInvoice")
    with counter.of("invoice", PROJECTS):
        for order in orders.values():
            step(order, ports)
