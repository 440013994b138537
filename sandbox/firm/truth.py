"""What the month must come to, found by asking the vendors alone: what was approved, what the ERP holds.

Values are computed here apart from the fabric and its code: the minutes that Kantata holds x the firm's price list for
the person's role on the day of work (Kantata keeps on the entry what the role cost when it was typed in, which for a role
priced later is nothing), half a cent away from zero; amounts of expenses, milestones and instalments as written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.firm.month import FirmMonth
from sandbox.firm.plan import Kind

CENT = Decimal("0.01")
Row = dict[str, Any]


@dataclass(frozen=True)
class Truth:
    """approved: by currency, what should be invoiced by now. invoiced: net in the ERP, less its credit memos. duplicates: invoices in the ERP
    beyond the first with the same content. lost: ids of approved entries that are on no invoice in the PSA, by currency
    nothing else. entries_approved, entries_invoiced: counts in the PSA.
    """

    approved: dict[str, Decimal]
    invoiced: dict[str, Decimal]
    entries_approved: int
    entries_invoiced: int
    duplicates: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def find(firm: FirmMonth) -> Truth:
    kantata = firm.delivery.control
    entries = [row for row in kantata.records("time_entries") if row["approved"] and row["billable"]]
    expenses = [row for row in kantata.records("expenses") if row["approved"] and row["is_billable"]]
    approved: dict[str, Decimal] = defaultdict(Decimal)
    price = price_list(firm)
    for row in entries:
        approved[row["currency"]] += entry_value(row, price)
    for row in expenses:
        approved[row["currency"]] += Decimal(row["amount_in_cents"]) / 100
    for currency, amount in parts_due(firm):
        approved[currency] += amount
    invoices, memos = firm.payers.invoices(), firm.payers.credit_memos()
    return Truth(
        approved=dict(approved),
        invoiced=invoiced(firm, invoices, memos),
        entries_approved=len(entries),
        entries_invoiced=sum(1 for row in entries if row.get("invoice_id")),
        duplicates=duplicates([row for row in invoices if str(row["id"]) not in credited_in_full(invoices, memos)]),
        lost=[str(row["id"]) for row in (*entries, *expenses) if not row.get("invoice_id")],
    )


Price = Callable[[Row], Decimal]
"""What an hour of this entry costs."""


def price_list(firm: FirmMonth) -> Price:
    people = {person.email: person for person in firm.month.consultants}
    by_id = {row["id"]: people.get(row["email_address"]) for row in firm.delivery.control.records("users")}

    def price(row: Row) -> Decimal:
        person = by_id[row["user_id"]]
        assert person is not None, f"entry {row['id']} is nobody's"
        office = firm.month.offices[person.office]
        raised = date.fromisoformat(row["date_performed"]) >= firm.month.raise_on
        return (office.raised if raised else office.rates)[person.role]

    return price


def entry_value(row: Row, price: Price) -> Decimal:
    exact = Decimal(row["time_in_minutes"]) * price(row) / 60
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def parts_due(firm: FirmMonth) -> list[tuple[str, Decimal]]:
    """Instalments due by the month's end and accepted milestones, from the plan that was sold."""
    due: list[tuple[str, Decimal]] = []
    for deal in firm.month.deals:
        currency = firm.month.offices[deal.office].currency
        if deal.kind is Kind.FIXED:
            due += [(currency, part.amount) for part in deal.parts if part.due_on and part.due_on <= firm.month.last]
        elif deal.kind is Kind.MILESTONE:
            due.append((currency, deal.parts[0].amount))
    return due


def invoiced(firm: FirmMonth, invoices: list[Row], memos: list[Row]) -> dict[str, Decimal]:
    symbols = {row["id"]: row["symbol"] for row in firm.payers.control.records("currency")}
    net: dict[str, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        net[symbols[str(invoice["currency"]["id"])]] += Decimal(str(invoice["subtotal"]))
    for memo in memos:
        net[symbols[str(memo["currency"]["id"])]] -= Decimal(str(memo["subtotal"]))
    return dict(net)


def credited_in_full(invoices: list[Row], memos: list[Row]) -> set[str]:
    """Ids of invoices that memos alone settle: the same work on another one is billed again, not twice."""
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for memo in memos:
        for line in memo.get("apply") or []:
            taken[str(line["doc"]["id"])] += Decimal(str(line["amount"]))
    return {str(row["id"]) for row in invoices if taken.get(str(row["id"])) == Decimal(str(row["total"]))}


def duplicates(invoices: list[Row]) -> list[str]:
    """Same customer, project and lines: the same work billed again, whatever its number and our reference."""
    seen: Counter[str] = Counter()
    found = []
    for invoice in invoices:
        content = repr((reference(invoice, "entity"), reference(invoice, "job"), line_texts(invoice)))
        seen[content] += 1
        if seen[content] > 1:
            found.append(str(invoice["tranId"]))
    return found


def reference(invoice: Row, name: str) -> str:
    return str((invoice.get(name) or {}).get("id"))


def line_texts(invoice: Row) -> list[tuple[str, str]]:
    return sorted((str(line.get("description")), str(line.get("amount"))) for line in invoice.get("item") or [])
