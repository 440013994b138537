"""Which output tax an item carries: from classifications where they are given, else from countries. Never sent.

Source: vendor notes, section 7 (tax follows from classification fields and master data).
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from sandbox.sap_s4hana.book import Book, Row
from sandbox.sap_s4hana.organization import CHANNEL, COMPANIES, DIVISION, EU, TAX_CATEGORY


class Tax(NamedTuple):
    percent: Decimal
    code: str


def tax_of(book: Book, head: Row, item: Row) -> Tax:
    """head: a sales document with SalesOrganization, SoldToParty, CustomerTaxClassification1; item: ProductTaxClassification1."""
    company = COMPANIES[head["SalesOrganization"]]
    liable = head["CustomerTaxClassification1"] or classification(book, head["SoldToParty"], company.code)
    product = item["ProductTaxClassification1"] or "1"
    if liable == "0" or product == "0":
        return Tax(Decimal(0), "A0")
    return Tax(company.taxes.get(product, Decimal(0)), "A1" if product == "1" else "A2")


def classification(book: Book, customer: str, organization: str) -> str:
    """ "1" liable, "0" not: as the customer's sales area says, else by where both parties are."""
    seller = COMPANIES[organization].country
    kept = book.get("A_CustomerSalesAreaTax", customer, organization, CHANNEL, DIVISION, seller, TAX_CATEGORY)
    if kept is not None and kept["CustomerTaxClassification"]:
        return str(kept["CustomerTaxClassification"])
    addresses = book.where("A_BusinessPartnerAddress", BusinessPartner=customer)
    country = addresses[0]["Country"] if addresses else seller
    if country == seller:
        return "1"
    numbers = book.where("A_BusinessPartnerTaxNumber", BusinessPartner=customer)
    return "1" if country in EU and seller in EU and not numbers else "0"
