"""Repositories of work in progress and its invoices; state and events in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceStatus
    from shared.domain.ledger import Allowance, Ledger, LedgerUse
    from shared.domain.money import Money
    from shared.domain.source import Applied, SourceRecord
    from shared.domain.wip import WipItem

    Events = Sequence[AnyEnvelope]


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


class Ledgers(Protocol):
    """Entries come and go with their invoices: Invoices.update."""

    def of_contract(self, contract_id: str) -> Ledger:
        """Read consistently; never older than its revision says."""
        ...

    def allow(self, contract_id: str, allowance: Allowance) -> None:
        """Repeating it is nothing: the answer to one question counts once."""
        ...
