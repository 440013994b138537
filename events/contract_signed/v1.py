"""contract.signed: scope, price and terms are agreed. Producer: connectors/crm."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from events.envelope import EventData
from events.terms import KIND_OF_SERVICE, PurchaseOrderTerms, Terms
from events.values import Amount, CurrencyCode, Party, Ref


class SignedInstalment(EventData):
    instalment_id: str
    due_on: date
    value: Amount


class SignedLine(EventData):
    """instalments: of a fixed fee, they sum to `value`. milestone: the name under which delivery reports it.

    projects: names of the contract's projects whose work goes on this line; none: any. service: what is sold, in the words
    of finance's tax table; empty: services.
    """

    line_id: str
    kind: Literal["time_and_materials", "fixed_fee", "milestone"]
    description: str
    value: Amount
    instalments: tuple[SignedInstalment, ...] = ()
    milestone: str | None = None
    terms: Terms | None = None
    projects: tuple[str, ...] = ()
    service: str = Field(default="", pattern=KIND_OF_SERVICE)


class ContractSigned(EventData):
    """ref: the won opportunity. reference: None while the signed contract's number is missing; nothing is invoiced
    until it is there.

    legal_entity_id: who issues the invoices. billing_schedule: in the words of docs/billing.md, "Billing schedules".
    ship_to: who gets the service, where that is not the customer who gets the invoice.
    """

    event_type: ClassVar[str] = "contract.signed.v1"
    contract_id: str
    ref: Ref
    opportunity_id: str
    reference: str | None
    legal_entity_id: str
    customer: Party
    project_name: str
    currency: CurrencyCode
    purchase_order: str | None = None
    payment_terms_days: int = 30
    billing_schedule: str = "monthly"
    signed_on: date
    starts_on: date
    ends_on: date | None = None
    lines: tuple[SignedLine, ...]
    ship_to: Party | None = None
    grouping: Literal["contract", "project", "customer"] = "contract"
    separate_expenses: bool = False
    purchase_orders: tuple[PurchaseOrderTerms, ...] = ()
