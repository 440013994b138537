"""Contract ledger: what each invoice of one contract used up of its clauses. What a cap or a retainer has left is read
from it, never from a counter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shared.domain.money import Money


@dataclass(frozen=True, slots=True)
class Covered:
    """So much of the work of one period was paid by the retainer fee of `fee_period`; negative: given back."""

    fee_period: date
    value: Money


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One invoice, one contract line, one period of work (its first day). All amounts net of tax.

    counted, minutes: what counts against the cap. work: what the discount is reckoned on. discount, drawn, top_up: as
    amounts of their own, not negative unless something is given back. discount_terms: the terms it was reckoned by.
    brought_in: what the minimum of the period counts: work less discount and cover, and fees. closed: the minimum of the
    period was looked at by this invoice, and never will be again.
    """

    line_id: str
    period: date
    counted: Money
    minutes: Decimal
    work: Money
    discount: Money
    drawn: Money
    top_up: Money
    brought_in: Money
    discount_terms: str = ""
    covered: tuple[Covered, ...] = ()
    included: Money | None = None
    """What the retainer fee of the period, that stood on this invoice, lets be covered."""
    closed: bool = False
    conceded: Money | None = None
    """Of a credit memo: so much less is covered by the fee of the period, because the fee was given up."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Of one priced invoice or credit memo; gone when that is rejected or cancelled."""

    invoice_id: str
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True)
class LedgerUse:
    """An entry for the ledger of one contract, and that ledger's revision it was reckoned from."""

    contract_id: str
    entry: LedgerEntry
    seen: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """Somebody let this much be billed above the soft cap of a line. allowance_id: of the question that was answered."""

    allowance_id: str
    line_id: str
    value: Money
    minutes: Decimal
    approver: str
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """revision: moves with every entry that comes or goes; a pricing that read an older one is refused."""

    contract_id: str
    revision: int = 0
    entries: tuple[LedgerEntry, ...] = ()
    allowances: tuple[Allowance, ...] = ()

    def without(self, invoice_id: str) -> Ledger:
        """As other invoices left it: an invoice is never reckoned against itself."""
        rest = tuple(entry for entry in self.entries if entry.invoice_id != invoice_id)
        return Ledger(self.contract_id, self.revision, rest, self.allowances)

    def of_line(self, line_id: str, period: date | None = None) -> Iterator[LedgerLine]:
        for entry in self.entries:
            for line in entry.lines:
                if line.line_id == line_id and period in (None, line.period):
                    yield line

    def total(
        self, line_id: str, currency: str, of: Callable[[LedgerLine], Money], *, period: date | None = None
    ) -> Money:
        return sum((of(line) for line in self.of_line(line_id, period)), Money.zero(currency))

    def minutes(self, line_id: str) -> Decimal:
        return sum((line.minutes for line in self.of_line(line_id)), Decimal(0))

    def allowed(self, line_id: str, currency: str) -> tuple[Money, Decimal]:
        mine = [each for each in self.allowances if each.line_id == line_id]
        return (
            sum((each.value for each in mine), Money.zero(currency)),
            sum((each.minutes for each in mine), Decimal(0)),
        )
