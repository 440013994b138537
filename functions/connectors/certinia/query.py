"""The SOQL of the feeds: what is read of each object, one page of what changed. Formula fields are left alone.

Source: docs/connectors/certinia.md, "Objects".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from functions.connectors.certinia.settings import CertiniaSettings
from functions.platforms.salesforce.soql import one_of

SPLIT, EXPENSE, MILESTONE, EVENT = "pse__Timecard__c", "pse__Expense__c", "pse__Milestone__c", "pse__Billing_Event__c"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ASSIGNMENT, HEADER, REPORT = "pse__Assignment__r", "pse__Timecard_Header__r", "pse__Expense_Report__r"
_FLAGS = tuple(
    f"pse__{name}__c"
    for name in (
        *("Approved", "Include_In_Financials", "Approved_for_Billing"),
        *("Billing_Hold", "Exclude_from_Billing", "Invoiced"),
    )
)
_EVERY = ("Id", "IsDeleted", "SystemModstamp")
_WORK = ("pse__Project__c", "pse__Resource__c", "pse__Resource__r.Name", "pse__Assignment__c", "pse__Billable__c")
_NOTES = (*(f"pse__{day}_Notes__c" for day in DAYS), "pse__Timecard_Notes__c")
_RATE = ("pse__Bill_Rate__c", "pse__Daily_Bill_Rate__c", "pse__Approver__r.Name", "pse__Exclude_from_Billing__c")
_ABOVE = ("SystemModstamp", "pse__Exclude_from_Billing__c")


def splits(condition: str, settings: CertiniaSettings) -> str:
    return _page(_of_splits(settings), SPLIT, condition, settings)


def splits_of(assignment_ids: Iterable[str], settings: CertiniaSettings) -> str:
    return _page(_of_splits(settings), SPLIT, _approved_work(assignment_ids))


def expenses_of(assignment_ids: Iterable[str], settings: CertiniaSettings) -> str:
    return _page(_of_expenses(settings), EXPENSE, _approved_work(assignment_ids))


def _approved_work(assignment_ids: Iterable[str]) -> str:
    among = one_of(assignment_ids)
    return f"pse__Assignment__c IN {among} AND pse__Approved__c = true AND pse__Invoiced__c = false"


def _of_splits(settings: CertiniaSettings) -> list[str]:
    return [
        *(*_EVERY, *_WORK, *_FLAGS, *_currency(settings), *_region(settings)),
        *_of(ASSIGNMENT, (*_ABOVE, "pse__Role__c")),
        *_of(HEADER, ("SystemModstamp", *_RATE, *_NOTES)),
    ]


def time_dates(split_ids: Iterable[str]) -> str:
    """Which hours of a split were worked on which day."""
    fields = "Id, IsDeleted, pse__Timecard__c, pse__Date__c, pse__Hours__c"
    return f"SELECT {fields} FROM pse__Time_Date__c WHERE pse__Timecard__c IN {one_of(split_ids)} ORDER BY pse__Date__c, Id"


def expenses(condition: str, settings: CertiniaSettings) -> str:
    return _page(_of_expenses(settings), EXPENSE, condition, settings)


def _of_expenses(settings: CertiniaSettings) -> list[str]:
    billed = [name for name in (settings.expense_amount, settings.expense_currency) if name]
    return [
        *(*_EVERY, *_WORK, *_FLAGS, *_currency(settings), *billed),
        *("pse__Expense_Date__c", "pse__Type__c", "pse__Amount__c", "pse__Description__c"),
        *_of(ASSIGNMENT, _ABOVE),
        *_of(REPORT, (*_ABOVE, "pse__Approver__r.Name")),
    ]


def milestones(condition: str, settings: CertiniaSettings) -> str:
    accepted_by = [settings.fields.accepted_by] if settings.fields.accepted_by else []
    fields = [*_EVERY, "Name", "pse__Project__c", "pse__Actual_Date__c", "pse__Status__c", *_FLAGS, *accepted_by]
    return _page(fields, MILESTONE, condition, settings)


def projects(condition: str, settings: CertiniaSettings) -> str:
    """Of ours: those that carry our key."""
    key, hold = settings.fields.key, settings.hold
    fields = [*_EVERY, key, *([hold.checkbox] if hold.checkbox else []), "pse__Project_Status__c"]
    return _page(fields, "pse__Proj__c", f"{key} != null AND {condition}", settings)


def assignments(condition: str, settings: CertiniaSettings) -> str:
    return _page([*_EVERY], "pse__Assignment__c", condition, settings)


def rate_cards(settings: CertiniaSettings) -> dict[str, str]:
    """All that is known of rates, whole: sets, their cards, projects of ours that point at a set."""
    currency, key = ", ".join(("SystemModstamp", *_currency(settings))), settings.fields.key
    limits = ("Account__c", "Region__r.Name", "Region__c", "Practice__c", "Group__c", "Cascading_Role__c")
    of_card = ("Role__c", "Rate_Card_Set__c", "Start_Date__c", "End_Date__c", "Suggested_Bill_Rate__c", *limits)
    card = ", ".join(f"pse__{name}" for name in of_card)
    return {
        "sets": f"SELECT Id, Name, {currency} FROM pse__Rate_Card_Set__c ORDER BY Id",
        "cards": f"SELECT Id, {card}, {currency} FROM pse__Rate_Card__c WHERE pse__Rate_Card_Set__c != null ORDER BY Id",
        "projects": (
            f"SELECT Id, pse__Rate_Card_Set__c FROM pse__Proj__c WHERE {key} != null AND pse__Rate_Card_Set__c != null "
            "ORDER BY Id"
        ),
    }


def _page(fields: Sequence[str], kind: str, condition: str, settings: CertiniaSettings | None = None) -> str:
    limit = f" LIMIT {settings.page_rows}" if settings else ""
    return f"SELECT {', '.join(fields)} FROM {kind} WHERE {condition} ORDER BY SystemModstamp, Id{limit}"


def _of(relation: str, fields: Iterable[str]) -> list[str]:
    return [f"{relation}.{name}" for name in fields]


def _currency(settings: CertiniaSettings) -> tuple[str, ...]:
    """An org of one currency does not know the field."""
    return ("CurrencyIsoCode",) if settings.multi_currency else ()


def _region(settings: CertiniaSettings) -> tuple[str, ...]:
    return (f"pse__{settings.region_of.capitalize()}__r.pse__Region__r.Name",) if settings.region_of else ()
