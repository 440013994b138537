"""Billing plans of sales order items: dates and amounts, blocked until somebody frees them.

Source: vendor notes, section 7: exactly these properties of a plan item can be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.sap_s4hana.book import Row
from sandbox.sap_s4hana.fields import plain
from sandbox.sap_s4hana.given import Given, filled
from sandbox.sap_s4hana.messages import said, unknown
from sandbox.sap_s4hana.pricing import ZERO, rounded
from sandbox.sap_s4hana.work import Work

PLAN, PART = "A_SalesOrderItemBillingPlan", "A_SlsOrderItemBillingPlanItem"


def create(work: Work, item: Row, given: Given) -> Row:
    """Raises SapError 400 for an item that has a plan."""
    keys = {"SalesOrder": item["SalesOrder"], "SalesOrderItem": item["SalesOrderItem"]}
    if work.book.where(PLAN, **keys):
        raise said("V1/761", f"Item {item['SalesOrderItem']} has a billing plan", "to_BillingPlan")
    own = keys | {"BillingPlan": work.book.number("billing_plan", 1001), "BillingPlanCategory": "1"}
    plan = work.book.put(PLAN, filled(work.entity(PLAN), given.values, **own))
    for below in given.below.get("to_BillingPlanItem", []):
        add_part(work, below, plan)
    return plan


def add_part(work: Work, given: Given, plan: Row | None = None) -> Row:
    keys = [given.text(name) for name in ("SalesOrder", "SalesOrderItem", "BillingPlan")]
    plan = plan or work.book.get(PLAN, *keys)
    if plan is None:
        raise unknown("Billing plan", "/".join(keys), "BillingPlan", "V1/760")
    item = work.book.get("A_SalesOrderItem", plan["SalesOrder"], plan["SalesOrderItem"])
    assert item is not None, plan
    above = {name: plan[name] for name in ("SalesOrder", "SalesOrderItem", "BillingPlan")}
    number = str(10 * (len(work.book.where(PART, **above)) + 1))
    own: dict[str, Any] = above | {"BillingPlanItem": number, "TransactionCurrency": item["TransactionCurrency"]}
    own["BillingPlanRelatedBillgStatus"] = "A"
    own["LastChangeDateTime"] = work.clock.stamp()
    row = filled(work.entity(PART), given.values, **own)
    return work.book.put(PART, _amounts(row, given.values, item))


def change_part(work: Work, row: Row, values: Mapping[str, Any]) -> Row:
    """Raises SapError 400 for a part that was billed."""
    if row["BillingPlanRelatedBillgStatus"] == "C":
        raise said("V1/762", f"Billing plan item {row['BillingPlanItem']} is billed and cannot be changed")
    item = work.book.get("A_SalesOrderItem", row["SalesOrder"], row["SalesOrderItem"])
    assert item is not None, row
    changed = row | dict(values) | {"LastChangeDateTime": work.clock.stamp()}
    return work.book.put(PART, _amounts(changed, values, item))


def due_parts(work: Work, item: Row, billing_date: str) -> list[Row] | None:
    """Parts to bill on a date; None where the item has no plan. Blocked and billed ones are left out."""
    keys = {"SalesOrder": item["SalesOrder"], "SalesOrderItem": item["SalesOrderItem"]}
    if not work.book.where(PLAN, **keys):
        return None
    return [
        part
        for part in work.book.where(PART, **keys)
        if part["BillingPlanRelatedBillgStatus"] != "C"
        and not part["BillingBlockReason"]
        and (part["BillingPlanBillingDate"] or billing_date) <= billing_date
    ]


def _amounts(row: Row, values: Mapping[str, Any], item: Row) -> Row:
    """Amount from percent of the item's net, or the other way round."""
    net, currency = Decimal(item["NetAmount"]), item["TransactionCurrency"]
    if values.get("BillingPlanAmount") is not None:
        amount = Decimal(row["BillingPlanAmount"])
        percent = (amount * 100 / net).quantize(Decimal("0.01")) if net else ZERO
        return row | {"BillingPlanAmountPercent": plain(percent)}
    percent = Decimal(row["BillingPlanAmountPercent"] or "0")
    return row | {"BillingPlanAmount": plain(rounded(net * percent / 100, currency))}
