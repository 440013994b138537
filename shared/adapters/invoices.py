"""Invoices: pk INV#<invoice id>, sk HEAD; by_owner LEINV#<legal entity> / <period end>#<id>.

`status` stands beside the body for conditions. Its claimed items are rows of the same pk (wip_items.py). While it is a
draft or sealed, and after it was cancelled until its claims are released, a row pk CON#<contract id>, sk
UNFINISHED#<invoice id> stands beside each of its contracts. What the
invoices of a contract draw on a purchase order is kept by a row pk CON#<contract id>, sk PO#<number>, written with the
invoice that draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from events.envelope import AnyEnvelope
from shared.adapters import drawn_orders
from shared.adapters.dynamo_table import DynamoTable, Refused
from shared.adapters.ledgers import enters, leaves, ledger_revision
from shared.adapters.rows import HEAD, Row, text
from shared.adapters.versioned import DynamoVersioned
from shared.adapters.writes import Write, delete, put
from shared.domain.identity import derived_id
from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceStatus
from shared.domain.invoice_shares import joined, with_shares
from shared.domain.ledger import LedgerUse
from shared.domain.money import Money
from shared.faults import BusinessException, Transient

UNFINISHED = (InvoiceStatus.DRAFT, InvoiceStatus.SEALED)
ENDED = (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED)
CLAIMED_ITEM = "WIP#"


class DynamoInvoices:
    def __init__(self, table: DynamoTable) -> None:
        self._table = table
        self._rows = DynamoVersioned(table, Invoice, "invoice", "INV", _row)

    def find(self, invoice_id: str) -> Invoice | None:
        return self._rows.find(invoice_id)

    def get(self, invoice_id: str) -> Invoice:
        return self._rows.get(invoice_id)

    def open_draft(
        self, group: BillingGroup, period_end: date, *, submitter: str | None = None, contracts: Sequence[str] = ()
    ) -> Invoice:
        """Sequences are tried in order: the next one opens only when the former is sealed."""
        sequence = 1
        while True:
            draft = joined(replace(_draft(group, period_end, sequence), submitter=submitter), contracts)
            standing = self.find(draft.invoice_id) or self._open(draft)
            if standing.status is InvoiceStatus.DRAFT:
                standing = self._join(standing, contracts)
            if standing.status is InvoiceStatus.DRAFT:
                return standing
            sequence += 1

    def _join(self, draft: Invoice, contracts: Sequence[str]) -> Invoice:
        """A draft that other contracts opened lists these, too, before anything of theirs is claimed for it."""

        def change(now: Invoice) -> Invoice:
            return joined(now, contracts) if now.status is InvoiceStatus.DRAFT else now

        if joined(draft, contracts) == draft:
            return draft
        return self._rows.update(draft.invoice_id, change, (), also=_lists)

    def _open(self, draft: Invoice) -> Invoice:
        """The draft, or what another run made of it in between."""
        try:
            self._table.write(*self.opening(draft))
        except Refused:
            return self.get(draft.invoice_id)
        return draft

    def opening(self, draft: Invoice) -> tuple[Write, ...]:
        """The writes of a new draft; refused if it stands already."""
        return self._rows.put(draft, 0), *(put(_unfinished_row(draft, each)) for each in draft.contract_ids)

    def unfinished(self, contract_id: str) -> list[Invoice]:
        return [invoice for invoice in self._listed(contract_id) if invoice.status in UNFINISHED]

    def given_back(self, contract_id: str) -> list[Invoice]:
        return [invoice for invoice in self._listed(contract_id) if invoice.status is InvoiceStatus.CANCELLED]

    def forget(self, invoice_id: str) -> None:
        invoice = self.get(invoice_id)
        for contract_id in invoice.contract_ids:
            self._table.write(delete(*_unfinished_key(invoice, contract_id)))

    def _listed(self, contract_id: str) -> list[Invoice]:
        ids = [text(row, "invoice_id") for row in self._table.of(f"CON#{contract_id}", "UNFINISHED#")]
        rows = self._table.get_all([self._rows.key(invoice_id) for invoice_id in ids])
        return [self._rows.load(rows[key]) for key in map(self._rows.key, ids) if key in rows]

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
        """A claim moves the head's revision, so what is counted here is what gets sealed."""

        def change(now: Invoice) -> Invoice:
            if now.status is InvoiceStatus.SEALED and (now.item_count, now.net) == (item_count, net):
                return now
            if now.status is not InvoiceStatus.DRAFT:
                raise _wrong_state(now)
            claimed = self._table.count_of(f"INV#{invoice_id}", CLAIMED_ITEM)
            if claimed != item_count:
                raise Transient("claims_changed", invoice_id=invoice_id, counted=str(item_count), claimed=str(claimed))
            sealed = replace(now, status=InvoiceStatus.SEALED, item_count=item_count, net=net, began_at=began_at)
            return with_shares(sealed, shares)

        return self._rows.update(invoice_id, change, (), also=partial(self._along, limits=limits))

    def drawn(self, contract_id: str) -> Mapping[str, Money]:
        return drawn_orders.of_contract(self._table, contract_id)

    def update(
        self,
        invoice_id: str,
        change: Callable[[Invoice], Invoice],
        *,
        expected: Sequence[InvoiceStatus],
        events: Sequence[AnyEnvelope] = (),
        uses: Sequence[LedgerUse] = (),
        limits: Mapping[str, Money] | None = None,
    ) -> Invoice:
        def guarded(now: Invoice) -> Invoice:
            after = change(now)
            if after != now and now.status not in expected:
                raise _wrong_state(now)
            return after

        refused_before: list[str] = []

        def also(before: Invoice, after: Invoice) -> Sequence[Write]:
            if not uses:
                return (*self._along(before, after), *_gives_back(before, after))
            if refused_before and any(ledger_revision(self._table, each.contract_id) != each.seen for each in uses):
                raise Transient("ledger_moved", invoice_id=after.invoice_id)
            refused_before.append(after.invoice_id)
            return (*self._along(before, after, limits), *(write for each in uses for write in enters(each)))

        return self._rows.update(invoice_id, guarded, events, also=also)

    def _along(self, before: Invoice, after: Invoice, limits: Mapping[str, Money] | None = None) -> Sequence[Write]:
        return (*_finishes(before, after), *drawn_orders.changed(self._table, before, after, limits))

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[Invoice]:
        for row in self._table.by("by_owner", f"LEINV#{legal_entity_id}"):
            yield self._rows.load(row)


