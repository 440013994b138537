"""The SOQL this connector sends, and how values get into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from functions.connectors.salesforce.settings import SalesforceSettings
from functions.platforms.salesforce.place import changed_since
from functions.platforms.salesforce.soql import one_of

_ACCOUNT = ("Id", "Name", "BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "BillingCountry")
_LINE = ("Id", "Description", "Quantity", "UnitPrice", "TotalPrice", "ServiceDate", "SystemModstamp")


def deals_by_id(ids: Sequence[str], settings: SalesforceSettings) -> str:
    """All that a signed deal says, lines included, in one query."""
    deal = settings.deal
    currency = ("CurrencyIsoCode",) if settings.multi_currency else ()
    own = (
        *(deal.legal_entity, deal.purchase_order, deal.payment_terms_days, deal.billing_schedule),
        *(deal.grouping, deal.separate_expenses, deal.purchase_orders),
    )
    account = (*_ACCOUNT, "SystemModstamp", *currency, deal.account_tax_number)
    lines = (*_LINE, *filter(None, [deal.line_project, deal.line_terms]), "Product2.Name", "Product2.Family")
    fields = [
        *("Id", "Name", "IsWon", "Amount", "CloseDate", "ContractId", "SystemModstamp", *currency),
        *(name for name in own if name),
        *(f"Account.{name}" for name in account if name),
        *(f"Account.Parent.{name}" for name in account if name and settings.bill_to == "parent"),
        *(f"Contract.{name}" for name in ("ContractNumber", "StartDate", "EndDate", "SystemModstamp")),
        f"(SELECT {', '.join(lines)} FROM OpportunityLineItems ORDER BY Id)",
    ]
    return f"SELECT {', '.join(fields)} FROM Opportunity WHERE Id IN {one_of(ids)}"


def won_since(at: datetime, settings: SalesforceSettings, *, behind: tuple[datetime, str] | None = None) -> str:
    """Ids of won deals changed at or after an instant, oldest first, `poll_rows` at most.

    behind: (change, id) of the last row of the page before; the page begins after it.
    """
    begin = changed_since(at, behind=behind)
    signed = f" AND CloseDate >= {settings.won_from.isoformat()}" if settings.won_from else ""
    return (
        f"SELECT Id, SystemModstamp FROM Opportunity WHERE IsWon = true AND {begin}{signed} "
        f"ORDER BY SystemModstamp, Id LIMIT {settings.poll_rows}"
    )
