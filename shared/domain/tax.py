"""Tax decisions: an input of billing, decided by dated tables, never by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TaxCategory(StrEnum):
    """UNCL5305 subset."""

    STANDARD = "S"
    ZERO_RATED = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"


@dataclass(frozen=True, slots=True)
class TaxDecision:
    """rate in percent; reason is the legal text or code where the category needs one; rule names the table row.

    code: of the VATEX list ("VATEX-EU-AE"), where the category has one and finance names it.
    """

    category: TaxCategory
    rate: Decimal
    reason: str | None
    rule: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class TaxQuestion:
    """All that decides a tax. seller_*: of the legal entity. buyer_*: of the customer at the place of supply.

    service: what is sold, in finance's words ("consulting", "expense"). on: the invoice date.
    buyer_region: state or province, as the CRM writes it; empty if unknown.
    """

    legal_entity_id: str
    seller_country: str
    seller_tax_number: str
    customer_id: str
    buyer_country: str
    buyer_region: str
    buyer_postal_code: str
    buyer_tax_number: str | None
    service: str
    on: date
    currency: str