def _draft(group: BillingGroup, period_end: date, sequence: int) -> Invoice:
    invoice_id = derived_id(
        "invoice",
        group.legal_entity_id,
        group.customer_id,
        "" if group.by_customer else group.contract_id,
        group.billing_schedule,
        group.currency,
        group.purchase_order or "",
        period_end.isoformat(),
        str(sequence),
        *([group.part] if group.part else []),
    )
    return Invoice(invoice_id, group, period_end, sequence, InvoiceStatus.DRAFT)


def _row(invoice: Invoice) -> Row:
    return {
        "pk": f"INV#{invoice.invoice_id}",
        "sk": HEAD,
        "gsi1pk": f"LEINV#{invoice.group.legal_entity_id}",
        "gsi1sk": f"{invoice.period_end.isoformat()}#{invoice.invoice_id}",
        "status": invoice.status.value,
    }


def _unfinished_row(invoice: Invoice, contract_id: str) -> Row:
    pk, sk = _unfinished_key(invoice, contract_id)
    return {"pk": pk, "sk": sk, "invoice_id": invoice.invoice_id}


def _unfinished_key(invoice: Invoice, contract_id: str) -> tuple[str, str]:
    return f"CON#{contract_id}", f"UNFINISHED#{invoice.invoice_id}"


def _lists(before: Invoice, after: Invoice) -> Sequence[Write]:
    return [put(_unfinished_row(after, each)) for each in after.contract_ids if each not in before.contract_ids]


def _finishes(before: Invoice, after: Invoice) -> Sequence[Write]:
    """Of every contract once it is priced; of one that has nothing on it after all, once it is sealed. One that was
    cancelled stays listed until it is forgotten."""
    if before.status not in UNFINISHED:
        return ()
    left = after.contract_ids if after.status in (*UNFINISHED, InvoiceStatus.CANCELLED) else ()
    return [delete(*_unfinished_key(after, each)) for each in before.contract_ids if each not in left]


def _gives_back(before: Invoice, after: Invoice) -> Sequence[Write]:
    """What it had used up of its contract is free again."""
    if after.status in ENDED and before.status not in UNFINISHED:
        return [write for each in after.contract_ids for write in leaves(each, after.invoice_id)]
    return ()


def _wrong_state(invoice: Invoice) -> BusinessException:
    return BusinessException("invoice_state", invoice_id=invoice.invoice_id, status=invoice.status.value)
