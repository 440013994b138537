"""An invoice reduced to its arithmetic: what `billweave invoice compute` takes, read strictly from JSON."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PlainLine:
    line_id: str
    quantity: Decimal
    unit_price: Decimal
    price_base_quantity: Decimal
    allowances: tuple[Decimal, ...]
    charges: tuple[Decimal, ...]
    tax_category: str
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class PlainAmount:
    """An allowance or charge of the whole document."""

    amount: Decimal
    tax_category: str
    tax_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class PlainInvoice:
    """tax_rate None: outside the scope of tax (O), which has no rate."""

    currency: str
    lines: tuple[PlainLine, ...]
    document_allowances: tuple[PlainAmount, ...] = ()
    document_charges: tuple[PlainAmount, ...] = ()
    prepaid: Decimal = Decimal(0)
    rounding: Decimal = Decimal(0)
