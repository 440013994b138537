"""Contract: signed scope, price and terms with a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.domain.identity import ExternalRef
from shared.domain.money import Money


class LineKind(StrEnum):
    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_FEE = "fixed_fee"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part of a fixed fee."""

    instalment_id: str
    due_on: date
    value: Money


@dataclass(frozen=True, slots=True)
class ContractLine:
    """value: the signed amount; for time and materials an estimate that caps nothing.

    instalments: only for fixed fee, they sum to `value`. milestone: only for milestone lines, the name under which
    delivery reports it.
    """

    line_id: str
    kind: LineKind
    description: str
    value: Money
    instalments: tuple[Instalment, ...] = ()
    milestone: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """ref: the won opportunity. reference: the signed contract's number in the CRM; None while it is missing, and then
    nothing is invoiced.
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

    def line_of(self, kind: LineKind) -> ContractLine | None:
        return next((line for line in self.lines if line.kind is kind), None)
