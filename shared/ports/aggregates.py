"""Repositories of aggregates: one per aggregate, all on one table, state and events in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from events.envelope import AnyEnvelope
from shared.domain.amendment import Amendment, ContractHistory
from shared.domain.contract import Contract
from shared.domain.exception import BillingException, ExceptionStatus
from shared.domain.identity import ExternalRef
from shared.domain.invoice import BillingGroup, Invoice, InvoiceStatus
from shared.domain.money import Money
from shared.domain.parties import Customer
from shared.domain.project import Milestone, Project
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied, SourceRecord
from shared.domain.wip import WipItem

T = TypeVar("T")
Events = Sequence[AnyEnvelope]


class Sourced(Protocol[T]):
    """Aggregates owned by another system: the newest version of the source wins."""

    def find(self, aggregate_id: str) -> T | None: ...

    def get(self, aggregate_id: str) -> T:
        """Raises BusinessException("<kind>_unknown")."""
        ...

    def save(self, aggregate: T, *, sequence: int, events: Events = ()) -> Applied:
        """STALE and DUPLICATE (an older, the same sequence) write nothing."""
        ...


class Customers(Sourced[Customer], Protocol): ...


class Contracts(Sourced[Contract], Protocol):
    def of_legal_entity(self, legal_entity_id: str, *, after: str | None = None) -> Iterator[str]:
        """Contract ids in rising order, those past `after`."""
        ...

    def save(
        self, aggregate: Contract, *, sequence: int, events: Events = (), signed: Contract | None = None
    ) -> Applied:
        """aggregate: as it stands, amendments included. signed: as the CRM delivered it, kept as a version of its own;
        None where there are no amendments. Raises Transient("contract_moved") when `aggregate` lacks an amendment that
        was recorded meanwhile: a delivery never takes one away."""
        ...

    def amend(self, contract: Contract, amendment: Amendment, *, signed_sequence: int, events: Events = ()) -> Applied:
        """contract: as it stands with this amendment, reckoned from the signed version of `signed_sequence`.

        DUPLICATE if an amendment of this id stands: it is recorded once. Raises Transient("contract_moved") when the
        contract was delivered or amended since: the change is reckoned again.
        """
        ...

    def history(self, contract_id: str) -> ContractHistory:
        """Every signed version and every amendment. Raises BusinessException("contract_unknown")."""
        ...


class Milestones(Sourced[Milestone], Protocol): ...


class RateCards(Sourced[RateCard], Protocol):
    def assign(self, rate_card_id: str, project_id: str) -> None:
        """From now on this card prices the project; one card per project."""
        ...

    def of_project(self, project_id: str) -> RateCard | None: ...


class Projects(Protocol):
    def find(self, project_id: str) -> Project | None: ...
    def get(self, project_id: str) -> Project: ...

    def add(self, project: Project, *, events: Events = ()) -> Applied:
        """DUPLICATE if it exists."""
        ...

    def update(self, project_id: str, change: Callable[[Project], Project], *, events: Events = ()) -> Project:
        """Read, change, write if nobody else wrote meanwhile (else again).

        A change that changes nothing writes nothing, events neither.
        """
        ...

    def of_contract(self, contract_id: str) -> list[Project]: ...
    def all(self, status: str | None = None) -> Iterator[Project]: ...


class WipItems(Protocol):
    def source(self, source_id: str) -> SourceRecord | None: ...

    def record(
        self,
        source: SourceRecord,
        items: Sequence[WipItem],
        *,
        previous: SourceRecord | None,
        events: Events = (),
    ) -> Applied:
        """Source record, its new items and events: all or nothing. At most 20 items.

        previous: the record that the items were reckoned from, None if there was none. Raises
        Transient("source_moved") when another version was written meanwhile and this one is newer still: reckoned
        from an old record it would reverse the same item twice.
        """
        ...

    def get(self, wip_id: str) -> WipItem: ...
    def open_of(self, contract_id: str) -> Iterator[WipItem]: ...

    def claimed_by(self, invoice_id: str) -> Iterator[WipItem]:
        """In order of wip_id, read consistently: what was claimed a moment ago is there."""
        ...

    def claim(self, invoice_id: str, wip_ids: Sequence[str]) -> tuple[str, ...]:
        """Claims those that are open or already this invoice's, while the invoice is a draft.

        In transactions within DynamoDB's 100 items. Returns the ids now claimed by it. Raises
        BusinessException("invoice_not_draft").
        """
        ...

    def release(self, invoice_id: str) -> int:
        """Opens every item of a cancelled or rejected invoice again; may be repeated."""
        ...

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[WipItem]: ...
    def sources_of_legal_entity(self, legal_entity_id: str) -> Iterator[SourceRecord]: ...

    def count_sources(self, legal_entity_id: str) -> int:
        """How many source records are known, without reading them."""
        ...


class Invoices(Protocol):
    def find(self, invoice_id: str) -> Invoice | None: ...
    def get(self, invoice_id: str) -> Invoice: ...

    def open_draft(self, group: BillingGroup, period_end: date) -> Invoice:
        """The draft of this group and period: the unsealed one if there is one, else the next sequence."""
        ...

    def unfinished(self, contract_id: str) -> list[Invoice]:
        """Drafts and sealed invoices of this contract that are not priced yet, read consistently: what a billing run
        that died left behind. Kept by a row beside the contract, written with the draft, gone with the pricing."""
        ...

    def seal(self, invoice_id: str, *, item_count: int, net: Money, began_at: datetime | None = None) -> Invoice:
        """draft -> sealed with count and net, and when its contract was read; sealed with the same is the same. Raises BusinessException otherwise, and
        Transient("claims_changed") when other than `item_count` items are claimed: somebody claimed meanwhile."""
        ...

    def update(
        self,
        invoice_id: str,
        change: Callable[[Invoice], Invoice],
        *,
        expected: Sequence[InvoiceStatus],
        events: Events = (),
    ) -> Invoice:
        """As Projects.update; raises BusinessException("invoice_state") when its status is none of `expected`, unless
        the change would leave it as it is."""
        ...

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[Invoice]: ...


class Exceptions(Protocol):
    def find(self, exception_id: str) -> BillingException | None: ...

    def raise_(self, exception: BillingException, *, events: Events = ()) -> Applied:
        """Opens it, or opens it again if it was resolved; if open already only its token and facts are renewed
        (DUPLICATE, events not written)."""
        ...

    def resolve(self, exception_id: str, resolution: str, *, events: Events = ()) -> BillingException | None:
        """None if it is not open. Returns it as it was, with its task token."""
        ...

    def list(self, status: ExceptionStatus | None = None) -> Iterator[BillingException]: ...


class CrossReferences(Protocol):
    def link(self, ref: ExternalRef, canonical_id: str) -> None:
        """Never expires; repeating it is nothing. Raises BusinessException("reference_taken") for another id."""
        ...

    def canonical(self, ref: ExternalRef) -> str | None: ...
    def refs_of(self, canonical_id: str) -> list[ExternalRef]: ...

    def look_up(self, external_id: str) -> list[tuple[ExternalRef, str]]:
        """Everything in any system with this id."""
        ...
