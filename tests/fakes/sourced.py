"""Customers, contracts, milestones, rate cards and projects in memory; they keep the promises of tests/contract/adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from shared.domain.amendment import Amendment, ContractHistory, SignedVersion
from shared.domain.contract import Contract, Grouping
from shared.domain.identity import derived_id
from shared.domain.parties import Customer
from shared.domain.project import Milestone, Project
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient
from shared.ports import flow
from tests.fakes.flow import Events, FakeOutbox

T = TypeVar("T")


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
