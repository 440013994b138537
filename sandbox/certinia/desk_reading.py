"""What can be read in the PSA, whole: through a look at all its records, where amounts are exact."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.firm.desks import ApprovedCost, ApprovedTime, Mark
from sandbox.firm.vendor_calls import Control

Row = dict[str, Any]


def approved_time(control: Control) -> list[ApprovedTime]:
    """One per split; the day is the first on which its hours were worked."""
    titles, people = _named(control, "pse__Proj__c", "Name"), _named(control, "Contact", "Email")
    days: dict[str, list[str]] = defaultdict(list)
    for row in _live(control, "pse__Time_Date__c"):
        days[row["pse__Timecard__c"]].append(row["pse__Date__c"])
    return [
        ApprovedTime(
            entry_id=row["Id"],
            project=titles[row["pse__Project__c"]],
            consultant=people[row["pse__Resource__c"]],
            day=date.fromisoformat(min(days[row["Id"]])),
            minutes=minutes(row["pse__Total_Hours__c"]),
            invoiced=row["pse__Invoiced__c"],
        )
        for row in _approved(control, "pse__Timecard__c")
    ]


def minutes(hours: str) -> int:
    """The nearest minute to hundredths of an hour."""
    return int((Decimal(hours) * 60).to_integral_value(ROUND_HALF_UP))


def approved_costs(control: Control) -> list[ApprovedCost]:
    titles = _named(control, "pse__Proj__c", "Name")
    return [
        ApprovedCost(
            cost_id=row["Id"],
            project=titles[row["pse__Project__c"]],
            day=date.fromisoformat(row["pse__Expense_Date__c"]),
            category=row["pse__Type__c"],
            cost=Decimal(row["pse__Billing_Amount__c"]),
            invoiced=row["pse__Invoiced__c"],
        )
        for row in _approved(control, "pse__Expense__c")
    ]


def marks(control: Control, reference: str) -> list[Mark]:
    """By number and status: the splits that name our invoice; a billing event that does stands for its splits."""
    splits = _live(control, "pse__Timecard__c")
    items = {row["Id"]: row["pse__Billing_Event__c"] for row in _live(control, "pse__Billing_Event_Item__c")}
    found: dict[tuple[str, str], set[str]] = {}
    for event in _live(control, "pse__Billing_Event__c"):
        if event.get("Fabric_Invoice__c") == reference:
            of = {s["Id"] for s in splits if items.get(s["pse__Billing_Event_Item__c"] or "") == event["Id"]}
            found.setdefault(_shown(event), set()).update(of)
    for kind in ("pse__Timecard__c", "pse__Expense__c", "pse__Milestone__c"):
        for row in splits if kind == "pse__Timecard__c" else _live(control, kind):
            if row.get("Fabric_Invoice__c") == reference:
                found.setdefault(_shown(row), set()).update([row["Id"]] if kind == "pse__Timecard__c" else [])
    return [Mark(number, status, frozenset(entries)) for (number, status), entries in found.items()]


def project_titles(control: Control) -> list[str]:
    return [str(row["Name"]) for row in _live(control, "pse__Proj__c")]


def _shown(row: Row) -> tuple[str, str]:
    return row["pse__Invoice_Number__c"] or "", row.get("Fabric_Invoice_Status__c") or ""


def _approved(control: Control, kind: str) -> list[Row]:
    return [row for row in _live(control, kind) if row["pse__Approved__c"] and row["pse__Billable__c"]]


def _live(control: Control, kind: str) -> list[Row]:
    return [row for row in control.records(kind) if not row["IsDeleted"]]


def _named(control: Control, kind: str, name: str) -> dict[str, str]:
    return {row["Id"]: row[name] for row in control.records(kind)}
