"""What one NetSuite account calls things: internal ids and choices from the deployment file, never code.

Source: docs/connectors/netsuite.md, "Settings".
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.currencies import minor_units
from shared.faults import BusinessException

SYSTEM = "netsuite"
MAPPING = "1.0"
"""As in connector.yaml: changes when the same record gives other event data."""
PART = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
"""What may stand in an external id: letters, digits, underscore, hyphen."""


class TaxMode(StrEnum):
    """How our tax decision is told: amounts per line (SuiteTax), a code per line, or not at all."""

    DETAILS = "taxDetails"
    CODE = "taxCode"
    NONE = "none"


class TaxCode(BaseModel):
    """Internal ids of a tax code and, for tax details, its type."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    code: str
    type: str | None = None


class NetSuiteSettings(BaseModel):
    """subsidiaries: by legal entity. items: by what the line bills ("time", "expense", "milestone", "instalment",
    "adjustment"; of clauses "discount", "minimum", "covered"), with "default" for the rest. terms: by days ("30"). tax_codes: by "<legal entity>:<category>/<rate>" or
    "<category>/<rate>", e.g. "DE:S/19", "AE/0".

    currency_decimals: what the account's currency records keep ("Currency Precision"), where that is not ISO 4217's, at
    most two; a three-decimal currency must be named here before anything is posted in it.
    slots: our share of the account's concurrency, all lanes together. overlap_minutes: how far a poll reads back.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    account: str = SYSTEM
    slots: int = Field(default=5, ge=1)
    subsidiaries: dict[PART, str]
    items: dict[str, str]
    terms: dict[str, str] = Field(default_factory=dict)
    tax_mode: TaxMode = TaxMode.DETAILS
    tax_codes: dict[str, TaxCode] = Field(default_factory=dict)
    currency_decimals: dict[str, Annotated[int, Field(ge=0, le=4)]] = Field(default_factory=dict)
    approval_status: str | None = None
    job_billing_type: str | None = None
    overlap_minutes: int = Field(default=10, ge=0)
    look_back_days: int = Field(default=45, ge=1)
    page_size: int = Field(default=1000, ge=1, le=1000)
    token_minutes: int = Field(default=5, ge=1, le=60)

    def subsidiary(self, legal_entity_id: str) -> str:
        """Raises BusinessException("erp_subsidiary_unmapped")."""
        found = self.subsidiaries.get(legal_entity_id)
        if found is None:
            raise BusinessException("erp_subsidiary_unmapped", legal_entity_id=legal_entity_id)
        return found

    def item(self, kind: str) -> str:
        """Raises BusinessException("erp_item_unmapped")."""
        found = self.items.get(kind) or self.items.get("default")
        if found is None:
            raise BusinessException("erp_item_unmapped", kind=kind)
        return found

    def decimals(self, currency: str) -> int:
        return self.currency_decimals.get(currency, min(2, minor_units(currency)))

    def find_tax_code(self, legal_entity_id: str, rate_key: str) -> TaxCode | None:
        return self.tax_codes.get(f"{legal_entity_id}:{rate_key}") or self.tax_codes.get(rate_key)

    def tax_code(self, legal_entity_id: str, rate_key: str) -> TaxCode:
        """Raises BusinessException("erp_tax_code_unmapped")."""
        found = self.find_tax_code(legal_entity_id, rate_key)
        if found is None:
            raise BusinessException("erp_tax_code_unmapped", legal_entity_id=legal_entity_id, tax=rate_key)
        return found
