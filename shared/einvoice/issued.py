"""A posted invoice or credit memo with all that an electronic invoice says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.domain.invoice import InvoiceDocument
from shared.domain.money import Money
from shared.domain.parties import Customer, LegalEntity


@dataclass(frozen=True, slots=True)
class Issued:
    """number: under which the ERP posted it. credited_*: of the invoice that a credit memo is against.

    tax_in: the tax once more, in the currency in which it is declared, where that is not the document's (BT-111).
    """

    number: str
    document: InvoiceDocument
    seller: LegalEntity
    buyer: Customer
    credited_number: str | None = None
    credited_on: date | None = None
    tax_in: Money | None = None
