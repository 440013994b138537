"""Timecard splits and time dates: made by the package from a timecard, one split per time period the week touches.

The amounts of the splits add up to the timecard's: each is rounded, the last one takes what is left.
Source: vendors/certinia.md, section 3.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from sandbox.certinia import settings
from sandbox.certinia.periods import period_of
from sandbox.certinia.refusals import invalid, package_made
from sandbox.certinia.week import hours_by_day
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.system_writes import plant, system_delete, system_write

Worked = Sequence[tuple[str, Decimal]]
"""(day, hours)."""
_CENT = Decimal("0.01")
_COPIED = tuple(
    f"pse__{name}__c"
    for name in ("Project", "Assignment", "Milestone", "Resource", "Status", "Submitted", "Approved",
                 "Include_In_Financials")
)  # fmt: skip
_OPEN = frozenset(
    f"pse__{name}__c"
    for name in ("Billing_Hold", "Exclude_from_Billing", "Approved_for_Billing", "Approved_for_Vendor_Payment",
                 "Billable", "Invoiced", "Invoice_Number", "Invoice_Date")
)  # fmt: skip


def days_worked(org: Org, worked: Worked) -> Decimal:
    per_day = settings.of(org).hours_per_day
    if not per_day:
        return Decimal(sum(1 for _, hours in worked if hours))
    total = sum((hours for _, hours in worked), Decimal(0))
    return (total / Decimal(str(per_day))).quantize(_CENT, ROUND_HALF_UP)


def amount(org: Org, header: Row, worked: Worked) -> Decimal:
    """Billable amount of these days: hours x rate, or days x rate when the rate is per day."""
    rate = header["pse__Bill_Rate__c"]
    if rate is None or not header["pse__Billable__c"]:
        return Decimal("0.00")
    units = days_worked(org, worked) if header["pse__Daily_Bill_Rate__c"] else sum((h for _, h in worked), Decimal(0))
    return Decimal(units * rate).quantize(_CENT, ROUND_HALF_UP)


def of_header(org: Org, header_id: str) -> list[Row]:
    """In the order of their weeks' days."""
    found = (org.get("pse__Timecard__c", each) for each in _ids(org, "pse__Timecard__c", header_id))
    return sorted((row for row in found if row is not None), key=lambda row: str(row["pse__Start_Date__c"]))


def _ids(org: Org, name: str, parent: str) -> list[str]:
    reference = {"pse__Timecard__c": "pse__Timecard_Header__c", "pse__Time_Date__c": "pse__Timecard__c"}[name]
    return org.tables[name].having(reference, parent)


def sync(org: Org, header: Row) -> None:
    """Makes, changes or takes away splits so that they are the timecard's."""
    kept = {row["pse__Start_Date__c"]: row for row in of_header(org, header["Id"])}
    left = header["pse__Total_Billable_Amount__c"]
    parts = _parts(org, header)
    for number, days in enumerate(parts, 1):
        share = left if number == len(parts) else amount(org, header, [one for one in days if one[1]])
        left -= share
        split = _split(org, header, kept.pop(days[0][0], None), days, share)
        _dates(org, split, days)
    for gone in kept.values():
        for each in _ids(org, "pse__Time_Date__c", gone["Id"]):
            if (row := org.get("pse__Time_Date__c", each)) is not None:
                system_delete(org, "pse__Time_Date__c", row)
        system_delete(org, "pse__Timecard__c", gone)


def _parts(org: Org, header: Row) -> list[list[tuple[str, Decimal]]]:
    """The week's days, a part per time period; a part without hours only if that is configured, or if all are."""
    parts = [list(days) for _, days in groupby(hours_by_day(header), key=lambda one: period_of(org, one[0]))]
    full = [days for days in parts if any(hours for _, hours in days)]
    return parts if settings.of(org).splits_without_hours else full or parts[:1]


