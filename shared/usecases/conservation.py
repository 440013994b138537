"""Nothing is lost, nothing billed twice: approved = open + claimed + invoiced - credited + written off, to the cent.

The left side is summed from what the source systems approved, the right side from what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from shared.domain.credit import WRITE_OFF
from shared.domain.invoice import Invoice, InvoiceKind, InvoiceStatus
from shared.domain.money import Money
from shared.domain.source import SourceRecord
from shared.domain.wip import WipItem
from shared.domain.write_off import WriteOff, WriteOffStatus
from shared.usecases.invoice_life import IN_THE_BOOKS

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ConservationRow:
    """One legal entity, project and currency. invoiced: before credits. credited: by posted memos, positive.
    difference: approved less all that became of it; zero, or money is missing (> 0) or made up (< 0).
    """

    legal_entity: str
    project: str
    currency: str
    approved: Decimal
    open: Decimal
    claimed: Decimal
    invoiced: Decimal
    credited: Decimal
    written_off: Decimal

    @property
    def difference(self) -> Decimal:
        return self.approved - (self.open + self.claimed + self.invoiced - self.credited + self.written_off)

    @property
    def holds(self) -> bool:
        return self.difference == 0


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A sealed invoice whose claimed items are not what was sealed."""

    invoice_id: str
    sealed_items: int
    found_items: int
    sealed_net: Decimal
    found_net: Decimal


@dataclass(slots=True)
class _Sums:
    approved: Decimal = ZERO
    open: Decimal = ZERO
    claimed: Decimal = ZERO
    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    written_off: Decimal = ZERO


@dataclass(slots=True)
class _Book:
    rows: dict[tuple[str, str, str], _Sums] = field(default_factory=dict)

    def at(self, legal_entity: str, project: str, currency: str) -> _Sums:
        return self.rows.setdefault((legal_entity, project, currency), _Sums())


def conservation(
    sources: Iterable[SourceRecord],
    items: Iterable[WipItem],
    invoices: Iterable[Invoice],
    write_offs: Iterable[WriteOff] = (),
) -> tuple[ConservationRow, ...]:
    """One row per legal entity, project and currency that has anything, in that order.

    sources, items, invoices, write_offs: everything, read in this order; what changes while they are read may show as a difference
    that is gone the next time. An item of an invoice that ended without being posted counts as claimed until its claim
    is released; so does one whose invoice is not among `invoices`, one of a write-off that waits for its approver or was
    taken back, and what a credit gave up while its memo is not posted.
    """
    posted = [invoice for invoice in invoices if invoice.status in IN_THE_BOOKS]
    memos = {each.invoice_id for each in posted if each.kind is InvoiceKind.CREDIT_MEMO}
    booked = {each.invoice_id for each in posted} - memos
    given_up = {each.claim for each in write_offs if each.status is WriteOffStatus.RECORDED}
    given_up |= {f"{WRITE_OFF}{memo_id}" for memo_id in memos}
    book = _Book()
    for source in sources:
        book.at(source.legal_entity_id, source.project_id, source.value.currency).approved += source.value.amount
    for item in items:
        sums = book.at(item.legal_entity_id, item.project_id, item.value.currency)
        _add(sums, item, booked, memos, given_up)
    return tuple(_row(key, book.rows[key]) for key in sorted(book.rows))


def broken_seals(items: Iterable[WipItem], invoices: Iterable[Invoice]) -> tuple[BrokenSeal, ...]:
    """Invoices whose sealed count or net is not that of the items they claim: each claimed item is on one invoice, and
    an invoice bills exactly what it claimed.
    """
    count: dict[str, int] = {}
    net: dict[str, Decimal] = {}
    for item in items:
        if item.claimed_by:
            count[item.claimed_by] = count.get(item.claimed_by, 0) + 1
            net[item.claimed_by] = net.get(item.claimed_by, ZERO) + item.value.amount
    sealed = [invoice for invoice in invoices if invoice.status not in _UNSEALED]
    seals = (
        BrokenSeal(
            invoice_id=invoice.invoice_id,
            sealed_items=invoice.item_count,
            found_items=count.get(invoice.invoice_id, 0),
            sealed_net=(invoice.net or Money.zero(invoice.group.currency)).amount,
            found_net=net.get(invoice.invoice_id, ZERO),
        )
        for invoice in sealed
    )
    broken = [seal for seal in seals if (seal.sealed_items, seal.sealed_net) != (seal.found_items, seal.found_net)]
    return tuple(sorted(broken, key=lambda seal: seal.invoice_id))


_UNSEALED = frozenset({InvoiceStatus.DRAFT, InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED})


def _add(
    sums: _Sums, item: WipItem, booked: Collection[str], memos: Collection[str], given_up: Collection[str]
) -> None:
    if item.claimed_by is None:
        sums.open += item.value.amount
    elif item.claimed_by in booked:
        sums.invoiced += item.value.amount
    elif item.claimed_by in memos:
        sums.credited -= item.value.amount
    elif item.claimed_by in given_up:
        sums.written_off += item.value.amount
    else:
        sums.claimed += item.value.amount


def _row(key: tuple[str, str, str], sums: _Sums) -> ConservationRow:
    legal_entity, project, currency = key
    return ConservationRow(
        legal_entity=legal_entity,
        project=project,
        currency=currency,
        approved=sums.approved,
        open=sums.open,
        claimed=sums.claimed,
        invoiced=sums.invoiced,
        credited=sums.credited,
        written_off=sums.written_off,
    )
