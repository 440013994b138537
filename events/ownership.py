"""Which system owns what: one owner per kind of object and group of fields. A write by another is refused and shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """By role; the deployment says which system has it."""

    CRM = "crm"
    PSA = "psa"
    ERP = "erp"
    BILLWEAVE = "billweave"


@dataclass(frozen=True, slots=True)
class Ownership:
    """kind: of object, as in canonical ids. fields: a named group of them. carried_to: who shows them, read only."""

    kind: str
    fields: str
    owner: Owner
    means: str
    carried_to: tuple[Owner, ...] = ()


OWNERSHIP: tuple[Ownership, ...] = (
    Ownership("customer", "identity", Owner.CRM, "name, address, country", (Owner.PSA, Owner.ERP)),
    Ownership("customer", "tax", Owner.CRM, "tax number", (Owner.ERP,)),
    Ownership("customer", "receivables", Owner.ERP, "balance, dunning, credit limit"),
    Ownership("contract", "scope", Owner.CRM, "reference, lines, value, dates, purchase order", (Owner.PSA, Owner.ERP)),
    Ownership("contract", "terms", Owner.CRM, "currency, payment terms, billing schedule", (Owner.ERP,)),
    Ownership("project", "identity", Owner.BILLWEAVE, "project id, name, links between systems", tuple(Owner)[:3]),
    Ownership("project", "set-up", Owner.BILLWEAVE, "setting up, active, blocked", (Owner.CRM,)),
    Ownership("project", "delivery", Owner.PSA, "plan, staffing, progress"),
    Ownership("project", "billing hold", Owner.PSA, "held or not, and why"),
    Ownership("milestone", "delivery", Owner.PSA, "completed on, accepted by"),
    Ownership("milestone", "price", Owner.CRM, "amount signed", (Owner.PSA,)),
    Ownership("rate_card", "rates", Owner.PSA, "prices per person, role and project, with dates"),
    Ownership("time_entry", "work", Owner.PSA, "who, when, minutes, role, task, approval"),
    Ownership("time_entry", "outcome", Owner.BILLWEAVE, "the invoice it is on", (Owner.PSA,)),
    Ownership("expense", "work", Owner.PSA, "who, when, category, amount, approval"),
    Ownership("expense", "outcome", Owner.BILLWEAVE, "the invoice it is on", (Owner.PSA,)),
    Ownership("wip", "all", Owner.BILLWEAVE, "value, valuation, claim"),
    Ownership("invoice", "content", Owner.BILLWEAVE, "lines, tax decision, totals, dates", (Owner.ERP,)),
    Ownership("invoice", "posting", Owner.ERP, "number, posting date, totals as booked", (Owner.PSA, Owner.CRM)),
    Ownership("invoice", "payment", Owner.ERP, "paid, open, paid on", (Owner.PSA, Owner.CRM)),
    Ownership("credit_memo", "content", Owner.BILLWEAVE, "lines, tax, reason, the invoice it is against", (Owner.ERP,)),
    Ownership(
        "credit_memo", "posting", Owner.ERP, "number, totals as booked, what of it is applied", (Owner.PSA, Owner.CRM)
    ),
    Ownership("exception", "all", Owner.BILLWEAVE, "type, owner, clock, resolution"),
)


def owner_of(kind: str, fields: str) -> Owner:
    """Raises KeyError for a group of fields that nobody has declared."""
    for row in OWNERSHIP:
        if (row.kind, row.fields) == (kind, fields):
            return row.owner
    raise KeyError(f"{kind} {fields}: no owner declared in events/ownership.py")


def may_write(writer: Owner, kind: str, fields: str) -> bool:
    """The owner's word changes the record; anybody else's is refused and shown as an ownership conflict."""
    return owner_of(kind, fields) is writer


def ownership_table() -> str:
    """Markdown, for docs/events.md."""
    rows = [
        f"| {row.kind} | {row.fields} | {row.means} | **{row.owner}** | {', '.join(row.carried_to) or '-'} |"
        for row in OWNERSHIP
    ]
    return "\n".join(["| object | fields | which | owner | shown in |", "|---|---|---|---|---|", *rows])
