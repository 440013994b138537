"""Whether a customer may be sold to: it exists, is one, belongs to the sales area, is not blocked."""

from __future__ import annotations

from sandbox.sap_s4hana.book import Book, Row
from sandbox.sap_s4hana.given import Given
from sandbox.sap_s4hana.messages import customer_blocked, no_sales_area, no_sold_to, unknown
from sandbox.sap_s4hana.organization import CHANNEL, COMPANIES, DIVISION


def sales_area(book: Book, given: Given) -> Row:
    """The customer's data for the document's sales area. Raises SapError 400."""
    organization = given.text("SalesOrganization")
    if organization not in COMPANIES:
        raise unknown("Sales organization", organization or "(empty)", "SalesOrganization", "VP/196")
    channel, division = given.text("DistributionChannel"), given.text("OrganizationDivision")
    if (channel, division) != (CHANNEL, DIVISION):
        raise unknown("Sales area", f"{organization} {channel} {division}", "DistributionChannel", "VP/196")
    customer = given.text("SoldToParty")
    if not book.get("A_Customer", customer):
        raise no_sold_to(customer or "(empty)")
    area = book.get("A_CustomerSalesArea", customer, organization, channel, division)
    if area is None:
        raise no_sales_area(customer, organization)
    return area


def check_blocked(book: Book, head: Row) -> None:
    """Raises SapError 400. head: of a sales document, or a billing document to be."""
    customer = head["SoldToParty"]
    partner, record = book.get("A_BusinessPartner", customer), book.get("A_Customer", customer)
    area = book.get("A_CustomerSalesArea", customer, head["SalesOrganization"], CHANNEL, DIVISION)
    if partner is None or record is None or area is None:
        raise no_sold_to(customer)
    blocks = [record["OrderIsBlockedForCustomer"], record["BillingIsBlockedForCustomer"], record["PostingIsBlocked"]]
    blocks += [
        area["OrderIsBlockedForCustomer"],
        area["BillingIsBlockedForCustomer"],
        partner["BusinessPartnerIsBlocked"],
    ]
    if any(blocks):
        raise customer_blocked(customer)
