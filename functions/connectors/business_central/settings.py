"""What one Business Central tenant calls things: companies, accounts, tax groups from the deployment file, never code.

Source: docs/connectors/business_central.md, "Settings".
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.faults import BusinessException

SYSTEM = "business_central"
MAPPING = "1.0"
"""As in connector.yaml: changes when the same record gives other event data."""
GUID = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


class BusinessCentralSettings(BaseModel):
    """companies: ids by legal entity. posts_to: number of the account (or item) by what a line bills ("time", "expense",
    "milestone", "instalment", "adjustment"; of clauses "discount", "minimum", "covered"), with "default" for the rest.
    tax_codes: by "<legal entity>:<category>/<rate>" or "<category>/<rate>", e.g. "DE:S/19", "AE/0". tax_areas: ids by
    "<legal entity>:<customer's country>" or "<legal entity>:*"; a customer of neither keeps the tenant's own.

    project_field: which of the tenant's two shortcut dimensions holds projects. tax_by_line: tax is rounded line by line
    there (lines are cut so that the sum is ours). price_decimals, quantity_decimals: what the tenant keeps.
    slots: our share of the five requests in process. look_back_days, overlap_minutes: how far payments are read back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    account: str = SYSTEM
    slots: int = Field(default=5, ge=1)
    companies: dict[str, GUID] = Field(min_length=1)
    line_type: Literal["Account", "Item"] = "Account"
    posts_to: dict[str, str]
    tax_codes: dict[str, str] = Field(default_factory=dict)
    tax_areas: dict[str, GUID] = Field(default_factory=dict)
    project_field: Literal["shortcutDimension1Code", "shortcutDimension2Code"] = "shortcutDimension2Code"
    tax_by_line: bool = True
    price_decimals: int = Field(default=5, ge=2, le=5)
    quantity_decimals: int = Field(default=5, ge=0, le=5)
    page_size: int = Field(default=500, ge=1, le=20_000)
    look_back_days: int = Field(default=45, ge=1)
    overlap_minutes: int = Field(default=10, ge=0)

    def company(self, legal_entity_id: str) -> str:
        """Raises BusinessException("erp_company_unmapped")."""
        found = self.companies.get(legal_entity_id)
        if found is None:
            raise BusinessException("erp_company_unmapped", legal_entity_id=legal_entity_id)
        return found

    def object_number(self, kind: str) -> str:
        """Of the account or item. Raises BusinessException("erp_item_unmapped")."""
        found = self.posts_to.get(kind) or self.posts_to.get("default")
        if found is None:
            raise BusinessException("erp_item_unmapped", kind=kind)
        return found

    def tax_code(self, legal_entity_id: str, rate_key: str) -> str | None:
        return self.tax_codes.get(f"{legal_entity_id}:{rate_key}") or self.tax_codes.get(rate_key)

    def tax_area(self, legal_entity_id: str, country: str) -> str | None:
        found = self.tax_areas.get(f"{legal_entity_id}:{country}") or self.tax_areas.get(f"{legal_entity_id}:*")
        return found.lower() if found else None
