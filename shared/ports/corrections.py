"""Repositories of what takes back: write-offs and credits; state and events in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from events.envelope import AnyEnvelope
    from shared.domain.audit import Act
    from shared.domain.credit import Credit, Credited, CreditItems, CreditUndone
    from shared.domain.invoice import Invoice
    from shared.domain.source import SourceRecord
    from shared.domain.wip import WipItem
    from shared.domain.write_off import WriteOff, WriteOffStatus

    Events = Sequence[AnyEnvelope]


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
