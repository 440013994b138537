"""Billing events: generated from what is eligible, recalculated, cleared. What a person starts with a button.

Source: vendors/certinia.md, sections 3.11 and 4. A source is Billed once an item stands for it, before any release.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sandbox.certinia import grants, settings, sources
from sandbox.certinia.periods import period_of
from sandbox.certinia.refusals import invalid
from sandbox.certinia.sources import Facts, Kind
from sandbox.salesforce_platform.org import Org, Row
from sandbox.salesforce_platform.system_writes import plant, system_delete, system_write

Found = list[tuple[Kind, Row]]


def generate(org: Org, projects: Iterable[str], through: str | None, customer_reference: str | None) -> list[str]:
    """Ids of the events that got new items. through: the last day a source may have; None: any. In a transaction."""
    touched: list[str] = []
    for project_id in projects:
        project = org.get("pse__Proj__c", project_id)
        if project is None:
            raise invalid(f"There is no project {project_id}.")
        found = _eligible(org, project_id, through)
        if found:
            grants.demand(org, project, "Billing", "generate billing events")
        for suffix, group in _grouped(org, found):
            touched.append(_into_event(org, project, group, suffix, through, customer_reference))
    return touched


def _eligible(org: Org, project_id: str, through: str | None) -> Found:
    found: Found = []
    for kind in sources.KINDS:
        for each in org.tables[kind.name].having("pse__Project__c", project_id):
            row = org.get(kind.name, each)
            if row is None or not sources.eligible(org, row):
                continue
            day = kind.facts(org, row).date
            if through is None or day is None or day <= through:
                found.append((kind, row))
    return found


def _grouped(org: Org, found: Found) -> list[tuple[str, Found]]:
    if not settings.of(org).separate_events:
        return [("", found)] if found else []
    groups: dict[str, Found] = {}
    for kind, row in found:
        groups.setdefault(kind.suffix, []).append((kind, row))
    return list(groups.items())


def _into_event(org: Org, project: Row, found: Found, suffix: str, through: str | None, reference: str | None) -> str:
    day = through or max((kind.facts(org, row).date or org.today() for kind, row in found), default=org.today())
    batch = _batch(org, project, day)
    key = f"{batch['Id']}{project['Id']}{reference or ''}{suffix}"
    event = _open_event(org, key) or _event(org, project, batch, key, day, reference)
    for kind, row in found:
        _item(org, kind, row, event)
    _sum(org, event["Id"])
    return str(event["Id"])


def _batch(org: Org, project: Row, day: str) -> Row:
    """An open batch of the same account, trees and period when the project says so, else a new one."""
    same = {
        "pse__Account__c": project["pse__Account__c"],
        "pse__Region__c": project["pse__Region__c"],
        "pse__Practice__c": project["pse__Practice__c"],
        "pse__Group__c": project["pse__Group__c"],
        "pse__Time_Period__c": period_of(org, day),
        "CurrencyIsoCode": project["CurrencyIsoCode"],
    }
    if project["pse__Add_BEIs_To_Existing_Batches__c"]:
        for row in org.live("pse__Billing_Event_Batch__c"):
            if not row["pse__Is_Released__c"] and all(row[name] == value for name, value in same.items()):
                return row
    user = org.open_transaction().actor.user_id
    number = {"Name": f"BB-{org.next_number('pse:BB'):06d}", "OwnerId": user, "pse__Summary_Amount__c": Decimal(0)}
    key = {"pse__Batch_Key__c": ":".join(str(same[name] or "") for name in list(same)[:5])}
    made = plant(org, "pse__Billing_Event_Batch__c", number | same | key, user)
    return org.tables["pse__Billing_Event_Batch__c"].rows[made]


def _open_event(org: Org, key: str) -> Row | None:
    same = (row for row in org.live("pse__Billing_Event__c") if row["pse__Event_Key__c"] == key)
    return next((row for row in same if not row["pse__Is_Released__c"]), None)


def _event(org: Org, project: Row, batch: Row, key: str, day: str, reference: str | None) -> Row:
    user = org.open_transaction().actor.user_id
    made = plant(
        org,
        "pse__Billing_Event__c",
        {
            "Name": f"BE-{org.next_number('pse:BE'):06d}",
            "OwnerId": user,
            "pse__Project__c": project["Id"],
            "pse__Billing_Event_Batch__c": batch["Id"],
            "pse__Date__c": day,
            "pse__Event_Key__c": key,
            "pse__Customer_Reference__c": reference,
            "pse__Status__c": "Draft",
            "CurrencyIsoCode": project["CurrencyIsoCode"],
        },
        user,
    )
    return org.tables["pse__Billing_Event__c"].rows[made]


def _item(org: Org, kind: Kind, row: Row, event: Row) -> None:
    user = org.open_transaction().actor.user_id
    facts = kind.facts(org, row)
    values = {
        "Name": f"BEI-{org.next_number('pse:BEI'):06d}",
        "OwnerId": user,
        "pse__Billing_Event__c": event["Id"],
        "pse__Billing_Event_Batch__c": event["pse__Billing_Event_Batch__c"],
        "pse__Project__c": event["pse__Project__c"],
        "pse__Category__c": kind.category,
        "pse__Object_Id__c": row["Id"],
        kind.link: row["Id"],
    }
    made = plant(org, "pse__Billing_Event_Item__c", values | _said(org, facts), user)
    billed = {"pse__Billed__c": True, "pse__Bill_Date__c": event["pse__Date__c"]}
    system_write(org, kind.name, row, row | billed | {"pse__Billing_Event_Item__c": made})
    roll_up(org, kind, row)


def _said(org: Org, facts: Facts) -> Row:
    price = facts.unit_price
    return {
        "pse__Quantity__c": facts.quantity.quantize(Decimal("0.000001")),
        "pse__Unit_Price__c": None if price is None else price.quantize(Decimal("0.01")),
        "pse__Amount__c": facts.amount,
        "pse__Rounded_Amount__c": sources.rounded(org, facts.amount, facts.currency),
        "pse__Date__c": facts.date,
        "pse__Description__c": facts.description[:255],
        "pse__Subcategory__c": facts.subcategory,
        "CurrencyIsoCode": facts.currency,
    }


def items(org: Org, event_id: str) -> list[Row]:
    table = org.tables["pse__Billing_Event_Item__c"]
    found = (org.get("pse__Billing_Event_Item__c", each) for each in table.having("pse__Billing_Event__c", event_id))
    return [row for row in found if row is not None]


def out_of_sync(org: Org, event_id: str) -> bool:
    """Whether a source says something else than its item, or is not to be billed any more."""
    for item in items(org, event_id):
        kind, row = sources.of_item(org, item)
        if not sources.billable_now(org, row) or any(
            item[name] != value for name, value in _said(org, kind.facts(org, row)).items()
        ):
            return True
    return False


def recalculate(org: Org, event_id: str) -> None:
    """The items say what the sources say now; amounts change under the same Event_Key. Raises when released."""
    event = _changeable(org, event_id, "recalculate")
    for item in items(org, event_id):
        kind, row = sources.of_item(org, item)
        if sources.billable_now(org, row):
            system_write(org, "pse__Billing_Event_Item__c", item, item | _said(org, kind.facts(org, row)))
        else:
            _take_out(org, kind, row, item)
    _sum(org, event["Id"])


def clear(org: Org, event_id: str) -> None:
    """Clear Billing Data: the event and its items are gone, their sources can be billed again. Raises when invoiced."""
    event = org.get("pse__Billing_Event__c", event_id)
    if event is None or event["pse__Invoiced__c"]:
        raise invalid("An invoiced billing event cannot be cleared.")
    project = org.get("pse__Proj__c", event["pse__Project__c"]) or {}
    grants.demand(org, project, "Billing", "clear billing data")
    for item in items(org, event_id):
        _take_out(org, *sources.of_item(org, item), item)
    system_delete(org, "pse__Billing_Event__c", event)
    sum_batch(org, event["pse__Billing_Event_Batch__c"])


def _changeable(org: Org, event_id: str, what: str) -> Row:
    event = org.get("pse__Billing_Event__c", event_id)
    if event is None or event["pse__Is_Released__c"]:
        raise invalid(f"Only a billing event that is not released can be {what}d.")
    grants.demand(org, org.get("pse__Proj__c", event["pse__Project__c"]) or {}, "Billing", what)
    return event


def _take_out(org: Org, kind: Kind, row: Row, item: Row) -> None:
    free = {"pse__Billed__c": False, "pse__Bill_Date__c": None, "pse__Billing_Event_Item__c": None}
    system_write(org, kind.name, row, row | free)
    system_delete(org, "pse__Billing_Event_Item__c", item)
    roll_up(org, kind, row)


def _sum(org: Org, event_id: str) -> None:
    event = org.tables["pse__Billing_Event__c"].rows[event_id]
    found = items(org, event_id)
    sums = {
        "pse__Summary_Amount__c": sum((row["pse__Amount__c"] for row in found), Decimal("0.00")),
        "pse__Rounded_Summary_Amount__c": sum((row["pse__Rounded_Amount__c"] for row in found), Decimal("0.00")),
    }
    system_write(org, "pse__Billing_Event__c", event, event | sums)
    sum_batch(org, event["pse__Billing_Event_Batch__c"])


def sum_batch(org: Org, batch_id: str) -> None:
    """Amount, and whether all its events are released."""
    batch = org.tables["pse__Billing_Event_Batch__c"].rows[batch_id]
    table = org.tables["pse__Billing_Event__c"]
    found = (org.get("pse__Billing_Event__c", each) for each in table.having("pse__Billing_Event_Batch__c", batch_id))
    events = [row for row in found if row is not None]
    total = sum((row["pse__Summary_Amount__c"] or Decimal(0) for row in events), Decimal("0.00"))
    released = bool(events) and all(row["pse__Is_Released__c"] for row in events)
    changed = {"pse__Summary_Amount__c": total, "pse__Is_Released__c": released}
    system_write(org, "pse__Billing_Event_Batch__c", batch, batch | changed)


_PARENTS = {
    "pse__Timecard__c": ("pse__Timecard_Header__c", "pse__Timecard_Header__c"),
    "pse__Expense__c": ("pse__Expense_Report__c", "pse__Expense_Report__c"),
}


def roll_up(org: Org, kind: Kind, row: Row) -> None:
    """A timecard is billed, or invoiced, when all its splits are; a report when all its expenses are."""
    name, reference = _PARENTS.get(kind.name, ("", ""))
    parent = org.get(name, row[reference] or "") if name else None
    if parent is None:
        return
    found = (org.get(kind.name, each) for each in org.tables[kind.name].having(reference, parent["Id"]))
    rows = [each for each in found if each is not None]
    boxes = {box: all(each[box] for each in rows) for box in ("pse__Billed__c", "pse__Invoiced__c")}
    system_write(org, name, parent, parent | boxes)
