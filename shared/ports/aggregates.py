"""Repositories of aggregates: one per aggregate, all on one table, state and events in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.domain.accounting import AccountingCalendar
    from shared.domain.amendment import Amendment, ContractHistory
    from shared.domain.audit import Act, AuditEntry
    from shared.domain.contract import Contract
    from shared.domain.credit import Credit, Credited, CreditItems, CreditUndone
    from shared.domain.exception import BillingException, ExceptionStatus
    from shared.domain.hold import Hold, HoldLevel
    from shared.domain.identity import ExternalRef
    from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceStatus
    from shared.domain.ledger import Allowance, Ledger, LedgerUse
    from shared.domain.money import Money
    from shared.domain.parties import Customer  # noqa: F401
    from shared.domain.project import Milestone, Project  # noqa: F401
    from shared.domain.rate_card import RateCard
    from shared.domain.source import Applied, SourceRecord
    from shared.domain.wip import WipItem
    from shared.domain.write_off import WriteOff, WriteOffStatus

    Events = Sequence[AnyEnvelope]


T = TypeVar("T")


class Sourced(Protocol[T]):
    """Aggregates owned by another system: the newest version of the source wins."""

    def find(self, aggregate_id: str) -> T | None: ...

    def get(self, aggregate_id: str) -> T:
        """Raises BusinessException("<kind>_unknown")."""
        ...

    def save(self, aggregate: T, *, sequence: int, events: Events = ()) -> Applied:
        """STALE and DUPLICATE (an older, the same sequence) write nothing."""
        ...


class Customers(Sourced["Customer"], Protocol): ...


class Contracts(Sourced["Contract"], Protocol):
    def of_legal_entity(self, legal_entity_id: str, *, after: str | None = None) -> Iterator[Contract]:
        """In rising order of their ids, those past `after`; a change may take a moment to show."""
        ...

    def by_customer(self, legal_entity_id: str, customer_id: str) -> list[Contract]:
        """The customer's contracts that are invoiced by customer, in order of their ids; read consistently."""
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


class Milestones(Sourced["Milestone"], Protocol): ...


class RateCards(Sourced["RateCard"], Protocol):
    """Every version saved is kept for ever beside the newest, which find and get return."""

    def versions(self, rate_card_id: str) -> list[RateCard]:
        """All of them, in the order of the source's sequence; read consistently."""
        ...

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

    def of_contract(self, contract_id: str) -> list[Project]:
        """Its first project before the others, those in order of their ids; read consistently."""
        ...

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
        Transient("source_moved") when another version was written meanwhile and this one is newer still, or is that
        version priced anew (a higher `revision`): reckoned from an old record it would reverse the same item twice.
        """
        ...

    def get(self, wip_id: str) -> WipItem: ...
    def open_of(self, contract_id: str) -> Iterator[WipItem]: ...

    def of_day(self, day_id: str) -> Iterator[WipItem]:
        """All that share one person's day (WipItem.day_id), open, claimed or taken back; in order of wip_id, read
        consistently."""
        ...

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

    def open_draft(
        self, group: BillingGroup, period_end: date, *, submitter: str | None = None, contracts: Sequence[str] = ()
    ) -> Invoice:
        """The draft of this group and period: the unsealed one if there is one, else the next sequence.

        submitter: who asks for it; a draft that stands keeps its own. contracts: of a group by customer, whose work is
        about to be claimed; a draft that stands has them, too, from then on.
        """
        ...

    def unfinished(self, contract_id: str) -> list[Invoice]:
        """Drafts and sealed invoices of this contract that are not priced yet, read consistently: what a billing run
        that died left behind. Kept by a row beside the contract, written with the draft, gone with the pricing."""
        ...

    def given_back(self, contract_id: str) -> list[Invoice]:
        """Drafts of this contract that were cancelled, and not forgotten: a run that died may have left claims on them."""
        ...

    def forget(self, invoice_id: str) -> None:
        """A cancelled one whose claims are released is not given back any more."""
        ...

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
        """draft -> sealed with count and net, and when its contract was read (`began_at`); sealed with the same is the same. Raises BusinessException otherwise, and
        Transient("claims_changed") when other than `item_count` items are claimed: somebody claimed meanwhile.

        shares: by contract, where it is by customer. limits: of its purchase order, by contract;
        BusinessException("purchase_order_exceeded") if a contract's invoices would draw more on that order. What they draw is counted in the same transaction, from sealed on, until rejected."""
        ...

    def drawn(self, contract_id: str) -> Mapping[str, Money]:
        """What the contract's invoices draw, by purchase order; read consistently."""
        ...

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
        """As Projects.update; raises BusinessException("invoice_state") when its status is none of `expected`, unless
        the change would leave it as it is.

        uses: what it uses up of its contracts, written with the change; Transient("ledger_moved") says that one of their
        ledgers moved meanwhile. A change that ends the invoice (rejected, cancelled) takes its entries out of them.
        limits: as in `seal`: clauses of a contract may have made the invoice dearer than what was sealed.
        """
        ...

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[Invoice]: ...


