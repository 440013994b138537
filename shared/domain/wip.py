"""WIP: one approved billable thing, not yet invoiced, valued under the contract and rate valid on its date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.domain.exchange import FxUsed
from shared.domain.identity import ExternalRef
from shared.domain.money import Money
from shared.domain.terms import WorkKind


class WipKind(StrEnum):
    TIME = "time"
    EXPENSE = "expense"
    MILESTONE = "milestone"
    INSTALMENT = "instalment"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Valuation:
    """How `value` came about: value = round(quantity / per * unit_price).

    For time: quantity in minutes, per 60, unit_price per hour, so that 50 minutes at 150.00 are 125.00 exactly.
    rule: the rate precedence that hit ("person_on_project", "role", ...). rate_id/rate_card_version: None where no rate
    card was asked.
    """

    quantity: Decimal
    unit: str
    unit_price: Money
    per: Decimal
    rule: str
    rate_id: str | None = None
    rate_card_id: str | None = None
    rate_card_version: str | None = None
    rate_per_hour: Money | None = None
    """The card's rate, where a multiplier made `unit_price` of it."""
    multiplier: Decimal | None = None
    worked: Decimal | None = None
    """The quantity before a rounding rule of the contract changed it."""
    clauses: tuple[str, ...] = ()
    """The terms of the contract line that changed price or quantity: "multipliers.weekend", "time_rounding.entry"."""
    fx: FxUsed | None = None
    """How unit_price came from the card's currency, or an expense's; card_price is what the card says, or what was paid."""
    card_price: Money | None = None

    @classmethod
    def of_amount(cls, value: Money, rule: str) -> Valuation:
        """A thing that has a price as a whole. A credit is one thing taken away: no unit price is ever negative."""
        one = Decimal(-1) if value.amount < 0 else Decimal(1)
        price = -value if value.amount < 0 else value
        return cls(quantity=one, unit="each", unit_price=price, per=Decimal(1), rule=rule)

    @property
    def value(self) -> Money:
        """To the currency's minor unit; the only rounding between a source record and its invoice line."""
        return self.unit_price.times(self.quantity, self.per).rounded()

    def negated(self) -> Valuation:
        return replace(self, quantity=-self.quantity, worked=None if self.worked is None else -self.worked)


@dataclass(frozen=True, slots=True)
class WipItem:
    """Immutable. A correction is a reversal (`reverses` names the item, quantity and value negated) plus a new item.

    source_id: canonical id of the time entry, expense, milestone or instalment; source_sequence: its version.
    worked_on: a date in the worker's calendar. approved_at: when the source was approved.
    """

    wip_id: str
    kind: WipKind
    legal_entity_id: str
    customer_id: str
    contract_id: str
    line_id: str
    project_id: str
    source_id: str
    source_sequence: int
    description: str
    person: str | None
    role: str | None
    worked_on: date
    value: Money
    valuation: Valuation
    approved_at: datetime | None
    approver: str | None = None
    reverses: str | None = None
    source_ref: ExternalRef | None = None
    """The source record in the system it came from, so that its outcome can be shown there."""
    person_id: str | None = None
    """As the rate card names people; with task, assignment and region what the rate was asked for."""
    task_id: str | None = None
    assignment_id: str | None = None
    region: str | None = None
    work_kind: WorkKind | None = None
    day_id: str | None = None
    """Of the person and day whose minutes are rounded as a whole; None where they are not."""
    adjusts: str | None = None
    """The item whose value this one changes, such as a write-down of it."""
    decided_by: str | None = None
    """The write-off that made it, for `explain`."""
    claimed_by: str | None = None
    """The invoice or write-off that claimed it; beside `adjusted_by` the only field that ever changes."""
    adjusted_by: tuple[str, ...] = ()
    """Adjustments that go on the same invoice; none is added once it is claimed."""
