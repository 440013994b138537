"""Invoices and their ledgers in memory; they keep the promises of tests/contract/adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from shared.domain.identity import derived_id
from shared.domain.invoice import BillingGroup, ContractShare, Invoice, InvoiceStatus
from shared.domain.invoice_shares import joined, with_shares
from shared.domain.ledger import Allowance, Ledger, LedgerUse
from shared.domain.money import Money
from shared.faults import BusinessException, Transient
from tests.fakes.flow import Events, FakeOutbox


class FakeInvoices:
    """claimed: invoice per claimed item, kept by FakeWipItems."""

    def __init__(self, outbox: FakeOutbox) -> None:
        self._outbox = outbox
        self.rows: dict[str, Invoice] = {}
        self.claimed: dict[str, str] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.forgotten: set[str] = set()

    def find(self, invoice_id: str) -> Invoice | None:
        return self.rows.get(invoice_id)

    def get(self, invoice_id: str) -> Invoice:
        if invoice_id not in self.rows:
            raise BusinessException("invoice_unknown", invoice_id=invoice_id)
        return self.rows[invoice_id]

    def open_draft(
        self, group: BillingGroup, period_end: date, *, submitter: str | None = None, contracts: Sequence[str] = ()
    ) -> Invoice:
        sequence = 1
        while True:
            invoice_id = invoice_id_of(group, period_end, sequence)
            invoice = self.rows.setdefault(
                invoice_id, Invoice(invoice_id, group, period_end, sequence, InvoiceStatus.DRAFT, submitter=submitter)
            )
            if invoice.status is InvoiceStatus.DRAFT:
                self.rows[invoice_id] = joined(invoice, contracts)
                return self.rows[invoice_id]
            sequence += 1

    def unfinished(self, contract_id: str) -> list[Invoice]:
        left = (InvoiceStatus.DRAFT, InvoiceStatus.SEALED)
        found = (each for each in self.rows.values() if contract_id in each.contract_ids and each.status in left)
        return sorted(found, key=lambda each: each.invoice_id)

    def given_back(self, contract_id: str) -> list[Invoice]:
        cancelled = (each for each in self.rows.values() if each.status is InvoiceStatus.CANCELLED)
        listed = (each for each in cancelled if each.invoice_id not in self.forgotten)
        return sorted((each for each in listed if contract_id in each.contract_ids), key=lambda each: each.invoice_id)

    def forget(self, invoice_id: str) -> None:
        self.forgotten.add(invoice_id)

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
        invoice = self.get(invoice_id)
        if invoice.status is InvoiceStatus.DRAFT:
            claimed = sum(1 for each in self.claimed.values() if each == invoice_id)
            if claimed != item_count:
                raise Transient("claims_changed", invoice_id=invoice_id, counted=str(item_count), claimed=str(claimed))
            sealed = replace(invoice, status=InvoiceStatus.SEALED, item_count=item_count, net=net, began_at=began_at)
            sealed = with_shares(sealed, shares)
            self._within(limits or {}, invoice, sealed)
            self.rows[invoice_id] = sealed
        elif invoice.status is not InvoiceStatus.SEALED or (invoice.item_count, invoice.net) != (item_count, net):
            raise BusinessException("invoice_state", invoice_id=invoice_id, status=invoice.status.value)
        return self.rows[invoice_id]

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
        before = self.get(invoice_id)
        after = change(before)
        if after == before:
            return before
        if before.status not in expected:
            raise BusinessException("invoice_state", invoice_id=invoice_id, status=before.status.value)
        if uses:
            self._within(limits or {}, before, after)
        if uses or after.status in (InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED):
            self._ledgers(after, {use.contract_id: use for use in uses})
        self.rows[invoice_id] = after
        self._outbox.add(events)
        return after

    def _within(self, limits: Mapping[str, Money], before: Invoice, after: Invoice) -> None:
        order, zero = after.group.purchase_order, Money.zero(after.group.currency)
        for contract_id, limit in limits.items() if order else ():
            more = (after.drawn_of(contract_id) or zero) - (before.drawn_of(contract_id) or zero)
            so_far = self.drawn(contract_id).get(order or "", zero)
            if more.amount > 0 and (so_far + more).amount > limit.amount:
                raise BusinessException(
                    "purchase_order_exceeded", purchase_order=order or "", invoice_id=after.invoice_id
                )

    def drawn(self, contract_id: str) -> dict[str, Money]:
        drawn: dict[str, Money] = {}
        for invoice in self.rows.values():
            order = invoice.group.purchase_order
            mine = invoice.drawn_of(contract_id)
            if order and mine:
                drawn[order] = drawn.get(order, Money.zero(invoice.group.currency)) + mine
        return drawn

    def _ledgers(self, invoice: Invoice, uses: Mapping[str, LedgerUse]) -> None:
        every = {each: self.ledgers.get(each, Ledger(each)) for each in {*invoice.contract_ids, *uses}}
        if any(every[each].revision != use.seen for each, use in uses.items()):
            raise Transient("ledger_moved", invoice_id=invoice.invoice_id)
        for contract_id, ledger in every.items():
            rest, use = ledger.without(invoice.invoice_id), uses.get(contract_id)
            if use is None and rest == ledger:
                continue
            entries = sorted((*rest.entries, *([use.entry] if use else [])), key=lambda each: each.invoice_id)
            self.ledgers[contract_id] = replace(ledger, revision=ledger.revision + 1, entries=tuple(entries))

    def of_legal_entity(self, legal_entity_id: str) -> Iterator[Invoice]:
        rows = sorted(self.rows.values(), key=lambda each: (each.period_end, each.invoice_id))
        yield from (each for each in rows if each.group.legal_entity_id == legal_entity_id)


def invoice_id_of(group: BillingGroup, period_end: date, sequence: int) -> str:
    return derived_id(
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


class FakeLedgers:
    """Kept by FakeInvoices, with whom entries come and go."""

    def __init__(self, invoices: FakeInvoices) -> None:
        self._invoices = invoices

    def of_contract(self, contract_id: str) -> Ledger:
        return self._invoices.ledgers.get(contract_id, Ledger(contract_id))

    def allow(self, contract_id: str, allowance: Allowance) -> None:
        ledger = self.of_contract(contract_id)
        if all(each.allowance_id != allowance.allowance_id for each in ledger.allowances):
            self._invoices.ledgers[contract_id] = replace(ledger, allowances=(*ledger.allowances, allowance))
