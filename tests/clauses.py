"""One time-and-materials line under terms, billed month by month: what tests of clauses and their tables are played on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.domain.ledger import Ledger, LedgerEntry
from shared.domain.money import Money
from shared.domain.terms import LineTerms
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.usecases.apply_clauses import Clauses, apply_clauses
from shared.usecases.clause_items import DEPOSIT
from shared.usecases.clause_period import last_day
from shared.usecases.due_fees import next_deposit, retainer_fees
from tests.build import a_contract, a_project, eur, time_item

LINE = "l-time"


def month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def amounts(text: str) -> list[str]:
    """ "150.00; 300.00" -> each by itself."""
    return [part.strip() for part in text.split(";") if part.strip()]


def contract_with(terms: LineTerms, **changes: object) -> Contract:
    line = ContractLine(LINE, LineKind.TIME_AND_MATERIALS, "Consulting", eur("50000"), terms=terms)
    return a_contract(lines=(line,), starts_on=date(2026, 1, 1), **changes)


def an_item(wip_id: str, amount: str, on: date, kind: WipKind = WipKind.TIME, rule: str = "test") -> WipItem:
    valuation = Valuation.of_amount(eur(amount), rule)
    return replace(
        time_item(wip_id),
        wip_id=wip_id,
        source_id=wip_id,
        kind=kind,
        worked_on=on,
        value=valuation.value,
        valuation=valuation,
    )


def hours(wip_id: str, minutes: int, on: date, rate: str = "150.00") -> WipItem:
    valuation = Valuation(Decimal(minutes), "minute", eur(rate), Decimal(60), "role")
    plain = an_item(wip_id, "0", on)
    return replace(plain, value=valuation.value, valuation=valuation)


@dataclass
class Play:
    """Invoices of one contract, priced one after the other; `ledger` and `deposits` are what they leave."""

    terms: LineTerms
    ledger: Ledger = field(default_factory=lambda: Ledger("con-1"))
    deposits: list[Money] = field(default_factory=list)
    fees: set[str] = field(default_factory=set)
    number: int = 0

    @property
    def contract(self) -> Contract:
        return contract_with(self.terms)

    def work(self, *worth: str, on: date, kind: WipKind = WipKind.TIME) -> list[WipItem]:
        self.number += len(worth)
        return [an_item(f"w-{self.number - place}", each, on, kind) for place, each in enumerate(worth)]

    def due(self, through: date) -> list[WipItem]:
        """Fees and deposits that are asked for by a run through this day."""
        found = retainer_fees(self.contract, [a_project()], through=through)
        new = [item for item in found if item.source_id not in self.fees]
        self.fees |= {item.source_id for item in new}
        drawn = self.ledger.total(LINE, "EUR", lambda each: each.drawn)
        (line,) = self.contract.lines
        deposit = next_deposit(
            self.contract, a_project(), line, through=through, paid=tuple(self.deposits), drawn=drawn
        )
        if deposit:
            self.deposits.append(deposit.value)
            new.append(deposit)
        return new

    def reckon(self, items: Sequence[WipItem], through: date, invoice_id: str | None = None) -> Clauses:
        return apply_clauses(
            invoice_id or f"inv-{len(self.ledger.entries) + 1}",
            items,
            self.contract,
            self.ledger,
            period_end=through,
            deposits={LINE: sum(self.deposits, eur("0"))} if self.terms.prepaid else {},
        )

    def bill(self, items: Sequence[WipItem], through: date, invoice_id: str | None = None) -> Clauses:
        clauses = self.reckon(items, through, invoice_id)
        self.enter(clauses.entry)
        return clauses

    def enter(self, entry: LedgerEntry) -> None:
        self.ledger = replace(self.ledger, revision=self.ledger.revision + 1, entries=(*self.ledger.entries, entry))

    def drop(self, invoice_id: str) -> None:
        """Rejected: its entry goes."""
        self.ledger = self.ledger.without(invoice_id)

    def month(self, name: str, *worth: str, expenses: Sequence[str] = ()) -> tuple[list[WipItem], Clauses]:
        """Everything of one month on one invoice at its end: (items, clauses)."""
        first = month(name)
        through = last_day(self.contract, first)
        items = [*self.due(through), *self.work(*worth, on=first.replace(day=10))]
        items += self.work(*expenses, on=first.replace(day=11), kind=WipKind.EXPENSE)
        return items, self.bill(items, through)


def net_of(items: Sequence[WipItem], clauses: Clauses) -> Decimal:
    """What the invoice comes to, before tax."""
    return sum((item.value.amount for item in items), Decimal(0)) + sum(
        (line.net.amount for line in clauses.lines), Decimal(0)
    )


def total(clauses: Clauses, description: str) -> Decimal:
    """Sum of the clause lines whose description begins so."""
    return sum((line.net.amount for line in clauses.lines if line.description.startswith(description)), Decimal(0))


def is_deposit(item: WipItem) -> bool:
    return item.valuation.rule == DEPOSIT
