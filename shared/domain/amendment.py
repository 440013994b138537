"""Amendment: a signed change of a contract. It governs work from a day on, and we learned of it at a moment.

A contract is never overwritten: its history is what the CRM delivered as signed, and the amendments on top of it.
Source: docs/billing.md, "Amendments".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from shared.domain.contract import Contract, ContractLine, Instalment, SignedRate
from shared.domain.money import Money
from shared.domain.terms import Cap, Discount, LineTerms, PurchaseOrder


@dataclass(frozen=True, slots=True)
class AddLine:
    """New scope: any kind of line; a milestone is a line of its own. It takes work from the amendment's day on."""

    line: ContractLine
    change: Literal["add_line"] = "add_line"


@dataclass(frozen=True, slots=True)
class EndLine:
    """The line takes no work from the amendment's day on; instalments due from that day on are no longer owed."""

    line_id: str
    change: Literal["end_line"] = "end_line"


@dataclass(frozen=True, slots=True)
class AddInstalments:
    """To a fixed fee, which rises by their sum."""

    line_id: str
    instalments: tuple[Instalment, ...]
    change: Literal["add_instalments"] = "add_instalments"


@dataclass(frozen=True, slots=True)
class MoveInstalment:
    instalment_id: str
    due_on: date
    change: Literal["move_instalment"] = "move_instalment"


@dataclass(frozen=True, slots=True)
class SetValue:
    """The signed amount. instalments: of a fixed fee, in place of all that are due from the amendment's day on."""

    line_id: str
    value: Money
    instalments: tuple[Instalment, ...] = ()
    change: Literal["set_value"] = "set_value"


@dataclass(frozen=True, slots=True)
class SetRates:
    """Signed prices: they go before any rate card, from their own day of work on."""

    rates: tuple[SignedRate, ...]
    change: Literal["set_rates"] = "set_rates"


@dataclass(frozen=True, slots=True)
class SetDiscount:
    line_id: str
    discount: Discount | None
    change: Literal["set_discount"] = "set_discount"


@dataclass(frozen=True, slots=True)
class SetCap:
    """Raised, lowered, or taken away (None)."""

    line_id: str
    cap: Cap | None
    change: Literal["set_cap"] = "set_cap"


@dataclass(frozen=True, slots=True)
class SetTerms:
    """All terms of the line in place of those that were agreed."""

    line_id: str
    terms: LineTerms
    change: Literal["set_terms"] = "set_terms"


@dataclass(frozen=True, slots=True)
class SetDates:
    """What is None stays as it is."""

    starts_on: date | None = None
    ends_on: date | None = None
    change: Literal["set_dates"] = "set_dates"


@dataclass(frozen=True, slots=True)
class SetPurchaseOrder:
    """From now on invoices name this one; None: none."""

    purchase_order: PurchaseOrder | None
    change: Literal["set_purchase_order"] = "set_purchase_order"


@dataclass(frozen=True, slots=True)
class SetBillingSchedule:
    """payment_terms_days None: as they were."""

    billing_schedule: str
    payment_terms_days: int | None = None
    change: Literal["set_billing_schedule"] = "set_billing_schedule"


Change = (
    AddLine
    | EndLine
    | AddInstalments
    | MoveInstalment
    | SetValue
    | SetRates
    | SetDiscount
    | SetCap
    | SetTerms
    | SetDates
    | SetPurchaseOrder
    | SetBillingSchedule
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """effective_on: first day of work it governs. recorded_at: when we learned it (UTC). changes: applied in order.

    amendment_id: the firm's own number for it; the same one is applied once.
    """

    amendment_id: str
    contract_id: str
    effective_on: date
    recorded_at: datetime
    submitter: str
    approver: str
    words: str
    changes: tuple[Change, ...]

    def says_the_same_as(self, other: Amendment) -> bool:
        """Whoever brought it and whenever: the same paper."""
        return self.paper == other.paper

    @property
    def paper(self) -> tuple[object, ...]:
        return (self.amendment_id, self.contract_id, self.effective_on, self.words, self.changes)


@dataclass(frozen=True, slots=True)
class SignedVersion:
    """The contract as the CRM delivered it. sequence: the CRM's version; recorded_at: when it reached us (UTC)."""

    sequence: int
    recorded_at: datetime
    contract: Contract


@dataclass(frozen=True, slots=True)
class ContractHistory:
    """signed: in rising order of sequence, at least one. amendments: in any order, all of them."""

    signed: tuple[SignedVersion, ...]
    amendments: tuple[Amendment, ...] = ()
