"""Contract: signed scope, price and terms with a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.terms import LineTerms, PurchaseOrder


class LineKind(StrEnum):
    """How work comes to be billed. Retainers, prepaid work and caps are terms of a time-and-materials line."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_FEE = "fixed_fee"
    MILESTONE = "milestone"


class Grouping(StrEnum):
    """What stands on one invoice together: per contract, per project of it, or all of the customer's contracts that share
    how they are billed; one purchase order each in any case."""

    CONTRACT = "contract"
    PROJECT = "project"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part of a fixed fee."""

    instalment_id: str
    due_on: date
    value: Money


@dataclass(frozen=True, slots=True)
class ContractLine:
    """value: the signed amount; for time and materials an estimate that caps nothing, only `terms.cap` does.

    instalments: only for fixed fee, they sum to `value`. milestone: only for milestone lines, the name under which
    delivery reports it. projects: names of the contract's projects whose work goes here; empty: any.
    """

    line_id: str
    kind: LineKind
    description: str
    value: Money
    instalments: tuple[Instalment, ...] = ()
    milestone: str | None = None
    terms: LineTerms = LineTerms()
    projects: tuple[str, ...] = ()
    service: str = ""
    """What is sold, in the words of finance's tax table; empty: services."""
    starts_on: date | None = None
    """First and last day of work the line takes, where an amendment added or ended it; None: the contract's."""
    ends_on: date | None = None

    def takes(self, day: date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class SignedRate:
    """A price that an amendment signed. role None: everybody's. Half-open [valid_from, valid_to) in dates of work."""

    rate_id: str
    rate_per_hour: Money
    valid_from: date
    valid_to: date | None = None
    role: str | None = None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class AppliedAmendment:
    """A signed change. effective_on: first day of work it governs; recorded_at: when we learned it (UTC)."""

    amendment_id: str
    effective_on: date
    recorded_at: datetime
    approver: str
    words: str


@dataclass(frozen=True, slots=True)
class Contract:
    """ref: the won opportunity. reference: the signed contract's number in the CRM; None while it is missing, and then
    nothing is invoiced.

    ship_to: the customer that gets the service where it is not the one that gets the invoice; the place of supply.
    separate_expenses: expenses go on invoices of their own. amendments: those that made the contract what it is now.
    """

    contract_id: str
    ref: ExternalRef
    opportunity_id: str
    reference: str | None
    legal_entity_id: str
    customer_id: str
    project_name: str
    currency: str
    purchase_order: str | None
    payment_terms_days: int
    billing_schedule: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    lines: tuple[ContractLine, ...]
    ship_to: str | None = None
    grouping: Grouping = Grouping.CONTRACT
    separate_expenses: bool = False
    purchase_orders: tuple[PurchaseOrder, ...] = ()
    amendments: tuple[AppliedAmendment, ...] = ()
    rates: tuple[SignedRate, ...] = ()
    """Prices that amendments signed, the newest last; they go before any rate card."""

    def line_of(self, kind: LineKind, project: str | None = None) -> ContractLine | None:
        """The first that names the project, else the first that names none. project: its name; None: any line will do."""
        of_kind = [line for line in self.lines if line.kind is kind]
        fit = [line for line in of_kind if project is None or not line.projects or project in line.projects]
        return min(fit, key=lambda line: not line.projects, default=None)

    def line(self, line_id: str) -> ContractLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)
