"""What one S/4HANA tenant calls things: organizations, materials and choices from the deployment file, never code.

Source: docs/connectors/sap_s4hana.md, "Settings".
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.faults import BusinessException

SYSTEM = "sap_s4hana"
MAPPING = "1.0"
"""As in connector.yaml: changes when the same record gives other event data."""


class Organization(BaseModel):
    """Where a legal entity sells and keeps its books. company_code: the sales organization's number, unless named."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    sales_organization: Annotated[str, Field(pattern=r"^\w{1,4}$")]
    distribution_channel: str = "10"
    division: str = "00"
    company_code: str | None = None
    cost_center: str | None = None

    @property
    def company(self) -> str:
        return self.company_code or self.sales_organization


class SapS4HanaSettings(BaseModel):
    """organizations: by legal entity. materials: by what the line bills ("time", "expense", "milestone", "instalment",
    "adjustment"; of clauses "discount", "minimum", "covered"), with "default" for the rest. terms: by days ("30").
    units: SAP's by ours ("minute"); a line in another unit is sent as one piece at its net. tax_types: by country.

    slots: our share of parallel calls. released_status: of a project that may be posted to. settle_s: for so long after an
    attempt whose answer was lost, what is not there may still come. look_back_days: of the first scan for payments.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    account: str = SYSTEM
    slots: int = Field(default=4, ge=1)
    organizations: dict[str, Organization]
    materials: dict[str, str]
    terms: dict[str, str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    piece: str = "EA"
    price_condition: str = "PPR0"
    debit_request_type: str = "DR"
    credit_request_type: str = "CR"
    invoice_type: str = "F2"
    memo_type: str = "G2"
    order_reason: str | None = None
    partner_roles: tuple[str, ...] = ("FLCU00", "FLCU01")
    partner_grouping: str | None = None
    tax_types: dict[str, str] = Field(default_factory=dict)
    project_profile: str | None = None
    project_type: str | None = None
    released_status: str = "10"
    settle_s: int = Field(default=30, ge=0)
    overlap_minutes: int = Field(default=10, ge=0)
    look_back_days: int = Field(default=45, ge=1)
    page_size: int = Field(default=500, ge=1, le=1000)

    def organization(self, legal_entity_id: str) -> Organization:
        """Raises BusinessException("erp_organization_unmapped")."""
        found = self.organizations.get(legal_entity_id)
        if found is None:
            raise BusinessException("erp_organization_unmapped", legal_entity_id=legal_entity_id)
        return found

    def material(self, kind: str) -> str:
        """Raises BusinessException("erp_item_unmapped")."""
        found = self.materials.get(kind) or self.materials.get("default")
        if found is None:
            raise BusinessException("erp_item_unmapped", kind=kind)
        return found

    def payment_terms(self, days: int) -> str:
        """The due date follows from them, it cannot be sent. Raises BusinessException("erp_terms_unmapped")."""
        found = self.terms.get(str(days))
        if found is None:
            raise BusinessException("erp_terms_unmapped", days=str(days))
        return found
