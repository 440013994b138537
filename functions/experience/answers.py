"""What the experience API answers, as it is published in docs/openapi.yaml. Amounts and quantities are text, exact."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

AmountText = Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """RFC 9457. title: our fault code (docs/faults.md); what else is known stands beside it as text."""

    model_config = ConfigDict(extra="allow")

    title: str
    status: int


class Refused(Answer):
    code: str
    facts: dict[str, str]


class PreviewLine(Answer):
    """origin: "work", or the clause of the contract that made it. net = quantity / per x unit_price, rounded."""

    line_id: str
    wip_id: str
    contract_line_id: str
    project_id: str
    origin: str
    clause: str
    description: str
    quantity: str = AmountText
    unit: str
    unit_price: str = AmountText
    per: str = AmountText
    net: str = AmountText
    tax_category: str
    tax_rate: str = AmountText
    tax_rule: str


class PreviewInvoice(Answer):
    """refused: why it could not be priced today; then it has no amounts and no lines."""

    invoice_id: str
    kind: str
    customer: str
    purchase_order: str | None
    part: str
    period_end: date
    items: int
    issued_on: date | None = None
    due_on: date | None = None
    net: str | None = None
    tax: str | None = None
    gross: str | None = None
    needs_approval: bool | None = None
    refused: Refused | None = None
    lines: list[PreviewLine]


class NotBilled(Answer):
    """reason: a code of docs/billing.md, "What goes on one invoice"."""

    what: str
    id: str
    contract_line_id: str
    date: date | None
    description: str
    value: str = AmountText
    reason: str


class Waiting(Answer):
    waiting_for: str
    reason: str
    deliveries: int


class Preview(Answer):
    contract_id: str
    contract_reference: str | None
    project: str
    currency: str
    through: date
    invoices: list[PreviewInvoice]
    not_billed: list[NotBilled]
    waiting: list[Waiting]


class OpenItemChange(Answer):
    wip_id: str
    line_id: str
    worked_on: date
    worked_on_after: date
    description: str
    becomes: Literal["re_rated", "moved", "not_billable"]
    value_before: str = AmountText
    value_after: str = AmountText
    why: str


class DraftChange(Answer):
    invoice_id: str
    status: str
    items: int
    difference: str = AmountText


class InstalmentChange(Answer):
    instalment_id: str
    line_id: str
    due_before: date | None
    due_after: date | None
    value_before: str | None
    value_after: str | None
    billed: bool


class BacklogLine(Answer):
    line_id: str
    description: str
    signed_before: str = AmountText
    signed_after: str = AmountText
    delivered: str = AmountText
    remaining_before: str = AmountText
    remaining_after: str = AmountText
    over_after: str = AmountText


class CapLine(Answer):
    line_id: str
    unit: str
    cap_before: str | None
    cap_after: str | None
    used: str = AmountText
    open: str = AmountText
    remaining_before: str | None
    remaining_after: str | None
    above_before: str = AmountText
    above_after: str = AmountText


class PlanItem(Answer):
    """One line to credit and bill again, for review; rebill less credit is the difference."""

    invoice_id: str
    erp_number: str | None
    status: str
    wip_id: str
    worked_on: date
    description: str
    credit: str = AmountText
    rebill: str = AmountText
    difference: str = AmountText


class WhatIf(Answer):
    """What an amendment would do; nothing of it was written."""

    amendment_id: str
    contract_id: str
    effective_on: date
    words: str
    currency: str
    open_items: list[OpenItemChange]
    drafts: list[DraftChange]
    instalments: list[InstalmentChange]
    backlog: list[BacklogLine]
    caps: list[CapLine]
    plan: list[PlanItem]
    plan_difference: str = AmountText


class Eligibility(Answer):
    """Whether a run through `through` would bill it. reason: None when it would, or when an invoice has it."""

    id: str
    what: Literal["item", "entry", "project"]
    billable: bool
    state: Literal["open", "invoiced", "waiting", "withdrawn", "project"]
    reason: str | None
    through: date
    contract_id: str
    project_id: str
    wip_id: str | None = None
    value: str | None = None
    currency: str | None = None
    invoice_id: str | None = None
    invoice_status: str | None = None
    erp_number: str | None = None


class RateAnswer(Answer):
    """The price of an hour of such work. level: the rate precedence that hit; "signed_..." where an amendment set it.

    card_version: of the rate card, or the amendment's number. unit_price: rate with the contract's multiplier.
    """

    contract_id: str
    project_id: str
    role: str | None
    person: str | None
    worked_on: date
    known_at: datetime | None
    level: str
    rate_id: str | None
    card_id: str | None
    card_version: str | None
    unit_price: str = AmountText
    currency: str


class InvoiceStatusAnswer(Answer):
    invoice_id: str
    kind: str
    status: str
    standing: str
    erp_number: str | None
    contract_id: str
    contract_ids: tuple[str, ...]
    period_end: date
    currency: str
    net: str | None
    tax: str | None
    gross: str | None
    paid: str | None
    credited: str | None
    outstanding: str | None
    issued_on: date | None
    due_on: date | None
    posted_at: datetime | None
    approver: str | None
    refused_by: str | None
