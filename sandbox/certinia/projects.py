"""Projects, assignments, schedules and resource requests: what the package derives and refuses.

Source: vendors/certinia.md, sections 3.1 to 3.5 and 5.5. Hours live in the schedule: other assignment dates move none.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sandbox.certinia import grants, settings
from sandbox.certinia.refusals import invalid
from sandbox.certinia.week import DAYS
from sandbox.salesforce_platform.errors import ApiError
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.system_writes import system_write


def project(org: Org, row: Row, before: Row | None, given: Row) -> None:
    if before is not None:
        return
    row["pse__Project_ID__c"] = f"PR-{org.next_number('pse:PR'):06d}"
    needed = [name.strip() for name in settings.of(org).project_needs.split(",") if name.strip()]
    missing = [name for name in needed if row.get(name) is None]
    if missing:
        raise ApiError(
            400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", missing
        )  # fmt: skip


def project_goes(org: Org, row: Row) -> None:
    for name in ("pse__Timecard_Header__c", "pse__Expense__c", "pse__Billing_Event__c"):
        if any(org.get(name, each) for each in org.tables[name].having("pse__Project__c", row["Id"])):
            raise invalid(f"The project {row['Name']} has records in {name} and cannot be deleted.")


def assignment(org: Org, row: Row, before: Row | None, given: Row) -> None:
    of = org.get("pse__Proj__c", row["pse__Project__c"]) or {}
    if before is None:
        row["pse__Assignment_Number__c"] = f"A-{org.next_number('pse:A'):06d}"
        if "CurrencyIsoCode" not in given:
            row["CurrencyIsoCode"] = of["CurrencyIsoCode"]
        if row["pse__Schedule__c"] is None and settings.of(org).assignment_needs_schedule:
            raise invalid("An assignment needs a schedule, which is inserted first.", "pse__Schedule__c")
    if before is None or _moved(row, before):
        grants.demand(org, of, "Staffing", "staff a resource")
    resource = org.get("Contact", row["pse__Resource__c"] or "") or {}
    if row["Name"] is None:
        row["Name"] = " - ".join(part for part in (resource.get("Name"), of.get("Name")) if part)[:80]
    schedule = org.get("pse__Schedule__c", row["pse__Schedule__c"] or "")
    if schedule is not None:
        for name in ("pse__Start_Date__c", "pse__End_Date__c"):
            row[name] = row[name] or schedule[name]
        row["pse__Scheduled_Hours__c"] = schedule["pse__Scheduled_Hours__c"]
    card = org.get("pse__Rate_Card__c", row["pse__Rate_Card__c"] or "")
    if card is not None and row["pse__Bill_Rate__c"] is None:
        row["pse__Bill_Rate__c"] = card["pse__Suggested_Bill_Rate__c"]


def _moved(row: Row, before: Row) -> bool:
    return any(row[f"pse__{name}__c"] != before[f"pse__{name}__c"] for name in ("Resource", "Schedule", "Status"))


def schedule(org: Org, row: Row, before: Row | None, given: Row) -> None:
    row["Name"] = row["Name"] or f"S-{org.next_number('pse:S'):06d}"
    exceptions = (
        org.get("pse__Schedule_Exception__c", each)
        for each in org.tables["pse__Schedule_Exception__c"].having("pse__Schedule__c", row["Id"] or "")
    )
    row["pse__Scheduled_Hours__c"] = _scheduled(row, [one for one in exceptions if one is not None])


def schedule_saved(org: Org, row: Row, before: Row | None) -> None:
    for each in org.tables["pse__Assignment__c"].having("pse__Schedule__c", row["Id"]):
        if (held := org.get("pse__Assignment__c", each)) is not None:
            hours = {"pse__Scheduled_Hours__c": row["pse__Scheduled_Hours__c"]}
            system_write(org, "pse__Assignment__c", held, held | hours)


def exception(org: Org, row: Row, before: Row | None, given: Row) -> None:
    row["Name"] = row["Name"] or f"SE-{org.next_number('pse:SE'):06d}"


def exception_saved(org: Org, row: Row, before: Row | None) -> None:
    held = org.get("pse__Schedule__c", row["pse__Schedule__c"])
    if held is not None:
        changed = dict(held)
        schedule(org, changed, held, {})
        system_write(org, "pse__Schedule__c", held, changed)
        schedule_saved(org, changed, held)


def _scheduled(row: Row, exceptions: list[Row]) -> Decimal:
    """Hours from first to last day: the weekly pattern, but an exception's on its days."""
    day, last = date.fromisoformat(row["pse__Start_Date__c"]), date.fromisoformat(row["pse__End_Date__c"])
    if last < day or (last - day).days > 3660:
        raise invalid("The schedule's end is before its start or more than ten years away.", "pse__End_Date__c")
    total = Decimal(0)
    while day <= last:
        at = day.isoformat()
        pattern = next((e for e in exceptions if e["pse__Start_Date__c"] <= at <= e["pse__End_Date__c"]), row)
        total += pattern[f"pse__{DAYS[day.weekday()]}_Hours__c"] or Decimal(0)
        day += timedelta(1)
    return total


def request(org: Org, row: Row, before: Row | None, given: Row) -> None:
    row["Name"] = row["Name"] or f"RR-{org.next_number('pse:RR'):06d}"
    if row["pse__Project__c"] is None and row["pse__Opportunity__c"] is None:
        raise invalid("A resource request needs a project or an opportunity.", "pse__Project__c")
    of = org.get("pse__Proj__c", row["pse__Project__c"] or "")
    if of is not None:
        grants.demand(org, of, "Resource_Request_Entry", "request a resource")


def rate_card(org: Org, row: Row, before: Row | None, given: Row) -> None:
    row["Name"] = row["Name"] or f"RC-{org.next_number('pse:RC'):06d}"


def control(org: Org, row: Row, before: Row | None, given: Row) -> None:
    row["Name"] = row["Name"] or f"PC-{org.next_number('pse:PC'):06d}"
