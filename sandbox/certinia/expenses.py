"""Expenses and expense reports: amounts in three currencies, and an approval that goes from the report to its lines.

Source: vendors/certinia.md, section 3.8.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.certinia import approvals, grants
from sandbox.certinia.refusals import invalid
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.system_writes import system_write

_CENT = Decimal("0.01")
_FOLLOWS = ("Status", "Submitted", "Approved", "Include_In_Financials")


def expense(org: Org, row: Row, before: Row | None, given: Row) -> None:
    report = org.get("pse__Expense_Report__c", row["pse__Expense_Report__c"] or "")
    if before is None:
        row["Name"] = f"E-{org.next_number('pse:E'):06d}"
        row["pse__Project__c"] = row["pse__Project__c"] or (report or {}).get("pse__Project__c")
    project = org.get("pse__Proj__c", row["pse__Project__c"] or "")
    if project is None:
        raise invalid("An expense needs a project.", "pse__Project__c")
    if before is None or any(
        row[n] != before[n] for n in ("pse__Amount__c", "pse__Expense_Date__c", "pse__Project__c")
    ):
        _may_be_entered(org, row, project)
    approvals.guard_included(row, before, given)
    if report is not None and before is not None and any(f"pse__{n}__c" in given for n in _FOLLOWS):
        raise invalid("The status of this expense follows its expense report.", "pse__Status__c")
    approvals.follow_status(org, row, before, given)
    _amounts(org, row, project, given if before is None else {})


def _may_be_entered(org: Org, row: Row, project: Row) -> None:
    if project["pse__Closed_for_Expense_Entry__c"]:
        raise invalid(f"The project {project['Name']} is closed for expense entry.", "pse__Project__c")
    resource = org.get("Contact", row["pse__Resource__c"]) or {}
    if not resource.get("pse__Is_Resource__c"):
        raise invalid("The contact is not a resource.", "pse__Resource__c")
    assignment = org.get("pse__Assignment__c", row["pse__Assignment__c"] or "") or {}
    opens, shuts = assignment.get("pse__Start_Date__c") or "", assignment.get("pse__End_Date__c") or "9999"
    if not opens <= row["pse__Expense_Date__c"] <= shuts:
        raise invalid("The expense date is outside the assignment dates.", "pse__Expense_Date__c")
    if not grants.own_resource(org, org.open_transaction().actor.user_id, row["pse__Resource__c"]):
        grants.demand(org, project, "Expense_Entry", "enter an expense of another resource")


def _amounts(org: Org, row: Row, project: Row, given: Row) -> None:
    """Incurred in the row's currency, billed in the project's, paid back in the resource's."""
    if given and "CurrencyIsoCode" not in given:
        row["CurrencyIsoCode"] = project["CurrencyIsoCode"]
    resource = org.get("Contact", row["pse__Resource__c"]) or {}
    row["pse__Billing_Currency__c"] = row["pse__Billing_Currency__c"] or project["CurrencyIsoCode"]
    back = row["pse__Reimbursement_Currency__c"] or resource.get("CurrencyIsoCode") or row["CurrencyIsoCode"]
    row["pse__Reimbursement_Currency__c"] = back
    incurred = rate(org, row["CurrencyIsoCode"])
    row["pse__Exchange_Rate_Incurred_Currency__c"] = incurred
    row["pse__Exchange_Rate_Billing_Currency__c"] = rate(org, row["pse__Billing_Currency__c"])
    spent = row["pse__Amount__c"] - (row["pse__Non_Billable_Incurred_Amount__c"] or 0)
    to_bill = converted(spent, incurred, row["pse__Exchange_Rate_Billing_Currency__c"])
    row["pse__Billing_Amount__c"] = to_bill if row["pse__Billable__c"] else Decimal("0.00")
    to_pay = converted(row["pse__Amount__c"], incurred, rate(org, back))
    row["pse__Reimbursement_Amount__c"] = Decimal("0.00") if row["pse__Non_Reimbursible__c"] else to_pay


def rate(org: Org, currency: str | None) -> Decimal:
    """Units of the currency to one of the corporate currency."""
    for each in org.tables["CurrencyType"].having("IsoCode", currency):
        return Decimal((org.get("CurrencyType", each) or {"ConversionRate": 1})["ConversionRate"])
    return Decimal(1)


def converted(amount: Decimal, of: Decimal, to: Decimal) -> Decimal:
    return amount if of == to else (amount / of * to).quantize(_CENT, ROUND_HALF_UP)


def expense_saved(org: Org, row: Row, before: Row | None) -> None:
    for report_id in {row["pse__Expense_Report__c"], (before or row)["pse__Expense_Report__c"]} - {None}:
        report = org.get("pse__Expense_Report__c", report_id)
        if report is not None:
            system_write(org, "pse__Expense_Report__c", report, report | totals(org, report))


def report(org: Org, row: Row, before: Row | None, given: Row) -> None:
    approvals.guard_included(row, before, given)
    approvals.follow_status(org, row, before, given)
    if "pse__Reimbursement_Currency__c" in row and row["pse__Reimbursement_Currency__c"] is None:
        resource = org.get("Contact", row["pse__Resource__c"]) or {}
        row["pse__Reimbursement_Currency__c"] = resource.get("CurrencyIsoCode")


def report_saved(org: Org, row: Row, before: Row | None) -> None:
    """The lines follow the report, and what they newly are approved for."""
    if before is None or row["IsDeleted"]:
        return
    changed: dict[str, Any] = {f"pse__{n}__c": row[f"pse__{n}__c"] for n in _FOLLOWS}
    if changed == {name: before[name] for name in changed}:
        return
    for line in lines(org, row["Id"]):
        after = line | changed
        approvals.follow_status(org, after, line, changed)
        system_write(org, "pse__Expense__c", line, after)


def lines(org: Org, report_id: str) -> list[Row]:
    found = (
        org.get("pse__Expense__c", i) for i in org.tables["pse__Expense__c"].having("pse__Expense_Report__c", report_id)
    )
    return [row for row in found if row is not None]


def totals(org: Org, report: Row) -> Row:
    rows = lines(org, report["Id"])
    dates = [row["pse__Expense_Date__c"] for row in rows]
    billable = sum((row["pse__Billing_Amount__c"] for row in rows), Decimal(0))
    unbillable = sum((row["pse__Amount__c"] for row in rows if not row["pse__Billable__c"]), Decimal(0))
    return {
        "pse__First_Expense_Date__c": min(dates, default=None),
        "pse__Last_Expense_Date__c": max(dates, default=None),
        "pse__Total_Billable_Amount__c": billable,
        "pse__Total_Non_Billable_Amount__c": unbillable,
        "pse__Total_Reimbursement_Amount__c": sum((row["pse__Reimbursement_Amount__c"] for row in rows), Decimal(0)),
    }


def expense_goes(org: Org, row: Row) -> None:
    if row["pse__Include_In_Financials__c"]:
        raise invalid("This record is included in financials and cannot be deleted.")


def report_goes(org: Org, row: Row) -> None:
    expense_goes(org, row)
    for line in lines(org, row["Id"]):
        system_write(org, "pse__Expense__c", line, line | {"pse__Expense_Report__c": None})
