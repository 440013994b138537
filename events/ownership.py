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


WRITES: dict[tuple[str, Owner], tuple[str, ...]] = {
    ("EnsureCustomer", Owner.ERP): ("customer/identity", "customer/tax"),
    ("EnsureErpProject", Owner.ERP): ("project/identity", "contract/scope"),
    ("PostInvoice", Owner.ERP): ("invoice/content",),
    ("PostCreditMemo", Owner.ERP): ("credit_memo/content",),
    ("CreateProject", Owner.PSA): ("customer/identity", "contract/scope", "project/identity", "milestone/price"),
    ("ReportInvoice", Owner.PSA): ("invoice/posting", "invoice/payment", "time_entry/outcome", "expense/outcome"),
    ("ReportInvoice", Owner.CRM): ("invoice/posting", "invoice/payment"),
    ("ReportProject", Owner.CRM): ("project/identity", "project/set-up"),
}
"""What a command changes at a system of that role, as "<kind>/<fields>": never a group of which its word counts."""

ANNOUNCES: dict[str, tuple[str, ...]] = {
    "opportunity.closed_won": ("customer/identity", "contract/scope"),
    "contract.signed": ("customer/identity", "customer/tax", "contract/scope", "contract/terms", "milestone/price"),
    "rate_card.changed": ("rate_card/rates",),
    "time.approved": ("time_entry/work",),
    "expense.approved": ("expense/work",),
    "milestone.completed": ("milestone/delivery",),
    "billing.hold_placed": ("project/billing hold",),
    "billing.hold_released": ("project/billing hold",),
    "invoice.paid": ("invoice/payment",),
}
"""What an event of a system says, by its type without version: only groups that the system's role owns."""


def written_by(command: str, role: str) -> tuple[str, ...]:
    """Raises KeyError for a command that systems of this role are never asked."""
    return WRITES[command, Owner(role)]


def announced_by(event: str) -> tuple[str, ...]:
    """Raises KeyError for a type that no system announces: it is the fabric's own word."""
    return ANNOUNCES[event]


def may_announce(role: str, group: str) -> bool:
    """Raises KeyError for a group that nobody has declared."""
    return may_write(Owner(role), *group.split("/"))


def may_be_told(role: str, group: str) -> bool:
    """Whether the fabric may write the group at systems of this role. Raises KeyError for one nobody has declared."""
    kind, fields = group.split("/")
    owner_of(kind, fields)
    return any(Owner(role) in row.carried_to for row in OWNERSHIP if (row.kind, row.fields) == (kind, fields))


def ownership_table() -> str:
    """Markdown, for docs/events.md."""
    rows = [
        f"| {row.kind} | {row.fields} | {row.means} | **{row.owner}** | {', '.join(row.carried_to) or '-'} |"
        for row in OWNERSHIP
    ]
    return "\n".join(["| object | fields | which | owner | shown in |", "|---|---|---|---|---|", *rows])
