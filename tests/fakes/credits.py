"""Credits in memory; what DynamoDB's conditions refuse is refused here before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from events.envelope import AnyEnvelope
from shared.domain.credit import WRITE_OFF, Credit, Credited, CreditItems, CreditUndone
from shared.domain.credit_ledger import no_credits, with_credit, without_credit
from shared.domain.invoice import Invoice
from shared.faults import BusinessException, Transient
from tests.fakes.flow import FakeOutbox
from tests.fakes.invoices import FakeInvoices
from tests.fakes.wip import FakeWipItems, seen

AT_ONCE = 14


class FakeCredits:
    def __init__(self, outbox: FakeOutbox, invoices: FakeInvoices, wip: FakeWipItems) -> None:
        self._outbox, self._invoices, self._wip = outbox, invoices, wip
        self.rows: dict[str, Credit] = {}
        self.ledgers: dict[str, Credited] = {}

    def credited(self, invoice_id: str) -> Credited:
        return self.ledgers.get(invoice_id, no_credits(invoice_id))

    def find(self, memo_id: str) -> Credit | None:
        return self.rows.get(memo_id)

    def get(self, memo_id: str) -> Credit:
        if memo_id not in self.rows:
            raise BusinessException("credit_unknown", memo_id=memo_id)
        return self.rows[memo_id]

    def grant(
        self,
        credit: Credit,
        memo: Invoice,
        items: Sequence[CreditItems],
        *,
        credited: Credited,
        events: Sequence[AnyEnvelope] = (),
    ) -> Credit:
        if standing := self.find(credit.memo_id):
            return standing
        first = items[:AT_ONCE]
        if self.credited(credit.invoice_id).version != credited.version or not self._may_write(credit.memo_id, first):
            raise Transient("credits_moved", invoice_id=credit.invoice_id)
        self.rows[credit.memo_id] = credit
        self.ledgers[credit.invoice_id] = with_credit(credited, credit.plan, credit.memo_id)
        self._invoices.rows[memo.invoice_id] = memo
        self._write(credit.memo_id, first)
        self._tell(first, events)
        return credit

    def complete(self, memo_id: str, items: Sequence[CreditItems], *, events: Sequence[AnyEnvelope] = ()) -> int:
        missing = [each for each in items if not self._holds(memo_id, each.reversal.wip_id)]
        if not self._may_write(memo_id, missing):
            raise Transient("credits_moved", memo_id=memo_id)
        self._write(memo_id, missing)
        self._tell(missing, events)
        return len(missing)

    def _tell(self, items: Sequence[CreditItems], events: Sequence[AnyEnvelope]) -> None:
        mine = {each.wip_id for of in items for each in (of.reversal, of.restored) if each}
        self._outbox.add([event for event in events if event.subject in mine])

    def undo(self, memo_id: str, undone: Sequence[CreditUndone]) -> int:
        return sum(self._undo(memo_id, each) for each in undone)

    def release(self, memo_id: str) -> Credit:
        credit = self.get(memo_id)
        if not credit.released:
            self.rows[memo_id] = replace(credit, released=True)
            now = self.credited(credit.invoice_id)
            self.ledgers[credit.invoice_id] = without_credit(now, credit.plan, memo_id)
        return self.rows[memo_id]

    def _holds(self, memo_id: str, wip_id: str) -> bool:
        item = self._wip.items.get(wip_id)
        return item is not None and item.claimed_by == memo_id

    def _may_write(self, memo_id: str, items: Sequence[CreditItems]) -> bool:
        return all(self._may(memo_id, each) for each in items)

    def _may(self, memo_id: str, items: CreditItems) -> bool:
        standing = self._wip.items.get(items.reversal.wip_id)
        if items.stands and (standing is None or standing.claimed_by not in (None, memo_id)):
            return False
        if not items.stands and standing is not None:
            return False
        if items.source is None:
            return True
        return seen(self._wip.source(items.source.source_id)) == seen(items.previous)

    def _write(self, memo_id: str, items: Sequence[CreditItems]) -> None:
        for each in items:
            self._claim(memo_id, each.reversal.wip_id, replace(each.reversal, claimed_by=memo_id))
            if each.restored:
                self._wip.items[each.restored.wip_id] = each.restored
            if each.source:
                self._wip.sources[each.source.source_id] = each.source

    def _claim(self, memo_id: str, wip_id: str, item: object) -> None:
        self._wip.items[wip_id] = item  # type: ignore[assignment]
        self._invoices.claimed[wip_id] = memo_id

    def _undo(self, memo_id: str, undone: CreditUndone) -> int:
        if not self._holds(memo_id, undone.reversal_id):
            return 0
        if undone.buried is None:
            reversal = self._wip.items[undone.reversal_id]
            self._wip.items[undone.reversal_id] = replace(reversal, claimed_by=None)
            self._invoices.claimed.pop(undone.reversal_id, None)
            return 1
        restored = self._wip.items[undone.buried]
        moved = undone.source and seen(self._wip.source(undone.source.source_id)) != seen(undone.previous)
        if restored.claimed_by not in (None, memo_id, f"{WRITE_OFF}{memo_id}") or moved:
            raise Transient("credits_moved", memo_id=memo_id)
        self._claim(memo_id, undone.buried, replace(restored, claimed_by=memo_id))
        if undone.source:
            self._wip.sources[undone.source.source_id] = undone.source
        return 1
