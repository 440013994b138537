"""What the month must come to, found by asking the vendors alone: what was approved, what the ERP holds.

Values are computed here apart from the fabric and its code: the minutes that the PSA holds x the firm's price list for
the person's role on the day of work, or the price that an amendment agreed (a PSA may keep on the entry what the role cost
when it was typed in, which for a role priced later is nothing), half a cent away from zero; expenses, milestones and
instalments as written; clauses by sandbox/firm/reckoning.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal

from sandbox.firm.books import Books, duplicates
from sandbox.firm.clauses import PLAIN, words
from sandbox.firm.desks import ApprovedCost, ApprovedTime
from sandbox.firm.month import FirmMonth
from sandbox.firm.reckoning import ZERO, Due, Outlay, Work, reckon, to_unit
from sandbox.firm.shape import Deal, Kind
from sandbox.firm.sold import FRAMEWORK, FRAMEWORK_YEN


@dataclass(frozen=True)
class Account:
    """One contract: what it should have brought in, beside what the ERP holds of it, net of tax.

    issued: invoices; credited: memos against them. waiting: entries on no invoice because they are held or given up.
    lost: ids of approved entries and expenses on no invoice in the PSA without such a reason.
    """

    deal: str
    legal_entity: str
    currency: str
    clauses: str
    due: Due
    issued: Decimal
    credited: Decimal
    waiting: int = 0
    lost: tuple[str, ...] = ()

    @property
    def invoiced(self) -> Decimal:
        return self.issued - self.credited

    @property
    def difference(self) -> Decimal:
        return self.due.invoiced - self.invoiced

    def beside(self, other: Account) -> Account:
        """Both on one invoice."""
        agreed = " | ".join(f"{each.deal}: {each.clauses}" for each in (self, other) if each.clauses)
        return replace(
            self,
            deal=f"{self.deal} + {other.deal}",
            clauses=agreed,
            due=self.due + other.due,
            issued=self.issued + other.issued,
            credited=self.credited + other.credited,
            waiting=self.waiting + other.waiting,
            lost=(*self.lost, *other.lost),
        )


@dataclass(frozen=True)
class Truth:
    """duplicates: invoices in the ERP beyond the first with the same content. stray: net by currency in the ERP that is on
    no contract of the firm. entries_approved, entries_invoiced: counts in the PSA.
    """

    accounts: tuple[Account, ...]
    entries_approved: int
    entries_invoiced: int
    duplicates: list[str] = field(default_factory=list)
    stray: dict[str, Decimal] = field(default_factory=dict)

    @property
    def lost(self) -> list[str]:
        return [each for account in self.accounts for each in account.lost]

    @property
    def entries_waiting(self) -> int:
        return sum(account.waiting for account in self.accounts)


def find(firm: FirmMonth) -> Truth:
    books, times, costs = Books(firm), firm.delivery.approved_time(), firm.delivery.approved_costs()
    on_deal: dict[str, tuple[list[ApprovedTime], list[ApprovedCost]]] = defaultdict(lambda: ([], []))
    for entry in times:
        on_deal[entry.project][0].append(entry)
    for cost in costs:
        on_deal[cost.project][1].append(cost)
    price = price_list(firm)
    each_alone = [(deal, account(firm, deal, *on_deal[deal.name], price, books)) for deal in firm.month.deals]
    accounts = on_one_invoice(each_alone)
    return Truth(
        accounts=accounts,
        entries_approved=len(times),
        entries_invoiced=sum(1 for entry in times if entry.invoiced),
        duplicates=duplicates([each for each in books.invoices if each.invoice_id not in books.credited_in_full]),
        stray=books.stray(by_currency(accounts)),
    )


def on_one_invoice(alone: Sequence[tuple[Deal, Account]]) -> tuple[Account, ...]:
    """Contracts that a customer gets one invoice for are one account: an ERP books the whole on one project. What each of
    them should bring in is reckoned by itself, from its own papers, and then added up."""
    found: dict[str, Account] = {}
    for deal, mine in alone:
        key = f"{deal.client}, {deal.office}, together" if deal.together else deal.name
        found[key] = found[key].beside(mine) if key in found else mine
    return tuple(found.values())


Price = Callable[[ApprovedTime], Decimal]
"""What an hour of this entry costs."""


def account(
    firm: FirmMonth, deal: Deal, entries: list[ApprovedTime], costs: list[ApprovedCost], price: Price, books: Books
) -> Account:
    currency, on_time = firm.month.offices[deal.office].currency, firm.ids_on_time()
    work = [
        Work(
            entry.entry_id,
            entry_value(entry, price, currency),
            on_time=entry.entry_id in on_time,
            given_up=entry.entry_id in on_time and given_up(firm, deal, entry.day),
        )
        for entry in entries
    ]
    outlays = [Outlay(cost.category, to_unit(currency)(cost.cost), given_up(firm, deal, cost.day)) for cost in costs]
    due = reckon(deal.clauses, currency, work, outlays, parts_due(firm, deal))
    waiting, lost = unbilled(firm, deal, work, entries, costs, -due.held)
    return Account(
        deal=deal.name,
        legal_entity=deal.office,
        currency=currency,
        clauses=agreed(firm, deal),
        due=due,
        issued=books.issued[deal.name],
        credited=books.credited[deal.name],
        waiting=waiting,
        lost=lost,
    )


def agreed(firm: FirmMonth, deal: Deal) -> str:
    """In words; "" where nothing stands beside the prices but a framework's ceiling."""
    said = [] if deal.clauses in (FRAMEWORK, FRAMEWORK_YEN, PLAIN) else [words(deal.clauses)]
    paper = firm.month.amendment
    if deal.name == paper.deal:
        said.append(f"{paper.role} at {paper.rate_per_hour} from {paper.effective_on}")
    return ", ".join(said)


