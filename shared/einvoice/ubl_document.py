"""A UBL invoice or credit note as far as its arithmetic goes. Every amount knows where it stands in the document."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """currency: of an amount's currencyID; None for quantities and percentages."""

    value: Decimal
    place: str
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class UblTax:
    """category None: not given. percent None: no Percent element."""

    place: str
    category: str | None
    percent: Figure | None
    has_reason: bool = False


@dataclass(frozen=True, slots=True)
class UblAllowance:
    """An allowance, or a charge. multiplier in percent of `base`."""

    place: str
    is_charge: bool
    amount: Figure | None
    base: Figure | None
    multiplier: Figure | None
    tax: UblTax | None


@dataclass(frozen=True, slots=True)
class UblLine:
    place: str
    quantity: Figure | None
    unit_code: str | None
    net: Figure | None
    price: Figure | None
    base_quantity: Figure | None
    base_unit_code: str | None
    price_allowance: Figure | None
    gross_price: Figure | None
    allowances: tuple[UblAllowance, ...]
    tax: UblTax | None


@dataclass(frozen=True, slots=True)
class UblSubtotal:
    place: str
    taxable: Figure | None
    amount: Figure | None
    tax: UblTax | None


@dataclass(frozen=True, slots=True)
class UblTaxTotal:
    place: str
    amount: Figure | None
    subtotals: tuple[UblSubtotal, ...]


@dataclass(frozen=True, slots=True)
class UblDocument:
    """kind: "Invoice" or "CreditNote". totals: by element name of LegalMonetaryTotal, "PayableAmount" and so on."""

    kind: str
    customization: str
    currency: str
    tax_currency: str | None
    has_due_date_or_terms: bool
    lines: tuple[UblLine, ...]
    allowances: tuple[UblAllowance, ...]
    tax_totals: tuple[UblTaxTotal, ...]
    totals: dict[str, Figure]

    @property
    def is_peppol(self) -> bool:
        return "urn:fdc:peppol.eu:2017:poacc:billing" in self.customization

    @property
    def subtotals(self) -> tuple[UblSubtotal, ...]:
        return tuple(each for total in self.tax_totals for each in total.subtotals)
