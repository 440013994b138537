"""Terms of one contract line: what was agreed about caps, retainers, expenses, discounts, minimums and rounding.

All are optional and may stand together on one line. None says: nothing was agreed, so nothing is changed or held.
Source: docs/billing.md, "Terms of a contract line".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shared.domain.money import Money

_ONE = Decimal(1)


class OverCap(StrEnum):
    """HARD: what crosses the cap waits for an amendment. SOFT: it waits for delivery's and finance's yes."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Cap:
    """Not to exceed, over the life of the line. value: net of tax, before discounts; minutes: billed minutes.

    Exactly one of both is set. Expenses count only where `with_expenses` says so.
    """

    over: OverCap
    value: Money | None = None
    minutes: int | None = None
    with_expenses: bool = False


@dataclass(frozen=True, slots=True)
class Retainer:
    """A fee per billing period that covers work up to `included` (rate-card value; the fee itself when None).

    carry_periods: for how many later periods what was not used stays usable; 0: it expires with its period, None: never.
    starts_on: the first period with a fee is the one of this day; None: the contract's first.
    """

    fee: Money
    included: Money | None = None
    carry_periods: int | None = 0
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Prepaid:
    """A deposit invoiced on `due_on`; work draws it down until it is used up, the rest is billed as usual.

    refill_below: when what is left falls under it, the deposit is due again; None: never.
    """

    deposit: Money
    due_on: date
    refill_below: Money | None = None


class ExpenseBasis(StrEnum):
    AT_COST = "at_cost"
    MARK_UP = "mark_up"
    PER_DIEM = "per_diem"


@dataclass(frozen=True, slots=True)
class ExpenseRule:
    """How one category is billed; category None: every other one. The first that fits wins.

    mark_up: percent on cost. per_diem: per day, instead of cost. limit: the most that is billed of one expense; what is
    above goes to delivery as exception, never away.
    """

    basis: ExpenseBasis
    category: str | None = None
    mark_up: Decimal = Decimal(0)
    per_diem: Money | None = None
    limit: Money | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """From this much billed on, this discount: `over` 0 is a plain discount. percent of the value in the tier."""

    over: Money
    percent: Decimal


class TierBasis(StrEnum):
    PERIOD = "period"
    TO_DATE = "to_date"


@dataclass(frozen=True, slots=True)
class Discount:
    """Marginal: each tier's percent applies to the part of the value that lies in it, tiers in rising order."""

    tiers: tuple[Tier, ...]
    basis: TierBasis = TierBasis.PERIOD


class RoundTo(StrEnum):
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


class RoundScope(StrEnum):
    ENTRY = "entry"
    PERSON_DAY = "person_day"


@dataclass(frozen=True, slots=True)
class TimeRounding:
    """minutes: 1, 6, 15, 30 ...; raw minutes are kept, rounded ones are billed."""

    minutes: int
    to: RoundTo
    scope: RoundScope = RoundScope.ENTRY


class WorkKind(StrEnum):
    """What a time entry says of itself; None is plain work."""

    OVERTIME = "overtime"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Of the rate per hour, by what the entry or its day says. Travel, else overtime, else weekend: never two at once.

    The entry's own word goes before its day, also where the factor agreed for it is 1: travel on a Sunday is travel.
    weekend_days: ISO weekdays of the worker's local date, Monday 1; 5 and 6 where Friday and Saturday are free.
    """

    overtime: Decimal = _ONE
    weekend: Decimal = _ONE
    travel: Decimal = _ONE
    weekend_days: tuple[int, ...] = (6, 7)


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """The customer's own limit. limit: net; None: unlimited. expires_on: the last day of work it pays for."""

    number: str
    limit: Money | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class LineTerms:
    """minimum: per billing period; a period worth less is topped up."""

    cap: Cap | None = None
    retainer: Retainer | None = None
    prepaid: Prepaid | None = None
    expenses: tuple[ExpenseRule, ...] = ()
    discount: Discount | None = None
    minimum: Money | None = None
    time_rounding: TimeRounding | None = None
    multipliers: Multipliers | None = None
    purchase_order: PurchaseOrder | None = None