def given_up(firm: FirmMonth, deal: Deal, day: date) -> bool:
    paper = firm.month.given_up
    return deal.name == paper.deal and day <= paper.through


def unbilled(
    firm: FirmMonth,
    deal: Deal,
    work: Sequence[Work],
    entries: list[ApprovedTime],
    costs: list[ApprovedCost],
    held: Decimal,
) -> tuple[int, tuple[str, ...]]:
    """How many entries are on no invoice for a reason, and the ids of entries and expenses that are on none without."""
    left = {entry.entry_id for entry in entries if not entry.invoiced}
    waiting = left_with_reason(work, left, held)
    missing = [cost.cost_id for cost in costs if not cost.invoiced and not given_up(firm, deal, cost.day)]
    return len(waiting), (*sorted(left - waiting), *missing)


def left_with_reason(work: Sequence[Work], left: set[str], held: Decimal) -> set[str]:
    """Of the entries on no invoice, those that were given up, and the others if no more is left than is held above a cap."""
    above = [each for each in work if each.entry_id in left and not each.given_up]
    reasons = {each.entry_id for each in work if each.given_up and each.entry_id in left}
    if sum((each.value for each in above), ZERO) <= held:
        reasons |= {each.entry_id for each in above}
    return reasons


def price_list(firm: FirmMonth) -> Price:
    people = {person.email: person for person in firm.month.consultants}
    agreed = firm.month.amendment

    def price(entry: ApprovedTime) -> Decimal:
        person = people[entry.consultant]
        if entry.project == agreed.deal and person.role == agreed.role and entry.day >= agreed.effective_on:
            return agreed.rate_per_hour
        office = firm.month.offices[person.office]
        return (office.raised if entry.day >= firm.month.raise_on else office.rates)[person.role]

    return price


def entry_value(entry: ApprovedTime, price: Price, currency: str) -> Decimal:
    return to_unit(currency)(entry.minutes * price(entry) / 60)


def parts_due(firm: FirmMonth, deal: Deal) -> Decimal:
    """Instalments due by the month's end and the accepted milestone, from the plan that was sold."""
    if deal.kind is Kind.FIXED:
        return sum((part.amount for part in deal.parts if part.due_on and part.due_on <= firm.month.last), ZERO)
    return deal.parts[0].amount if deal.kind is Kind.MILESTONE else ZERO


def by_currency(accounts: Sequence[Account]) -> dict[str, Decimal]:
    net: dict[str, Decimal] = defaultdict(Decimal)
    for each in accounts:
        net[each.currency] += each.invoiced
    return net


def sums(accounts: Sequence[Account]) -> Mapping[str, Decimal]:
    """Of several contracts in one currency: the steps from approved to due by name, issued, credited, invoiced."""
    steps = {step.name: sum((getattr(each.due, step.name) for each in accounts), ZERO) for step in fields(Due)}
    totals = {
        "should_be_invoiced": sum((each.due.invoiced for each in accounts), ZERO),
        "issued": sum((each.issued for each in accounts), ZERO),
        "credited": sum((each.credited for each in accounts), ZERO),
        "invoiced": sum((each.invoiced for each in accounts), ZERO),
        "difference": sum((each.difference for each in accounts), ZERO),
    }
    return steps | totals
