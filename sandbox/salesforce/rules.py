"""What the platform does by itself when a record of a standard object is saved or deleted.

Sources: vendors/salesforce.md, section 4; Object Reference pages of each object.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from sandbox.salesforce import deals
from sandbox.salesforce.errors import ApiError
from sandbox.salesforce.org import Org, Row
from sandbox.salesforce.schema import SObject

Before = Callable[[Org, Row, Row | None, Row], None]
After = Callable[[Org, Row, Row | None], None]

_CONTRACT_CODE = {"Draft": "Draft", "In Approval Process": "InApproval", "Activated": "Activated"}


def before_save(org: Org, sobject: SObject, row: Row, before: Row | None, given: Row) -> None:
    """Derives and refuses. `row` is changed in place; `before` None is a creation; `given` is what the caller sent."""
    rule = _BEFORE.get(sobject.name)
    if rule:
        rule(org, row, before, given)


def after_save(org: Org, sobject: SObject, row: Row, before: Row | None) -> None:
    """Rolls up into parents; a deleted row arrives with IsDeleted."""
    rule = _AFTER.get(sobject.name)
    if rule:
        rule(org, row, before)


def before_delete(org: Org, sobject: SObject, row: Row) -> None:
    if sobject.name == "Account":
        won = [o for o in org.tables["Opportunity"].having("AccountId", row["Id"]) if _won(org, o)]
        if won:
            raise _no_delete(row["Name"], "some opportunities in that account were closed won", won)
    if sobject.name == "Contract" and row["StatusCode"] == "Activated":
        raise _no_delete(row["ContractNumber"], "the contract is activated", [row["Id"]])


def _won(org: Org, opportunity_id: str) -> bool:
    row = org.get("Opportunity", opportunity_id)
    return bool(row and row["IsWon"])


def _no_delete(name: str, reason: str, ids: list[str]) -> ApiError:
    text = f"Your attempt to delete {name} could not be completed because {reason}.: {', '.join(ids)}"
    return ApiError(400, "DELETE_FAILED", text, [])


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


def _contract(org: Org, row: Row, before: Row | None, given: Row) -> None:
    """Created in Draft, activated later; the end follows from start and term. Raises FAILED_ACTIVATION."""
    if before is None:
        row["ContractNumber"] = f"{100 + org.next_number('ContractNumber'):08d}"
        if row["Status"] != "Draft":
            raise ApiError(
                400,
                "FAILED_ACTIVATION",
                "Choose a valid contract status and save your changes. Ask your admin for details.",
                ["Status"],
            )
    row["StatusCode"] = _CONTRACT_CODE.get(row["Status"], "Draft")
    if before is not None and row["StatusCode"] == "Activated" != before["StatusCode"]:
        tx = org.open_transaction()
        row |= {"ActivatedDate": tx.now, "ActivatedById": tx.actor.user_id}
    row["EndDate"] = None
    if row["StartDate"] and row["ContractTerm"]:
        row["EndDate"] = _end(date.fromisoformat(row["StartDate"]), row["ContractTerm"]).isoformat()


def _end(start: date, months: int) -> date:
    """The day before the same day `months` later."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


_BEFORE: dict[str, Before] = {
    "Contact": _person,
    "User": _person,
    "Contract": _contract,
    "Opportunity": deals.opportunity,
    "OpportunityLineItem": deals.line,
    "PricebookEntry": deals.pricebook_entry,
    "Quote": deals.quote,
    "QuoteLineItem": deals.quote_line,
}
_AFTER: dict[str, After] = {
    "OpportunityLineItem": deals.roll_up_opportunity,
    "QuoteLineItem": deals.roll_up_quote,
}
