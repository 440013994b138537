"""Tax decisions: an input of billing, decided by dated tables, never by code."""

from __future__ import annotations

from dataclasses import dataclass
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
    """rate in percent; reason is the legal text or code where the category needs one; rule names the table row."""

    category: TaxCategory
    rate: Decimal
    reason: str | None
    rule: str
