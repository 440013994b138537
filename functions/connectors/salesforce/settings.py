"""What one Salesforce org calls things: field and picklist names from the deployment file, never code.

Source: docs/connectors/salesforce.md, "Settings".
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SYSTEM = "salesforce"
MAPPING = "1.1"
"""As in connector.yaml: changes when the same record gives other event data."""


class DealFields(BaseModel):
    """API names of what the firm added to its objects. An empty name: the org has no such field.

    line_terms: long text of the product, the JSON of events/terms.py. line_project: the name of the project whose work goes
    on it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    legal_entity: str = "Legal_Entity__c"
    purchase_order: str = "PO_Number__c"
    payment_terms_days: str = "Payment_Terms_Days__c"
    billing_schedule: str = "Billing_Frequency__c"
    account_tax_number: str = ""
    grouping: str = ""
    separate_expenses: str = ""
    purchase_orders: str = ""
    line_project: str = ""
    line_terms: str = ""


class ReportFields(BaseModel):
    """Where project and invoice status are shown. The external id field is the key of every upsert."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    external_id: str = "Fabric_Key__c"
    project_id: str = "Fabric_Project_Id__c"
    project_status: str = "Fabric_Project_Status__c"
    project_url: str = "Fabric_Project_URL__c"
    invoice_object: str = "Fabric_Invoice__c"


class SalesforceSettings(BaseModel):
    """line_kinds: a product's family -> kind of contract line. countries: as accounts spell them -> ISO 3166-1 alpha-2.

    legal_entities: as deals spell them -> our id; empty: they spell it as we do. page_size: a hint only, the server
    decides. slots: calls at once. overlap_minutes: how far a poll reads back; poll_rows: deals it hands on at once.
    won_from: deals closed before it are none of ours, so that an old org does not set up its past; None: all are.
    settle_s: a deal changed less long ago is read again after it, because Salesforce's change times end at the second:
    a second change within it would look like no change.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    account: str = SYSTEM
    api_version: str = Field(default="66.0", pattern=r"^[0-9]{2}\.0$")
    slots: int = Field(default=4, ge=1)
    multi_currency: bool = True
    default_currency: str = "USD"
    deal: DealFields = DealFields()
    report: ReportFields = ReportFields()
    services: dict[str, str] = Field(default_factory=dict)
    """A product's family -> kind of service of finance's tax table; a family that is not here sells services as such."""
    line_kinds: dict[str, str] = Field(
        default_factory=lambda: {
            "Time and Materials": "time_and_materials",
            "Fixed Fee": "fixed_fee",
            "Milestone": "milestone",
        }
    )
    legal_entities: dict[str, str] = Field(default_factory=dict)
    countries: dict[str, str] = Field(default_factory=dict)
    page_size: int = Field(default=500, ge=200, le=2000)
    overlap_minutes: int = Field(default=5, ge=0)
    poll_rows: int = Field(default=500, ge=1, le=2000)
    won_from: date | None = None
    settle_s: int = Field(default=2, ge=0, le=60)
    token_minutes: int = Field(default=30, ge=1)
    bill_to: Literal["account", "parent"] = "account"
    """parent: invoices go to the account's parent where it has one; the account itself is then the ship-to."""
