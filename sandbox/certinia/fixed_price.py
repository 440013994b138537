"""Milestones, miscellaneous adjustments and budgets: amounts somebody writes down and a person approves for billing.

Source: vendors/certinia.md, sections 3.9 and 3.10.
"""

from __future__ import annotations

from sandbox.certinia import approvals
from sandbox.certinia.refusals import invalid
from sandbox.salesforce_platform.org import Org, Row


def source(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is None and "CurrencyIsoCode" not in given:
        project = org.get("pse__Proj__c", row["pse__Project__c"]) or row
        row["CurrencyIsoCode"] = project["CurrencyIsoCode"]
    approvals.guard_included(row, before, given)
    approvals.follow_status(org, row, before, given, people_approve_billing=True)
    dated = row.get("pse__Actual_Date__c", "no such field")
    if row["pse__Include_In_Financials__c"] and dated is None:
        raise invalid("A milestone needs its actual date to be included in financials.", "pse__Actual_Date__c")


def source_goes(org: Org, row: Row) -> None:
    if row["pse__Include_In_Financials__c"]:
        raise invalid("This record is included in financials and cannot be deleted.")
