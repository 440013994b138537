"""Timecards (headers): one week of one resource on a project or assignment. No uniqueness guard, as with the vendor.

Source: vendors/certinia.md, sections 3.6, 4 and 5.4.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.certinia import approvals, grants, settings, splits
from sandbox.certinia.refusals import invalid
from sandbox.certinia.week import DAYS, hours_by_day
from sandbox.salesforce_platform.org import Org, Row

_CENT = Decimal("0.01")
_WHERE = ("pse__Project__c", "pse__Assignment__c", "pse__Resource__c", "pse__Start_Date__c", "pse__End_Date__c")
_WORK = frozenset((*_WHERE, *(f"pse__{day}_Hours__c" for day in DAYS)))


def timecard(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is None:
        _open(org, row, given)
    project = _project(org, row)
    if before is None or any(row[name] != before[name] for name in _WORK):
        _may_be_entered(org, row, project)
    approvals.guard_included(row, before, given)
    approvals.follow_status(org, row, before, given)
    if before is not None and before["pse__Approved__c"] and not row["pse__Approved__c"]:
        splits.refuse_when_released(org, row)
    _total(org, row)


def _open(org: Org, row: Row, given: Row) -> None:
    """What is copied from assignment and project when time is entered: the rate that counts is the one on the timecard."""
    number = org.next_number("pse:TCH")
    made = date.fromisoformat(org.today())
    row["Name"] = f"TCH-{made:%m-%d-%Y}-{number:06d}"
    assignment = org.get("pse__Assignment__c", row["pse__Assignment__c"] or "")
    if assignment is not None and row["pse__Project__c"] is None:
        row["pse__Project__c"] = assignment["pse__Project__c"]
    project = _project(org, row)
    source = assignment or {}
    for name in ("pse__Bill_Rate__c", "pse__Daily_Bill_Rate__c", "pse__Cost_Rate_Amount__c",
                 "pse__Cost_Rate_Currency_Code__c", "pse__Milestone__c"):  # fmt: skip
        if name not in given and source.get(name) is not None:
            row[name] = source[name]
    if "pse__Billable__c" not in given:
        row["pse__Billable__c"] = project["pse__Is_Billable__c"] and source.get("pse__Is_Billable__c", True)
    if "CurrencyIsoCode" not in given:
        row["CurrencyIsoCode"] = project["CurrencyIsoCode"]
    row["pse__Project_Exchange_Rate__c"] = Decimal(1)


def _project(org: Org, row: Row) -> Row:
    found = org.get("pse__Proj__c", row["pse__Project__c"] or "")
    if found is None:
        raise invalid("A timecard needs a project or an assignment.", "pse__Project__c")
    return found


def _may_be_entered(org: Org, row: Row, project: Row) -> None:
    """Week, resource, project, assignment, permission. Raises FIELD_CUSTOM_VALIDATION_EXCEPTION with the package's text."""
    start = date.fromisoformat(row["pse__Start_Date__c"])
    first_day = settings.of(org).week_starts_on
    if f"{start:%A}" != first_day or row["pse__End_Date__c"] != (start + timedelta(6)).isoformat():
        raise invalid(f"A timecard covers one week, which starts on {first_day}.", "pse__Start_Date__c")
    resource = org.get("Contact", row["pse__Resource__c"]) or {}
    if not (resource.get("pse__Is_Resource__c") and resource.get("pse__Is_Resource_Active__c")):
        raise invalid("The contact is not an active resource.", "pse__Resource__c")
    if project["pse__Closed_for_Time_Entry__c"]:
        raise invalid(f"The project {project['Name']} is closed for time entry.", "pse__Project__c")
    _assigned(org, row, project)
    user = org.open_transaction().actor.user_id
    if not grants.own_resource(org, user, row["pse__Resource__c"]):
        grants.demand(org, project, "Timecard_Entry", "enter time of another resource")


def _assigned(org: Org, row: Row, project: Row) -> None:
    assignment = org.get("pse__Assignment__c", row["pse__Assignment__c"] or "")
    if assignment is None:
        if not project["pse__Allow_Timecards_Without_Assignment__c"]:
            raise invalid(f"The project {project['Name']} does not allow timecards without an assignment.",
                          "pse__Assignment__c")  # fmt: skip
        return
    wrong = {name for name in ("pse__Project__c", "pse__Resource__c") if assignment[name] != row[name]}
    if wrong:
        raise invalid("The assignment is not of this project and resource.", *wrong)
    if assignment["pse__Closed_for_Time_Entry__c"]:
        raise invalid(f"The assignment {assignment['Name']} is closed for time entry.", "pse__Assignment__c")
    opens, shuts = assignment["pse__Start_Date__c"] or "", assignment["pse__End_Date__c"] or "9999"
    if any(hours and not opens <= day <= shuts for day, hours in hours_by_day(row)):
        raise invalid("Time is entered outside the assignment dates.", "pse__Assignment__c")


def _total(org: Org, row: Row) -> None:
    """Hours, days, billable amount and cost of the week."""
    worked = [(day, hours) for day, hours in hours_by_day(row) if hours]
    row["pse__Total_Hours__c"] = sum((hours for _, hours in worked), Decimal(0))
    row["pse__Total_Days_Worked__c"] = splits.days_worked(org, worked)
    row["pse__Total_Billable_Amount__c"] = splits.amount(org, row, worked)
    cost = row["pse__Cost_Rate_Amount__c"] or Decimal(0)
    row["pse__Total_Cost__c"] = (row["pse__Total_Hours__c"] * cost).quantize(_CENT, ROUND_HALF_UP)


def timecard_saved(org: Org, row: Row, before: Row | None) -> None:
    if not row["IsDeleted"]:
        splits.sync(org, row)


def timecard_goes(org: Org, row: Row) -> None:
    if row["pse__Include_In_Financials__c"]:
        raise invalid("This record is included in financials and cannot be deleted.")