def _split(org: Org, header: Row, before: Row | None, days: Worked, share: Decimal) -> str:
    worked = [one for one in days if one[1]]
    values = {name: header[name] for name in _COPIED} | {
        "pse__Start_Date__c": days[0][0],
        "pse__End_Date__c": days[-1][0],
        "pse__Total_Hours__c": sum((hours for _, hours in worked), Decimal(0)),
        "pse__Total_Days_Worked__c": days_worked(org, worked),
        "pse__Total_Billable_Amount__c": share,
        "CurrencyIsoCode": header["CurrencyIsoCode"],
    }
    if before is None:
        return plant(org, "pse__Timecard__c", values | _first(org, header), org.open_transaction().actor.user_id)
    if header["pse__Approved__c"] != before["pse__Approved__c"]:
        values["pse__Approved_for_Billing__c"] = _for_billing(org, header)
    if not header["pse__Billable__c"]:
        values["pse__Billable__c"] = False
    system_write(org, "pse__Timecard__c", before, before | values)
    return str(before["Id"])


def _first(org: Org, header: Row) -> Row:
    return {
        "Name": f"TC-{org.next_number('pse:TC'):06d}",
        "OwnerId": header["OwnerId"],
        "pse__Timecard_Header__c": header["Id"],
        "pse__Billable__c": header["pse__Billable__c"],
        "pse__Approved_for_Billing__c": _for_billing(org, header),
    }


def _for_billing(org: Org, header: Row) -> bool:
    return bool(header["pse__Approved__c"] and settings.of(org).approve_for_billing_on_approval)


def _dates(org: Org, split: str, days: Worked) -> None:
    """One time date per day with hours; it keeps its id when the hours change."""
    found = (org.get("pse__Time_Date__c", each) for each in _ids(org, "pse__Time_Date__c", split))
    kept = {row["pse__Date__c"]: row for row in found if row is not None}
    for day, hours in days:
        before = kept.pop(day, None)
        if before is None and hours:
            weekday = f"{date.fromisoformat(day):%A}"
            values = {"pse__Timecard__c": split, "pse__Date__c": day, "pse__Hours__c": hours}
            number = {"Name": f"TD-{org.next_number('pse:TD'):06d}", "OwnerId": org.open_transaction().actor.user_id}
            plant(org, "pse__Time_Date__c", number | values | {"pse__Day_Of_Week__c": weekday}, number["OwnerId"])
        elif before is not None and hours:
            system_write(org, "pse__Time_Date__c", before, before | {"pse__Hours__c": hours})
        elif before is not None:
            system_delete(org, "pse__Time_Date__c", before)
    for gone in kept.values():
        system_delete(org, "pse__Time_Date__c", gone)


def split(org: Org, row: Row, before: Row | None, given: Row) -> None:
    """What a person or an integration may still say about a split itself."""
    if before is None:
        raise package_made("TimecardTrigger", "Timecard Split")
    shut = [n for n in given if n.startswith("pse__") and n not in _OPEN and row[n] != before[n]]
    if shut:
        raise invalid("This field follows the timecard and cannot be edited on its split.", *shut)
    if before["pse__Billed__c"] and row["pse__Billable__c"] != before["pse__Billable__c"]:
        raise invalid("A billed timecard split cannot change its Billable checkbox.", "pse__Billable__c")


def split_goes(org: Org, row: Row) -> None:
    """Only with its timecard."""
    if org.get("pse__Timecard_Header__c", row["pse__Timecard_Header__c"]) is not None:
        raise invalid("A timecard split is deleted with its timecard.")


def time_date(org: Org, row: Row, before: Row | None, given: Row) -> None:
    raise package_made("TimeDateTrigger", "Time Date")


def refuse_when_released(org: Org, header: Row) -> None:
    """Raises FIELD_CUSTOM_VALIDATION_EXCEPTION when a split's billing event is out of the house."""
    for row in of_header(org, header["Id"]):
        item = org.get("pse__Billing_Event_Item__c", row["pse__Billing_Event_Item__c"] or "") or {}
        event = org.get("pse__Billing_Event__c", item.get("pse__Billing_Event__c") or "") or {}
        if event.get("pse__Is_Released__c"):
            raise invalid("The timecard is on a released billing event.", "pse__Status__c")
