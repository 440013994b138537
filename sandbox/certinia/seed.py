"""What a fresh org with the package has: trees, time periods, and who may do what.

The integration user and the people who plan and bill have a permission control over the whole region tree.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from sandbox.salesforce_platform.org import Org
from sandbox.salesforce_platform.system_writes import plant

_FIRST_YEAR, _LAST_YEAR = 2024, 2030
_REGIONS = ("Americas", "EMEA", "APAC")
_GRANTS = ("Billing", "Invoicing", "Timecard_Entry", "Timecard_Ops_Edit", "Expense_Entry", "Expense_Ops_Edit",
           "Staffing", "Resource_Request_Entry")  # fmt: skip
_EVERYTHING = ("integration", "resourcing", "billing")


def plant_psa(org: Org, user_id: str) -> None:
    world = plant(org, "pse__Region__c", {"Name": "Worldwide", "OwnerId": user_id}, user_id)
    for name in _REGIONS:
        below = {"Name": name, "pse__Parent_Region__c": world, "OwnerId": user_id}
        plant(org, "pse__Region__c", below, user_id)
    plant(org, "pse__Practice__c", {"Name": "Consulting", "OwnerId": user_id}, user_id)
    plant(org, "pse__Grp__c", {"Name": "Professional Services", "OwnerId": user_id}, user_id)
    _periods(org, user_id)
    for user in list(org.live("User")):
        part = user["Username"].split("@")[0]
        if part in _EVERYTHING:
            grant(org, user["Id"], world, user_id)
        if part == "consultant":
            _resource(org, user["Id"], user["Username"], user["FirstName"], user["LastName"], user_id)


def grant(org: Org, grantee: str, region: str, user_id: str) -> str:
    """All permissions over a region and what is below it."""
    number = f"PC-{org.next_number('pse:PC'):06d}"
    values = {"Name": number, "OwnerId": user_id, "pse__User__c": grantee, "pse__Region__c": region}
    boxes = dict.fromkeys((f"pse__{name}__c" for name in _GRANTS), True)
    return plant(org, "pse__Permission_Control__c", values | boxes | {"pse__Cascading_Permission__c": True}, user_id)


def _resource(org: Org, user: str, username: str, first: str, last: str, user_id: str) -> None:
    name = {"FirstName": first, "LastName": last, "Name": f"{first} {last}", "Email": username, "OwnerId": user_id}
    flags = {"pse__Is_Resource__c": True, "pse__Is_Resource_Active__c": True, "pse__Salesforce_User__c": user}
    plant(org, "Contact", name | flags | {"CurrencyIsoCode": org.settings.default_currency}, user_id)


def _periods(org: Org, user_id: str) -> None:
    """Months, weeks from Monday, and quarters."""
    for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
        for month in range(1, 13):
            first = date(year, month, 1)
            last = first.replace(day=monthrange(year, month)[1])
            _period(org, user_id, f"{first:%b %Y}", "Month", first, last)
            if month % 3 == 1:
                end = date(year, month + 2, monthrange(year, month + 2)[1])
                _period(org, user_id, f"Q{month // 3 + 1} {year}", "Quarter", first, end)
    monday = date(_FIRST_YEAR, 1, 1)
    while monday.year <= _LAST_YEAR:
        _period(org, user_id, f"Week of {monday}", "Week", monday, monday + timedelta(6))
        monday += timedelta(7)


def _period(org: Org, user_id: str, name: str, kind: str, first: date, last: date) -> None:
    dates = {"pse__Start_Date__c": first.isoformat(), "pse__End_Date__c": last.isoformat()}
    plant(org, "pse__Time_Period__c", {"Name": name, "OwnerId": user_id, "pse__Type__c": kind} | dates, user_id)
