"""Commands: what a saga asks of a system, by the system's role (CRM, PSA, ERP), never by its vendor.

A command travels as one SQS message, `CommandMessage`, with the token of the waiting saga; the connector answers with
the command's result. Every command may come twice: its subject's canonical id is the key the vendor is asked by.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from events.values import Amount, CurrencyCode, DecimalText, Party, Ref


class Command(BaseModel):
    """about: the field with the id of what it is about. Of two about the same, one waits for the other."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    about: ClassVar[str]

    @property
    def subject(self) -> str:
        return str(getattr(self, self.about))


class Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class CommandMessage(BaseModel):
    """command: class name of one below. execution: the saga's execution name. The token is never logged."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    command: str
    task_token: str = Field(repr=False)
    correlation_id: str
    execution: str
    payload: dict[str, Any]


class EnsureCustomer(Command):
    """ERP: the customer exists in this legal entity, found or made, with this name, address and tax number."""

    legal_entity_id: str
    customer: Party

    @property
    def subject(self) -> str:
        """Of all legal entities that bill it: an ERP with one record for them would get two."""
        return self.customer.customer_id


class EnsureCustomerResult(Result):
    ref: Ref


class PlannedMilestone(BaseModel):
    milestone: str
    value: Amount


class CreateProject(Command):
    """PSA: the project shell exists once, carries our project id as external reference, with client and milestones."""

    about: ClassVar[str] = "project_id"

    project_id: str
    contract_id: str
    contract_reference: str | None
    legal_entity_id: str
    name: str
    customer: Party
    currency: CurrencyCode
    starts_on: date
    ends_on: date | None = None
    milestones: tuple[PlannedMilestone, ...] = ()


class CreateProjectResult(Result):
    ref: Ref
    url: str | None = None


class EnsureErpProject(Command):
    """ERP: the billing side of the project exists under the customer."""

    about: ClassVar[str] = "project_id"

    project_id: str
    contract_id: str
    contract_reference: str | None
    legal_entity_id: str
    customer_id: str
    name: str
    currency: CurrencyCode
    starts_on: date
    ends_on: date | None = None


class EnsureErpProjectResult(Result):
    ref: Ref


class PostInvoice(Command):
    """ERP: the invoice whose document lies under `document_key` is posted once, `invoice_id` being our reference."""

    about: ClassVar[str] = "invoice_id"

    invoice_id: str
    legal_entity_id: str
    document_key: str


class PostInvoiceResult(Result):
    """Totals as the ERP computed them, read back after posting."""

    ref: Ref
    number: str
    net: DecimalText
    tax: DecimalText
    gross: DecimalText
    currency: CurrencyCode
    issued_on: date
    due_on: date | None = None


class PostCreditMemo(Command):
    """ERP: the credit memo whose document lies under `document_key` is posted once and set against its invoice.

    invoice_id: of the memo itself, our reference; the document's `credits` names the invoice it is against.
    """

    about: ClassVar[str] = "invoice_id"

    invoice_id: str
    legal_entity_id: str
    document_key: str


class PostCreditMemoResult(PostInvoiceResult):
    """applied: how much of it was set against its invoice; less than gross where that was paid before. None: unknown."""

    applied: DecimalText | None = None


class ReportProject(Command):
    """CRM: the deal shows its project and the project's state ("active", "blocked")."""

    about: ClassVar[str] = "project_id"

    opportunity_ref: Ref
    project_id: str
    project_ref: Ref | None = None
    status: str
    url: str | None = None


class ReportInvoice(Command):
    """CRM or PSA: the invoice and its state are shown where sales and delivery look.

    paid: money, without what was credited. sources: ids, in the PSA, of the time entries and expenses on it, by kind ("time_entry", "expense"), by reference to
    the document when they are many. invoice_id: what it is kept under, one per deal where the invoice bills several
    contracts; contract_id: then, the one this is about: amounts and lines are its own.
    """

    about: ClassVar[str] = "invoice_id"

    invoice_id: str
    contract_id: str | None = None
    document_key: str
    opportunity_ref: Ref | None = None
    customer_ref: Ref | None = None
    project_refs: tuple[Ref, ...] = ()
    number: str | None = None
    status: str
    currency: CurrencyCode
    net: DecimalText
    tax: DecimalText
    gross: DecimalText
    paid: DecimalText
    credited: DecimalText = Decimal(0)
    issued_on: date | None = None
    due_on: date | None = None


class ReportResult(Result):
    ref: Ref | None = None


COMMANDS: dict[str, type[Command]] = {
    model.__name__: model
    for model in (
        EnsureCustomer,
        CreateProject,
        EnsureErpProject,
        PostInvoice,
        PostCreditMemo,
        ReportProject,
        ReportInvoice,
    )
}
