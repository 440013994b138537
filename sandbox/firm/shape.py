"""The shapes of the firm and of its month: pure data. Amounts are Decimal in main units, minutes integers, dates in the
legal entity's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sandbox.firm.clauses import PLAIN, Clauses

ROLES = ("Partner", "Principal", "Senior Consultant", "Consultant", "Analyst")
SPECIALIST = "Data Scientist"
"""A role that joins the rate cards late: work in it waits for its rate."""


class Kind(StrEnum):
    TIME = "Time and Materials"
    FIXED = "Fixed Fee"
    MILESTONE = "Milestone"


class Twist(StrEnum):
    """What goes wrong with a contract's month."""

    NONE = "none"
    NO_REFERENCE = "the signed contract is not attached to the deal"
    ERP_REFUSES = "the ERP side of the project fails"
    HOLD = "billing is held, then released"
    UNAPPROVED = "a milestone is done, not yet accepted"


@dataclass(frozen=True)
class Office:
    """legal_entity: as deals spell it. rate_per_hour: by role, in its currency, before and from the mid-month raise."""

    legal_entity: str
    country: str
    currency: str
    rates: dict[str, Decimal]
    raised: dict[str, Decimal]


@dataclass(frozen=True)
class Consultant:
    name: str
    email: str
    office: str
    role: str


@dataclass(frozen=True)
class Client:
    name: str
    street: str
    city: str
    region: str
    postal_code: str
    country: str
    office: str
    currency: str
    tax_number: str | None


@dataclass(frozen=True)
class Part:
    """A fixed-fee instalment (due_on) or a milestone (name)."""

    amount: Decimal
    due_on: date | None = None
    name: str = ""


@dataclass(frozen=True)
class Deal:
    """parts: of fixed fee and milestone deals; a milestone deal has time as well. estimate: of its time. clauses: what was
    agreed beside the price of its time. together: on one invoice with the client's other deals that say so.
    """

    name: str
    client: str
    office: str
    kind: Kind
    estimate: Decimal
    parts: tuple[Part, ...]
    purchase_order: str | None
    terms_days: int
    team: tuple[str, ...]
    twist: Twist = Twist.NONE
    clauses: Clauses = PLAIN
    together: bool = False

    @property
    def bills_time(self) -> bool:
        return self.kind is Kind.TIME


@dataclass(frozen=True)
class Entry:
    """late: entered after the month was billed. corrected_to: minutes it is set to after its first approval."""

    number: int
    deal: str
    consultant: str
    day: date
    minutes: int
    notes: str
    late: bool = False
    corrected_to: int | None = None


@dataclass(frozen=True)
class Cost:
    number: int
    deal: str
    consultant: str
    day: date
    amount: Decimal
    category: str
    notes: str


@dataclass(frozen=True)
class Amendment:
    """The customer signs in the middle of the month: one role costs rate_per_hour on this deal from that day of work on."""

    number: str
    deal: str
    effective_on: date
    role: str
    rate_per_hour: Decimal
    words: str


@dataclass(frozen=True)
class GivenUp:
    """Work and expenses of the deal on or before `through` that the firm does not bill, agreed with the customer."""

    deal: str
    through: date
    note: str


@dataclass(frozen=True)
class Rebilled:
    """The deal's first invoice is credited whole and billed again."""

    deal: str
    reason: str


@dataclass(frozen=True)
class Month:
    first: date
    last: date
    offices: dict[str, Office]
    consultants: tuple[Consultant, ...]
    clients: tuple[Client, ...]
    deals: tuple[Deal, ...]
    entries: tuple[Entry, ...]
    costs: tuple[Cost, ...]
    raise_on: date
    amendment: Amendment
    given_up: GivenUp
    rebilled: Rebilled
    workdays: tuple[date, ...] = field(default=())
