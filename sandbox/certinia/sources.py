"""The five kinds of record a billing event item can stand for, told alike; who of them is eligible.

Source: vendors/certinia.md, sections 3.7 to 3.11 and 4. The vendor's exact formula of eligibility is not known: this is
what the words of the notes say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.certinia import settings
from sandbox.salesforce_platform.org import Org, Row

_ONE = Decimal(1)


@dataclass(frozen=True)
class Facts:
    """What an item says of its source. amount in the source's billing currency; quantity: hours, days or 1."""

    amount: Decimal
    quantity: Decimal
    unit_price: Decimal | None
    date: str | None
    description: str
    subcategory: str | None
    currency: str


@dataclass(frozen=True)
class Kind:
    """`link`: the item's reference to it. `suffix`: of the key of an event that holds this kind alone."""

    name: str
    category: str
    link: str
    suffix: str
    facts: Callable[[Org, Row], Facts]


def _timecard(org: Org, row: Row) -> Facts:
    header = org.tables["pse__Timecard_Header__c"].rows[row["pse__Timecard_Header__c"]]
    resource = org.tables["Contact"].rows.get(row["pse__Resource__c"], {})
    assignment = org.get("pse__Assignment__c", row["pse__Assignment__c"] or "") or {}
    by_day = header["pse__Daily_Bill_Rate__c"]
    return Facts(
        amount=row["pse__Total_Billable_Amount__c"] if row["pse__Billable__c"] else Decimal("0.00"),
        quantity=row["pse__Total_Days_Worked__c" if by_day else "pse__Total_Hours__c"],
        unit_price=header["pse__Bill_Rate__c"],
        date=row["pse__End_Date__c"],
        description=f"{resource.get('Name')}: {row['pse__Start_Date__c']} - {row['pse__End_Date__c']}",
        subcategory=assignment.get("pse__Role__c"),
        currency=row["CurrencyIsoCode"],
    )


def _expense(org: Org, row: Row) -> Facts:
    amount, text = row["pse__Billing_Amount__c"], row["pse__Description__c"] or row["pse__Type__c"] or row["Name"]
    day, kind = row["pse__Expense_Date__c"], row["pse__Type__c"]
    return Facts(amount, _ONE, amount, day, text, kind, row["pse__Billing_Currency__c"])


def _milestone(org: Org, row: Row) -> Facts:
    amount = row["pse__Milestone_Amount__c"] or Decimal("0.00")
    day = row["pse__Actual_Date__c"] or row["pse__Target_Date__c"]
    return Facts(amount, _ONE, amount, day, row["Name"], None, row["CurrencyIsoCode"])


def _written_down(org: Org, row: Row) -> Facts:
    amount, day = row["pse__Amount__c"], row["pse__Effective_Date__c"]
    what = row.get("pse__Transaction_Category__c") or row.get("pse__Type__c")
    return Facts(amount, _ONE, amount, day, row["Name"], what, row["CurrencyIsoCode"])


KINDS = (
    Kind("pse__Timecard__c", "Timecard", "pse__Timecard_Split__c", "TC", _timecard),
    Kind("pse__Expense__c", "Expense", "pse__Expense__c", "EX", _expense),
    Kind("pse__Milestone__c", "Milestone", "pse__Milestone__c", "MS", _milestone),
    Kind("pse__Miscellaneous_Adjustment__c", "Miscellaneous Adjustment", "pse__Miscellaneous_Adjustment__c", "MA",
         _written_down),
    Kind("pse__Budget__c", "Budget", "pse__Budget__c", "BU", _written_down),
)  # fmt: skip
BY_CATEGORY = {kind.category: kind for kind in KINDS}


def of_item(org: Org, item: Row) -> tuple[Kind, Row]:
    """The source of a billing event item, also one that was deleted since."""
    kind = BY_CATEGORY[item["pse__Category__c"]]
    return kind, org.tables[kind.name].rows[item[kind.link]]


def billable_now(org: Org, row: Row) -> bool:
    """Everything eligibility asks but that it is not billed yet."""
    wanted = ["pse__Billable__c", "pse__Approved__c", "pse__Include_In_Financials__c"]
    if settings.of(org).approval_for_billing_used:
        wanted.append("pse__Approved_for_Billing__c")
    if row["IsDeleted"] or not all(row.get(name, True) for name in wanted):
        return False
    if row["pse__Billing_Hold__c"] or row["pse__Exclude_from_Billing__c"]:
        return False
    project = org.tables["pse__Proj__c"].rows.get(row["pse__Project__c"], {})
    above: list[Any] = [project.get("pse__Exclude_From_Billing__c")]
    for name, reference in (("pse__Assignment__c", "pse__Assignment__c"),
                            ("pse__Timecard_Header__c", "pse__Timecard_Header__c"),
                            ("pse__Expense_Report__c", "pse__Expense_Report__c")):  # fmt: skip
        held = org.tables[name].rows.get(row.get(reference) or "", {})
        above.append(held.get("pse__Exclude_from_Billing__c"))
    return not any(above)


def eligible(org: Org, row: Row) -> bool:
    """`pse__Eligible_for_Billing__c`: a formula, so that its change moves no stamp and sends no event."""
    return not row["pse__Billed__c"] and billable_now(org, row)


def rounded(org: Org, amount: Decimal, currency: str | None) -> Decimal:
    """To the decimals the org has for the currency."""
    for each in org.tables["CurrencyType"].having("IsoCode", currency):
        places = (org.get("CurrencyType", each) or {"DecimalPlaces": 2})["DecimalPlaces"]
        return amount.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    return amount
