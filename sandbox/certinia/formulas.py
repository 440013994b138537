"""Formula fields of the package: worked out when read.

On splits, expenses and milestones released and invoiced are words in the org's language; on items they are Yes and No
in every language; on events they are checkboxes. Source: vendors/certinia.md, sections 3.7 and 3.11.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.certinia import settings, sources
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.package import Formula


def _event(org: Org, row: Row) -> Row | None:
    item = org.tables["pse__Billing_Event_Item__c"].rows.get(row["pse__Billing_Event_Item__c"] or "")
    return org.tables["pse__Billing_Event__c"].rows.get(item["pse__Billing_Event__c"] or "") if item else None


def _word(name: str) -> Formula:
    def said(org: Org, row: Row) -> str:
        event, words = _event(org, row), settings.of(org)
        if event is None:
            return words.not_applicable
        return words.yes if event[name] else words.no

    return said


def _told(name: str) -> Formula:
    def said(org: Org, row: Row) -> Any:
        event = _event(org, row)
        return settings.of(org).not_applicable if event is None else event[name]

    return said


def _of_item(name: str) -> Formula:
    def said(org: Org, row: Row) -> str:
        event = org.tables["pse__Billing_Event__c"].rows.get(row["pse__Billing_Event__c"] or "", {})
        return "Yes" if event.get(name) else "No"

    return said


def _remaining(org: Org, row: Row) -> Decimal | None:
    project = org.tables["pse__Proj__c"].rows.get(row["pse__Project__c"], {})
    booked = project.get("pse__Bookings__c")
    return None if booked is None else booked - (row["pse__Summary_Amount__c"] or Decimal(0))


def _stage(org: Org, row: Row) -> str:
    if not row["pse__Is_Released__c"]:
        return "Generated"
    return "Invoiced" if row["pse__Invoiced__c"] else "Released"


def _text(currency: str, amount: str) -> Callable[[Org, Row], str]:
    def said(org: Org, row: Row) -> str:
        value = (row[amount] or Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{row[currency]} {value}"

    return said


FORMULAS: dict[tuple[str, str], Formula] = {
    (kind.name, field): formula
    for kind in sources.KINDS
    for field, formula in (
        ("pse__Eligible_for_Billing__c", sources.eligible),
        ("pse__Billing_Event__c", _told("Name")),
        ("pse__Billing_Event_Status__c", _told("pse__Status__c")),
        ("pse__Billing_Event_Released__c", _word("pse__Is_Released__c")),
        ("pse__Billing_Event_Invoiced__c", _word("pse__Invoiced__c")),
    )
} | {
    ("pse__Billing_Event_Item__c", "pse__Is_Released__c"): _of_item("pse__Is_Released__c"),
    ("pse__Billing_Event_Item__c", "pse__Invoiced__c"): _of_item("pse__Invoiced__c"),
    ("pse__Billing_Event__c", "pse__Budget_Remaining__c"): _remaining,
    ("pse__Billing_Event__c", "psaws__Billing_Event_Stage__c"): _stage,
    ("pse__Expense__c", "pse__Amount_To_Bill__c"): _text("pse__Billing_Currency__c", "pse__Billing_Amount__c"),
    ("pse__Expense__c", "pse__Amount_To_Reimburse__c"): _text(
        "pse__Reimbursement_Currency__c", "pse__Reimbursement_Amount__c"
    ),
}
