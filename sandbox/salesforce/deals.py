"""Opportunities, their stages and lines, price books and quotes: what is derived and what is refused.

Sources: vendors/salesforce.md, section 4; Object Reference (Opportunity, OpportunityLineItem, PricebookEntry).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.system_writes import system_write

_CENT = Decimal("0.01")


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def stage(org: Org, name: str | None) -> Row | None:
    """The row of the stage table with this API name."""
    return next((row for row in org.live("OpportunityStage") if row["ApiName"] == name and row["IsActive"]), None)


def opportunity(org: Org, row: Row, before: Row | None, given: Row) -> None:
    """Won, closed and probability follow the stage; the amount follows the lines while there are any."""
    found = stage(org, row["StageName"])
    if row["StageName"] is not None and found is None:
        raise ApiError(
            400,
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"Stage: bad value for restricted picklist field: {row['StageName']}",
            ["StageName"],
        )
    if found is not None:
        row |= {name: found[name] for name in ("IsClosed", "IsWon", "ForecastCategory", "ForecastCategoryName")}
        moved = before is None or before["StageName"] != row["StageName"]
        if moved and given.get("Probability") is None:
            row["Probability"] = found["DefaultProbability"]
        if moved:
            row["LastStageChangeDate"] = org.open_transaction().now
    if before is not None and before["HasOpportunityLineItem"]:
        row["Amount"] = before["Amount"]  # a given amount is passed over, not refused
    _expect(row)


def _expect(row: Row) -> None:
    amount, probability = row["Amount"], row["Probability"]
    row["ExpectedRevenue"] = None if amount is None or probability is None else _cents(amount * probability / 100)


def pricebook_entry(org: Org, row: Row, before: Row | None, given: Row) -> None:
    product, book = org.get("Product2", row["Product2Id"] or ""), org.get("Pricebook2", row["Pricebook2Id"] or "")
    if product is None or book is None:
        return
    row |= {"Name": product["Name"], "ProductCode": product["ProductCode"]}
    if before is not None:
        return
    same = [e for e in _entries(org, row["Product2Id"]) if e["CurrencyIsoCode"] == row["CurrencyIsoCode"]]
    if any(e["Pricebook2Id"] == book["Id"] for e in same):
        text = "This price definition already exists in this price book"
        raise ApiError(400, "DUPLICATE_VALUE", text, [])
    standard = [e for e in same if (org.get("Pricebook2", e["Pricebook2Id"]) or {}).get("IsStandard")]
    if not book["IsStandard"]:
        if not standard:
            text = "Before creating a custom price, create a standard price."
            raise ApiError(400, "STANDARD_PRICE_NOT_DEFINED", text, [])
        if row["UseStandardPrice"]:
            row["UnitPrice"] = standard[0]["UnitPrice"]


def _entries(org: Org, product_id: str) -> list[Row]:
    found = (org.get("PricebookEntry", each) for each in org.tables["PricebookEntry"].having("Product2Id", product_id))
    return [row for row in found if row is not None]


def line(org: Org, row: Row, before: Row | None, given: Row) -> None:
    """An opportunity product: its price book entry, its product's names, its total."""
    parent = org.get("Opportunity", row["OpportunityId"] or "")
    if parent is None:
        return  # refused as missing or as a wrong reference by the field checks
    if before is None:
        _find_entry(org, row, parent)
        entry = org.get("PricebookEntry", row["PricebookEntryId"] or "")
        if entry is None:
            raise _integrity("PricebookEntryId", "pricebook entry has been archived or does not exist")
        if not entry["IsActive"]:
            raise _integrity("PricebookEntryId", "pricebook entry is inactive")
        if org.settings.multi_currency and entry["CurrencyIsoCode"] != parent["CurrencyIsoCode"]:
            raise _integrity("PricebookEntryId", "pricebook entry currency is not the opportunity's currency")
        if parent["Pricebook2Id"] not in (None, entry["Pricebook2Id"]):
            raise _integrity("PricebookEntryId", "pricebook entry is in a different pricebook than the one assigned "
                             "to the opportunity")  # fmt: skip
        row |= {
            "Product2Id": entry["Product2Id"],
            "ListPrice": entry["UnitPrice"],
            "ProductCode": entry["ProductCode"],
            "Name": f"{parent['Name']} {entry['Name']}"[:376],
            "CurrencyIsoCode": parent["CurrencyIsoCode"],
        }
    if row["UnitPrice"] is None and row["TotalPrice"] is None:
        raise ApiError(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [UnitPrice]", ["UnitPrice"])
    _price(row, given)


def _find_entry(org: Org, row: Row, parent: Row) -> None:
    """A line given by product alone takes the entry of the opportunity's price book, or of the standard one."""
    if row["PricebookEntryId"] is not None or row["Product2Id"] is None:
        return
    for entry in _entries(org, row["Product2Id"]):
        book = org.get("Pricebook2", entry["Pricebook2Id"]) or {}
        fits = entry["Pricebook2Id"] == parent["Pricebook2Id"] if parent["Pricebook2Id"] else book.get("IsStandard")
        if fits and entry["CurrencyIsoCode"] == parent["CurrencyIsoCode"]:
            row["PricebookEntryId"] = entry["Id"]


def _integrity(field: str, reason: str) -> ApiError:
    return ApiError(400, "FIELD_INTEGRITY_EXCEPTION", f"field integrity exception: {field} ({reason})", [field])


def _price(row: Row, given: dict[str, Any]) -> None:
    """Subtotal, total and unit price of a line; a total given without a unit price divides by the quantity."""
    quantity = row["Quantity"] or Decimal(0)
    kept = 1 - (row["Discount"] or Decimal(0)) / 100
    if given.get("TotalPrice") is not None and given.get("UnitPrice") is None and quantity and kept:
        row["UnitPrice"] = _cents(given["TotalPrice"] / quantity / kept)
    else:
        row["TotalPrice"] = _cents(quantity * (row["UnitPrice"] or Decimal(0)) * kept)
    row["Subtotal"] = _cents(quantity * row["UnitPrice"])


def roll_up_opportunity(org: Org, row: Row, before: Row | None) -> None:
    parent = org.get("Opportunity", row["OpportunityId"])
    if parent is None:
        return
    lines = _living(org, "OpportunityLineItem", "OpportunityId", parent["Id"])
    changed = parent | {"HasOpportunityLineItem": bool(lines)}
    if lines:
        entry = org.get("PricebookEntry", lines[0]["PricebookEntryId"]) or {}
        changed["Amount"] = sum((one["TotalPrice"] for one in lines), Decimal(0))
        changed["Pricebook2Id"] = parent["Pricebook2Id"] or entry.get("Pricebook2Id")
    _expect(changed)
    system_write(org, "Opportunity", parent, changed)


def quote(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is None:
        row["QuoteNumber"] = f"{org.next_number('QuoteNumber'):08d}"
        parent = org.get("Opportunity", row["OpportunityId"] or "") or {}
        row["AccountId"] = parent.get("AccountId")
        row["CurrencyIsoCode"] = parent.get("CurrencyIsoCode", row.get("CurrencyIsoCode"))
    total = row["TotalPrice"] or Decimal(0)
    row["TotalPrice"] = total
    row["GrandTotal"] = total + (row["Tax"] or Decimal(0)) + (row["ShippingHandling"] or Decimal(0))


def quote_line(org: Org, row: Row, before: Row | None, given: Row) -> None:
    entry = org.get("PricebookEntry", row["PricebookEntryId"] or "") or {}
    row |= {"Product2Id": entry.get("Product2Id"), "ListPrice": entry.get("UnitPrice")}
    if before is None:
        row["LineNumber"] = f"{org.next_number('QuoteLine'):08d}"
    if row["UnitPrice"] is not None:
        _price(row, given)


def roll_up_quote(org: Org, row: Row, before: Row | None) -> None:
    parent = org.get("Quote", row["QuoteId"])
    if parent is None:
        return
    lines = _living(org, "QuoteLineItem", "QuoteId", parent["Id"])
    changed = parent | {"TotalPrice": sum((one["TotalPrice"] for one in lines), Decimal(0))}
    quote(org, changed, parent, {})
    system_write(org, "Quote", parent, changed)


def _living(org: Org, name: str, reference: str, parent_id: str) -> list[Row]:
    found = (org.get(name, each) for each in org.tables[name].having(reference, parent_id))
    return [row for row in found if row is not None]
