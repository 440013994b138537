"""What the platform does by itself when a record of one of its own objects is saved.

Sources: vendors/salesforce.md, section 4; Object Reference pages of each object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.package import Package, Row

if TYPE_CHECKING:
    from sandbox.salesforce_platform.org import Org
    from sandbox.salesforce_platform.schema import SObject


def active_currency(org: Org, code: str) -> None:
    known = org.tables["CurrencyType"].having("IsoCode", code)
    if not any((org.get("CurrencyType", each) or {}).get("IsActive") for each in known):
        raise ApiError(
            400,
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"Currency ISO Code: bad value for restricted picklist field: {code}",
            ["CurrencyIsoCode"],
        )


def duplicate_rule(org: Org, sobject: SObject, row: Row) -> None:
    """When switched on: an account of the same name is refused unless the caller allows it."""
    if sobject.name != "Account" or not org.settings.account_duplicate_rule:
        return
    name = str(row["Name"]).lower()
    same = [other for other in org.live("Account") if str(other["Name"]).lower() == name]
    if not same:
        return
    match = {
        "entityType": "Account",
        "matchEngine": "FuzzyMatchEngine",
        "rule": "Standard_Account_Match_Rule_v1_0",
        "success": True,
        "size": len(same),
        "errors": [],
        "matchRecords": [
            {
                "additionalInformation": [],
                "fieldDiffs": [],
                "matchConfidence": 100,
                "record": {"attributes": {"type": "Account"}, "Id": other["Id"]},
            }
            for other in same
        ],
    }
    result = {
        "allowSave": True,
        "duplicateRule": "Standard_Account_Duplicate_Rule",
        "duplicateRuleEntityType": "Account",
        "errorMessage": "Use one of these records?",
        "matchResults": [match],
    }
    raise ApiError(400, "DUPLICATES_DETECTED", "Use one of these records?", None, duplicateResult=result)


def _person(org: Org, row: Row, before: Row | None, given: Row) -> None:
    row["Name"] = " ".join(part for part in (row.get("FirstName"), row.get("LastName")) if part)


PLATFORM = Package({}, before_save={"Contact": _person, "User": _person})
