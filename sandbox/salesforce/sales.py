"""The sales package: deals, contracts and quotes, with what the vendor does by itself when they are saved.

Sources: vendors/salesforce.md, section 4; Object Reference pages of each object.
"""

from __future__ import annotations

import json
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

from sandbox.salesforce import deals
from sandbox.salesforce.stages import plant_sales
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.package import Package

_CONTRACT_CODE = {"Draft": "Draft", "In Approval Process": "InApproval", "Activated": "Activated"}


def _account_goes(org: Org, row: Row) -> None:
    won = [o for o in org.tables["Opportunity"].having("AccountId", row["Id"]) if _won(org, o)]
    if won:
        raise _no_delete(row["Name"], "some opportunities in that account were closed won", won)


def _contract_goes(org: Org, row: Row) -> None:
    if row["StatusCode"] == "Activated":
        raise _no_delete(row["ContractNumber"], "the contract is activated", [row["Id"]])


def _won(org: Org, opportunity_id: str) -> bool:
    row = org.get("Opportunity", opportunity_id)
    return bool(row and row["IsWon"])


def _no_delete(name: str, reason: str, ids: list[str]) -> ApiError:
    text = f"Your attempt to delete {name} could not be completed because {reason}.: {', '.join(ids)}"
    return ApiError(400, "DELETE_FAILED", text, [])


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


SALES = Package(
    json.loads(Path(__file__).with_name("schema.json").read_text()),
    before_save={
        "Contract": _contract,
        "Opportunity": deals.opportunity,
        "OpportunityLineItem": deals.line,
        "PricebookEntry": deals.pricebook_entry,
        "Quote": deals.quote,
        "QuoteLineItem": deals.quote_line,
    },
    after_save={
        "OpportunityLineItem": deals.roll_up_opportunity,
        "QuoteLineItem": deals.roll_up_quote,
    },
    before_delete={"Account": _account_goes, "Contract": _contract_goes},
    seed=plant_sales,
)