class WriteOffs(Protocol):
    """Each change is in the audit log in the same transaction."""

    def find(self, write_off_id: str) -> WriteOff | None: ...
    def get(self, write_off_id: str) -> WriteOff: ...

    def take(
        self,
        write_off: WriteOff,
        pairs: Sequence[tuple[WipItem, WipItem]],
        *,
        sources: Sequence[tuple[SourceRecord, SourceRecord]],
        act: Act,
        events: Sequence[AnyEnvelope] = (),
    ) -> WriteOff:
        """All or nothing: the record, its claims on whole items, the pairs of those written down, what it takes of each
        source (before, after). One that stands already comes back as it is, and nothing is written.

        Raises BusinessException("already_claimed") when an invoice was quicker, Transient("source_moved") when a source
        changed meanwhile.
        """
        ...

    def update(
        self,
        write_off_id: str,
        change: Callable[[WriteOff], WriteOff],
        *,
        expected: WriteOffStatus,
        act: Act,
        events: Sequence[AnyEnvelope] = (),
    ) -> WriteOff:
        """As Invoices.update; raises BusinessException("write_off_state")."""
        ...

    def release(self, write_off_id: str) -> int:
        """Opens everything that a refused or reversed one holds; may be repeated."""
        ...

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[WriteOff]:
        """Oldest first."""
        ...


class Holds(Protocol):
    def find(self, level: HoldLevel, subject_id: str) -> Hold | None: ...

    def tell(
        self,
        level: HoldLevel,
        subject_id: str,
        change: Callable[[Hold | None], tuple[Hold, Act] | None],
        *,
        events: Callable[[Hold], Sequence[AnyEnvelope]] = lambda _: (),
    ) -> Hold | None:
        """Read, change, write if nobody else wrote meanwhile (else again); None from `change` writes nothing.

        events: of the hold that is written.
        """
        ...

    def standing(self, subjects: Iterable[tuple[HoldLevel, str]]) -> tuple[Hold, ...]:
        """Those of these subjects that are held now, read consistently, in order of level and id."""
        ...

    def all(self) -> Iterator[Hold]:
        """Held now, in order of legal entity, level and id."""
        ...


class AuditLog(Protocol):
    def append(self, act: Act) -> bool:
        """False if this act is in it. Acts that change an aggregate ride in its own transaction instead."""
        ...

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[AuditEntry]:
        """As they lie, in order of their keys."""
        ...

    def head(self, legal_entity_id: str) -> tuple[int, str]:
        """(number of entries, hash of the last)."""
        ...


class AccountingCalendars(Protocol):
    def of(self, legal_entity_id: str) -> AccountingCalendar:
        """All open where nobody closed anything yet."""
        ...

    def update(
        self, legal_entity_id: str, change: Callable[[AccountingCalendar], AccountingCalendar]
    ) -> AccountingCalendar:
        """As Projects.update."""
        ...


class Ledgers(Protocol):
    """Entries come and go with their invoices: Invoices.update."""

    def of_contract(self, contract_id: str) -> Ledger:
        """Read consistently; never older than its revision says."""
        ...

    def allow(self, contract_id: str, allowance: Allowance) -> None:
        """Repeating it is nothing: the answer to one question counts once."""
        ...


class Credits(Protocol):
    def credited(self, invoice_id: str) -> Credited:
        """The ledger of one invoice, read consistently; version 0 where nothing was credited yet."""
        ...

    def find(self, memo_id: str) -> Credit | None: ...

    def get(self, memo_id: str) -> Credit:
        """Raises BusinessException("credit_unknown")."""
        ...

    def grant(
        self, credit: Credit, memo: Invoice, items: Sequence[CreditItems], *, credited: Credited, events: Events = ()
    ) -> Credit:
        """The credit, the ledger after it, the memo's draft and its first items: all or nothing. The rest: `complete`.

        events: about items, by their subject; each goes with its item.

        A credit of this memo id that stands already is returned as it is: the same request. credited: what the plan was
        reckoned from. Raises Transient("credits_moved") when another credit of the invoice was granted meanwhile, or an
        item or source of it moved: reckoned again, it may be too much.
        """
        ...

    def complete(self, memo_id: str, items: Sequence[CreditItems], *, events: Events = ()) -> int:
        """Writes those of its items that are not there yet; how many lines. events: as in `grant`.

        Raises Transient("credits_moved") when one of them moved meanwhile.
        """
        ...

    def undo(self, memo_id: str, undone: Sequence[CreditUndone]) -> int:
        """Of a memo that ended without being posted; may be repeated. Raises Transient("credits_moved")."""
        ...

    def release(self, memo_id: str) -> Credit:
        """What it took may be credited again."""
        ...


class Exceptions(Protocol):
    def find(self, exception_id: str) -> BillingException | None: ...

    def open_among(self, exception_ids: Sequence[str]) -> list[BillingException]:
        """Those of them that are open now, read together: most that are asked about were never raised."""
        ...

    def raise_(self, exception: BillingException, *, events: Events = ()) -> Applied:
        """Opens it, or opens it again if it was resolved; if open already only its token and facts are renewed
        (DUPLICATE, events not written)."""
        ...

    def resolve(
        self, exception_id: str, resolution: str, *, by: str = "billweave", events: Events = ()
    ) -> BillingException | None:
        """None if it is not open. Returns it as it was, with its task token. by: for its history."""
        ...

    def change(
        self, exception_id: str, change: Callable[[BillingException], BillingException], act: Act | None = None
    ) -> BillingException:
        """As it stands then, written only if it changed; with its act in one transaction, and not at all where that act
        is in the log. Raises BusinessException("exception_unknown")."""
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
