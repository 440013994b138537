"""contract.amended: a signed change of a contract took effect in the fabric. Producer: operations.

`AmendmentPaper` is what a person writes (`billweave amend amendment.json`); the event says besides who brought and who
approved it, and when. Each change is an object whose `change` says which; docs/billing.md, "Amendments".
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from events.contract_signed.v1 import SignedInstalment, SignedLine
from events.envelope import EventData
from events.terms import CapTerms, DiscountTerms, PurchaseOrderTerms, Terms
from events.values import Amount, Value

Id = Annotated[str, Field(min_length=1, max_length=200)]


class AddLineChange(Value):
    change: Literal["add_line"]
    line: SignedLine


class EndLineChange(Value):
    """The line takes no work from effective_on; instalments due from then on are no longer owed."""

    change: Literal["end_line"]
    line_id: Id


class AddInstalmentsChange(Value):
    change: Literal["add_instalments"]
    line_id: Id
    instalments: tuple[SignedInstalment, ...] = Field(min_length=1)


class MoveInstalmentChange(Value):
    change: Literal["move_instalment"]
    instalment_id: Id
    due_on: date


class SetValueChange(Value):
    """instalments: of a fixed fee, in place of all that are due from effective_on."""

    change: Literal["set_value"]
    line_id: Id
    value: Amount
    instalments: tuple[SignedInstalment, ...] = ()


class AmendedRate(Value):
    """role null: everybody's. Half-open: from valid_from, before valid_to; valid_from null: effective_on."""

    rate_per_hour: Amount
    role: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class SetRatesChange(Value):
    change: Literal["set_rates"]
    rates: tuple[AmendedRate, ...] = Field(min_length=1)


class SetDiscountChange(Value):
    """null: none from now on."""

    change: Literal["set_discount"]
    line_id: Id
    discount: DiscountTerms | None


class SetCapChange(Value):
    """null: none from now on."""

    change: Literal["set_cap"]
    line_id: Id
    cap: CapTerms | None


class SetTermsChange(Value):
    """All terms of the line in place of those that were agreed."""

    change: Literal["set_terms"]
    line_id: Id
    terms: Terms


class SetDatesChange(Value):
    """null: as it was."""

    change: Literal["set_dates"]
    starts_on: date | None = None
    ends_on: date | None = None


class SetPurchaseOrderChange(Value):
    """null: invoices name none."""

    change: Literal["set_purchase_order"]
    purchase_order: PurchaseOrderTerms | None


class SetBillingScheduleChange(Value):
    change: Literal["set_billing_schedule"]
    billing_schedule: str = Field(min_length=1)
    payment_terms_days: int | None = Field(default=None, ge=0, le=365)


AmendmentChange = Annotated[
    AddLineChange
    | EndLineChange
    | AddInstalmentsChange
    | MoveInstalmentChange
    | SetValueChange
    | SetRatesChange
    | SetDiscountChange
    | SetCapChange
    | SetTermsChange
    | SetDatesChange
    | SetPurchaseOrderChange
    | SetBillingScheduleChange,
    Field(discriminator="change"),
]


class AmendmentPaper(EventData):
    """amendment_id: the firm's own number for it; the same one is applied once. effective_on: first day of work it
    governs, past or future.
    """

    amendment_id: str = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")
    contract_id: Id
    effective_on: date
    words: str = Field(min_length=1, max_length=2000)
    changes: tuple[AmendmentChange, ...] = Field(min_length=1, max_length=100)


class ContractAmended(AmendmentPaper):
    """recorded_at: when we learned of it."""

    event_type: ClassVar[str] = "contract.amended.v1"
    recorded_at: AwareDatetime
    submitter: str = Field(min_length=1)
    approver: str = Field(min_length=1)
