"""All ports in memory, with the semantics of the AWS ones: tests/contract/adapters holds both to one list."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from shared.domain.identity import ExternalRef
from shared.domain.policies import Policies
from tests.fakes import decisions, flow, invoices, money, oversight, sourced, wip
from tests.fakes.credits import FakeCredits
from tests.fakes.policies import some_policies
from tests.fakes.slots import FakeSlots
from tests.fakes.turns import FakeTurns

NO_STATE = frozenset(
    {"outbox", "publisher", "counts", "sagas", "queues", "tasks", "inbox", "slots", "turns", "clock", "cursors", "role"}
)


def records(ports: FakePorts) -> dict[str, str]:
    """Every record of every aggregate, by port, kind and key."""
    return {
        f"{name}.{kind} {key}": repr(record)
        for name, port in vars(ports).items()
        if name not in NO_STATE and not name.startswith("_")
        for kind, kept in vars(port).items()
        if isinstance(kept, dict)
        for key, record in kept.items()
    }


class FakePorts:
    def __init__(
        self, *, clock: flow.FakeClock | None = None, policies: Policies | None = None, slots: int = 5
    ) -> None:
        self.role = ""
        self.clock = clock or flow.FakeClock()
        self.outbox = flow.FakeOutbox(self.clock)
        self.publisher = flow.FakePublisher(self.outbox)
        self.event_log = flow.FakeEventLog(self.outbox)
        self.customers = sourced.FakeCustomers(self.outbox)
        self.contracts = sourced.FakeContracts(self.outbox, self.clock)
        self.projects = sourced.FakeProjects(self.outbox)
        self.milestones = sourced.FakeMilestones(self.outbox)
        self.rate_cards = sourced.FakeRateCards(self.outbox)
        self.invoices = invoices.FakeInvoices(self.outbox)
        self.ledgers = invoices.FakeLedgers(self.invoices)
        self.wip = wip.FakeWipItems(self.outbox, self.invoices)
        self.audit_log = decisions.FakeAuditLog()
        self.write_offs = decisions.FakeWriteOffs(self.outbox, self.wip, self.audit_log)
        self.holds = decisions.FakeHolds(self.outbox, self.audit_log)
        self.accounting_calendars = oversight.FakeAccountingCalendars()
        self.credits = FakeCredits(self.outbox, self.invoices, self.wip)
        self.exceptions = oversight.FakeExceptions(self.outbox, self.clock, self.audit_log)
        self.references = oversight.FakeReferences(self._known_by_their_systems)
        self.parking = flow.FakeParking()
        self.tasks = flow.FakeTasks()
        self.sagas = flow.FakeSagas()
        self.queues = flow.FakeQueues()
        self.inbox = flow.FakeInbox()
        self.dead_letters = flow.FakeDeadLetters(self.queues)
        self.corrections = decisions.FakeCorrections(self.audit_log)
        self.documents = flow.FakeDocuments()
        self.raw = flow.FakeRawPayloads(self.documents)
        self.cursors = flow.FakeCursors()
        self.slots = FakeSlots(slots, self.clock)
        self.turns = FakeTurns(self.clock)
        self.counts = flow.FakeCounts()
        self.policies = flow.FakePolicyBook(policies or some_policies())
        self.exchange_rates = money.FakeExchangeRates()
        self.tax_service = money.FakeTaxService()
        self._real: FakePorts | None = None

    def dry(self) -> FakePorts:
        copied = copy.deepcopy(self)
        copied._real = self
        return copied

    def difference(self) -> list[str]:
        """Of ports that were made dry: what came, went or changed in any record of any aggregate."""
        was, now = records(self._real or self), records(self)
        changed = sorted(key for key in {*was, *now} if was.get(key) != now.get(key))
        return [
            f"{sign} {key}: {side[key]}" for key in changed for sign, side in (("-", was), ("+", now)) if key in side
        ]

    def _known_by_their_systems(self) -> Iterator[tuple[ExternalRef, str]]:
        """What came from a system with that system's own id."""
        for kept in (self.customers, self.contracts, self.milestones, self.rate_cards):
            yield from ((record.ref, known) for known, (_, record) in kept.rows.items())
        yield from ((source.ref, known) for known, source in self.wip.sources.items())
