"""What one Certinia org calls things: fields of the firm's own, words and habits from the deployment file, never code.

Source: docs/connectors/certinia.md, "Settings".
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SYSTEM = "certinia"
MAPPING = "1.0"
"""As in connector.yaml: changes when the same record gives other event data."""


class OwnFields(BaseModel):
    """API names of what the firm added. key: external id, unique, on accounts, projects and milestones.

    invoice, invoice_status: on splits, expenses, milestones and billing events, our invoice's id and how it stands.
    accepted_by: on milestones, who accepted it; empty: the org has no such field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: str = "Fabric_Key__c"
    invoice: str = "Fabric_Invoice__c"
    invoice_status: str = "Fabric_Invoice_Status__c"
    accepted_by: str = "Accepted_By__c"


class HoldRule(BaseModel):
    """What puts a project's billing on hold: a checkbox, or the project's status being one of these words."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    checkbox: str = "pse__Exclude_From_Billing__c"
    statuses: tuple[str, ...] = ()


class CertiniaSettings(BaseModel):
    """slots: calls at once. page_rows: records of one page of a feed. overlap_minutes: how far a poll reads back.

    settle_s: a record changed less long ago is read again after it, because change times end at the second: a second
    change within it would look like no change. approval_for_billing: work counts as approved only once it is approved
    for billing, too. expense_amount, expense_currency: of what is billed; empty: the amount spent, in its currency.
    accounts "crm": the CRM is this org, and a customer is its account there. countries: ISO 3166-1 alpha-2 -> as
    accounts spell them. new_project: by legal entity, fields that the org asks of a new project. region_of: whose region
    rates are agreed for. write_back "own_fields": the package's invoice fields are another system's to write.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    account: str = SYSTEM
    api_version: str = Field(default="66.0", pattern=r"^[0-9]{2}\.0$")
    slots: int = Field(default=4, ge=1)
    page_size: int = Field(default=500, ge=200, le=2000)
    page_rows: int = Field(default=200, ge=1, le=400)
    look_back_days: int = Field(default=45, ge=1)
    overlap_minutes: int = Field(default=5, ge=0)
    settle_s: int = Field(default=2, ge=0, le=60)
    token_minutes: int = Field(default=30, ge=1)
    multi_currency: bool = True
    default_currency: str = "USD"
    fields: OwnFields = OwnFields()
    hold: HoldRule = HoldRule()
    approval_for_billing: bool = True
    expense_amount: str = "pse__Billing_Amount__c"
    expense_currency: str = "pse__Billing_Currency__c"
    region_of: Literal["", "project", "resource"] = ""
    accounts: Literal["own", "crm"] = "own"
    countries: dict[str, str] = Field(default_factory=dict)
    new_project: dict[str, dict[str, str]] = Field(default_factory=dict)
    write_back: Literal["invoice", "own_fields"] = "invoice"
