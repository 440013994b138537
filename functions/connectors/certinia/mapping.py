"""Certinia's records -> our events. No other file knows the fields of splits and expenses.

A time entry of ours is one day of a split: a split is a week, or the part of one that falls into a time period.
Source: docs/connectors/certinia.md, "Objects".
"""

from __future__ import annotations

from datetime import date, datetime

from events.envelope import AnyEnvelope, EventData, make_envelope
from events.expense_approved.v1 import ExpenseApproved
from events.time_approved.v1 import TimeApproved
from functions.connectors.certinia.query import ASSIGNMENT, DAYS, HEADER, REPORT
from functions.connectors.certinia.reading import (
    Row,
    amount,
    changed_at,
    currency_of,
    minutes,
    number,
    parent,
    person,
    ref,
    value,
)
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import micros
from shared.domain.identity import canonical_id, derived_id
from shared.faults import Poison

SOURCE = f"billweave/connectors/{SYSTEM}"
UNREADABLE = (KeyError, ValueError, TypeError, ArithmeticError)


def stands(row: Row, own: CertiniaSettings) -> bool:
    """Approved and billable by all the flags of the record and of what it hangs under, but for its project's.

    A project that is excluded is a hold, and holds are the fabric's to keep. `Billed` says that a billing event lists the
    record, not that anybody invoiced it.
    """
    wanted = ["pse__Approved__c", "pse__Include_In_Financials__c", "pse__Billable__c"]
    if own.approval_for_billing:
        wanted.append("pse__Approved_for_Billing__c")
    if row.get("IsDeleted") or not all(row.get(name, True) for name in wanted):
        return False
    if row.get("pse__Billing_Hold__c") or row.get("pse__Exclude_from_Billing__c"):
        return False
    return not any(parent(row, above).get("pse__Exclude_from_Billing__c") for above in (ASSIGNMENT, HEADER, REPORT))


def entry_id(row: Row, scope: str) -> str:
    """By split and day: a time date that is made anew for the same day is the same entry."""
    return canonical_id(scope, SYSTEM, "time_entry", f"{record_id(row['Id'])}:{row['day']['pse__Date__c']}")


def time_event(row: Row, scope: str, own: CertiniaSettings) -> AnyEnvelope:
    """A split with one of its time dates as `day`. Raises Poison("time_entry_unreadable"), for hours below zero, too."""
    try:
        assignment, header = parent(row, ASSIGNMENT), parent(row, HEADER)
        day, subject = row["day"], entry_id(row, scope)
        worked_on = date.fromisoformat(day["pse__Date__c"])
        at, rate = changed_at(row, ASSIGNMENT, HEADER), header.get("pse__Bill_Rate__c")
        hourly = rate is not None and not header.get("pse__Daily_Bill_Rate__c")
        data = TimeApproved(
            entry_id=subject,
            ref=ref("time_entry", row["Id"]),
            project_ref=ref("project", row["pse__Project__c"]),
            person=person(scope, row["pse__Resource__c"], parent(row, "pse__Resource__r")),
            role=assignment.get("pse__Role__c") or None,
            region=region(row, own),
            worked_on=worked_on,
            minutes=minutes(day["pse__Hours__c"]),
            notes=str(
                header.get(f"pse__{DAYS[worked_on.weekday()]}_Notes__c") or header.get("pse__Timecard_Notes__c") or ""
            ),
            approved_at=at,
            approver=parent(header, "pse__Approver__r").get("Name"),
            source_rate=amount(rate, currency_of(row, own)) if hourly else None,
            assignment_ref=ref("assignment", row["pse__Assignment__c"]) if row.get("pse__Assignment__c") else None,
        )
        return event_of(data, subject, at, scope)
    except UNREADABLE as exc:
        raise Poison("time_entry_unreadable", split=str(row.get("Id", ""))) from exc


def expense_id(row: Row, scope: str) -> str:
    return canonical_id(scope, SYSTEM, "expense", record_id(row["Id"]))


def expense_event(row: Row, scope: str, own: CertiniaSettings) -> AnyEnvelope:
    """Raises Poison("expense_unreadable")."""
    try:
        subject, at = expense_id(row, scope), changed_at(row, ASSIGNMENT, REPORT)
        billed = value(row, own.expense_amount) if own.expense_amount else None
        currency = value(row, own.expense_currency) if own.expense_currency and billed is not None else None
        spent = row["pse__Amount__c"] if billed is None else billed
        data = ExpenseApproved(
            expense_id=subject,
            ref=ref("expense", row["Id"]),
            project_ref=ref("project", row["pse__Project__c"]),
            person=person(scope, row["pse__Resource__c"], parent(row, "pse__Resource__r")),
            category=str(row.get("pse__Type__c") or "Other"),
            incurred_on=date.fromisoformat(row["pse__Expense_Date__c"]),
            value=amount(number(spent), currency or currency_of(row, own)),
            notes=str(row.get("pse__Description__c") or ""),
            approved_at=at,
            approver=parent(parent(row, REPORT), "pse__Approver__r").get("Name"),
        )
        return event_of(data, subject, at, scope)
    except UNREADABLE as exc:
        raise Poison("expense_unreadable", expense=str(row.get("Id", ""))) from exc


def region(row: Row, own: CertiniaSettings) -> str | None:
    if not own.region_of:
        return None
    found = parent(parent(row, f"pse__{own.region_of.capitalize()}__r"), "pse__Region__r")
    return str(found["Name"]) if found else None


def withdrawn(last: AnyEnvelope, at: datetime) -> AnyEnvelope:
    """What was told last, taken back by the change of this moment."""
    sequence = max(micros(at), last.sequence + 1)
    data: EventData = last.data.model_copy(update={"state": "withdrawn", "approved_at": None, "approver": None})
    event_id = derived_id("event", last.type, last.subject, str(sequence))
    return last.model_copy(update={"id": event_id, "time": at, "sequence": sequence, "data": data})


def event_of(data: EventData, subject: str, at: datetime, scope: str, *, above: int = 0) -> AnyEnvelope:
    """Its sequence is the source's change time, or past what was told before; the thread is the subject itself until a
    contract is found for it."""
    sequence = max(micros(at), above + 1)
    return make_envelope(
        data,
        event_id=derived_id("event", data.event_type, subject, str(sequence)),
        source=SOURCE,
        subject=subject,
        occurred_at=at,
        correlation_id=subject,
        legal_entity=scope,
        sequence=sequence,
    )
