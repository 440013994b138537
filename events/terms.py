"""Terms of a contract line as they travel: in contract.signed, in an amendment, in the CRM's terms field.

The shape of shared/domain/terms.py, amounts as strings; docs/billing.md says what each clause does.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from events.values import Amount, DecimalText, Value


class CapTerms(Value):
    """Exactly one of value and minutes."""

    over: Literal["hard", "soft"] = "hard"
    value: Amount | None = None
    minutes: int | None = Field(default=None, gt=0)
    with_expenses: bool = False


class RetainerTerms(Value):
    """carry_periods: 0 expires with its period, null never. starts_on: null: with the contract."""

    fee: Amount
    included: Amount | None = None
    carry_periods: int | None = Field(default=0, ge=0)
    starts_on: date | None = None


class PrepaidTerms(Value):
    deposit: Amount
    due_on: date
    refill_below: Amount | None = None


class ExpenseTerms(Value):
    """category null: every other one. mark_up: percent."""

    basis: Literal["at_cost", "mark_up", "per_diem"]
    category: str | None = None
    mark_up: DecimalText = Decimal(0)
    per_diem: Amount | None = None
    limit: Amount | None = None


class TierTerms(Value):
    over: Amount
    percent: DecimalText


class DiscountTerms(Value):
    tiers: tuple[TierTerms, ...] = Field(min_length=1)
    basis: Literal["period", "to_date"] = "period"


class RoundingTerms(Value):
    minutes: int = Field(gt=0, le=480)
    to: Literal["nearest", "up", "down"] = "nearest"
    scope: Literal["entry", "person_day"] = "entry"


class MultiplierTerms(Value):
    overtime: DecimalText = Decimal(1)
    weekend: DecimalText = Decimal(1)
    travel: DecimalText = Decimal(1)
    weekend_days: tuple[int, ...] = Field(default=(6, 7), description="ISO weekdays, Monday 1")


class PurchaseOrderTerms(Value):
    number: str = Field(min_length=1)
    limit: Amount | None = None
    expires_on: date | None = None


KIND_OF_SERVICE = r"^[a-z0-9_]{0,40}$"
"""As finance's tax table spells kinds of service; empty: none is named."""


class Terms(Value):
    cap: CapTerms | None = None
    retainer: RetainerTerms | None = None
    prepaid: PrepaidTerms | None = None
    expenses: tuple[ExpenseTerms, ...] = ()
    discount: DiscountTerms | None = None
    minimum: Amount | None = None
    time_rounding: RoundingTerms | None = None
    multipliers: MultiplierTerms | None = None
    purchase_order: PurchaseOrderTerms | None = None
