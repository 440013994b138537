"""Credits: pk INV#<invoice id>, sk CREDITED is the ledger of one invoice, with its version: what was granted of each line.

pk CREDIT#<memo id>, sk HEAD is one grant; its memo's id follows from invoice and request, so asked twice it is one. The
grant, the ledger's next version, the memo's draft and its first items commit together; a grant of many lines writes the
rest after it, and may be completed by anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from events.envelope import AnyEnvelope
from shared.adapters import claims
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.event_rows import write_with_events
from shared.adapters.invoices import DynamoInvoices
from shared.adapters.rows import HEAD, Codec, Row
from shared.adapters.wip_items import item_row, source_write
from shared.adapters.writes import Write, put, put_new, put_where, update_where
from shared.domain.credit import WRITE_OFF, Credit, Credited, CreditItems, CreditUndone
from shared.domain.credit_ledger import no_credits, with_credit, without_credit
from shared.domain.invoice import Invoice
from shared.faults import BusinessException, Transient

AT_ONCE = 14
"""Lines in one transaction: four writes and two events each, beside the grant's own and one row per contract."""
_ROWS_OF_ITEM = 6
LEDGER = "CREDITED"
_CREDIT, _LEDGER = Codec(Credit), Codec(Credited)


class DynamoCredits:
    def __init__(self, table: DynamoTable) -> None:
        self._table, self._invoices = table, DynamoInvoices(table)

    def credited(self, invoice_id: str) -> Credited:
        row = self._table.get(f"INV#{invoice_id}", LEDGER)
        return _LEDGER.load(row) if row else no_credits(invoice_id)

    def find(self, memo_id: str) -> Credit | None:
        row = self._table.get(f"CREDIT#{memo_id}", HEAD)
        return _CREDIT.load(row) if row else None

    def get(self, memo_id: str) -> Credit:
        found = self.find(memo_id)
        if found is None:
            raise BusinessException("credit_unknown", memo_id=memo_id)
        return found

    def grant(
        self,
        credit: Credit,
        memo: Invoice,
        items: Sequence[CreditItems],
        *,
        credited: Credited,
        events: Sequence[AnyEnvelope] = (),
    ) -> Credit:
        first = items[: AT_ONCE - len(memo.contract_ids) // _ROWS_OF_ITEM]
        after = with_credit(credited, credit.plan, credit.memo_id)
        head = [
            put_new(_credit_row(credit)),
            _ledger_write(after, credited.version),
            *self._invoices.opening(memo),
        ]
        try:
            write_with_events(self._table, [*head, *_writes(credit.memo_id, first)], _about(first, events))
        except Refused as refused:
            if standing := self.find(credit.memo_id):
                return standing
            raise Transient("credits_moved", invoice_id=credit.invoice_id, writes=str(sorted(refused.rows))) from None
        return credit

    def complete(self, memo_id: str, items: Sequence[CreditItems], *, events: Sequence[AnyEnvelope] = ()) -> int:
        missing = self._missing(memo_id, items)
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            try:
                write_with_events(self._table, _writes(memo_id, some), _about(some, events))
            except Refused:
                raise Transient("credits_moved", memo_id=memo_id) from None
        return len(missing)

    def _missing(self, memo_id: str, items: Sequence[CreditItems]) -> list[CreditItems]:
        rows = self._table.get_all([claims.item_key(each.reversal.wip_id) for each in items])
        there = {row["pk"] for row in rows.values() if row.get("claimed_by") == memo_id}
        return [each for each in items if f"WIP#{each.reversal.wip_id}" not in there]

    def undo(self, memo_id: str, undone: Sequence[CreditUndone]) -> int:
        """One line after the other: each transaction leaves the sums as they were."""
        return sum(self._undo(memo_id, each) for each in undone)

    def _undo(self, memo_id: str, undone: CreditUndone) -> int:
        row = self._table.get(*claims.item_key(undone.reversal_id))
        if row is None or row.get("claimed_by") != memo_id:
            return 0
        try:
            self._table.write(*(_bury(memo_id, undone) if undone.buried else claims.opening(memo_id, row)))
        except Refused:
            raise Transient("credits_moved", memo_id=memo_id) from None
        return 1

    def release(self, memo_id: str) -> Credit:
        """Its lines may be credited again; once, however often it is asked."""
        while True:
            credit = self.get(memo_id)
            if credit.released:
                return credit
            now = self.credited(credit.invoice_id)
            released = replace(credit, released=True)
            try:
                self._table.write(
                    _over(released), _ledger_write(without_credit(now, credit.plan, memo_id), now.version)
                )
            except Refused:
                continue
            return released


def _over(credit: Credit) -> Write:
    """Refused once it is released."""
    return put_where({**_credit_row(credit), "released": 1}, "released = :no", {":no": 0})


def _credit_row(credit: Credit) -> Row:
    return {"pk": f"CREDIT#{credit.memo_id}", "sk": HEAD, "released": 0, "body": _CREDIT.dump(credit)}


def _ledger_write(credited: Credited, before: int) -> Write:
    """Refused unless the ledger stands at `before`; 0: there is none."""
    row: Row = {
        "pk": f"INV#{credited.invoice_id}",
        "sk": LEDGER,
        "revision": credited.version,
        "body": _LEDGER.dump(credited),
    }
    return put_new(row) if before == 0 else put_where(row, "revision = :before", {":before": before})


def _writes(memo_id: str, items: Sequence[CreditItems]) -> list[Write]:
    return [write for each in items for write in _writes_of(memo_id, each)]


def _writes_of(memo_id: str, items: CreditItems) -> list[Write]:
    reversal = items.reversal
    writes = [
        claims.take(memo_id, reversal.wip_id)
        if items.stands
        else put_new(item_row(replace(reversal, claimed_by=memo_id))),
        put({"pk": f"INV#{memo_id}", "sk": f"WIP#{reversal.wip_id}"}),
    ]
    if items.restored:
        writes.append(put_new(item_row(items.restored)))
    if items.source:
        writes.append(source_write(items.source, items.previous))
    return writes


def _bury(memo_id: str, undone: CreditUndone) -> list[Write]:
    """The restored item is claimed by the ended memo beside its reversal, if nobody claimed it meanwhile."""
    assert undone.buried
    buried = update_where(
        *claims.item_key(undone.buried),
        "SET claimed_by = :memo REMOVE gsi1pk",
        "attribute_exists(pk) AND (attribute_not_exists(claimed_by) OR claimed_by IN (:memo, :given_up))",
        {":memo": memo_id, ":given_up": f"{WRITE_OFF}{memo_id}"},
    )
    member = put({"pk": f"INV#{memo_id}", "sk": f"WIP#{undone.buried}"})
    back = [source_write(undone.source, undone.previous)] if undone.source else []
    return [buried, member, *back]


def _about(items: Sequence[CreditItems], events: Sequence[AnyEnvelope]) -> list[AnyEnvelope]:
    mine = {item.wip_id for of in items for item in (of.reversal, of.restored) if item}
    return [event for event in events if event.subject in mine]
