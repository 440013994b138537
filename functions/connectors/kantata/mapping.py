"""Kantata's objects -> our events. No other file knows the fields of time entries, expenses, milestones.

Source: docs/connectors/kantata.md, "Objects".
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from events.envelope import AnyEnvelope, EventData, make_envelope
from events.expense_approved.v1 import ExpenseApproved
from events.time_approved.v1 import TimeApproved
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.reading import amount, instant, micros, person, ref
from functions.connectors.kantata.settings import SYSTEM, TimeRule
from shared.domain.identity import canonical_id, derived_id
from shared.faults import Poison

SOURCE = f"billweave/connectors/{SYSTEM}"
State = Literal["approved", "withdrawn"]
AS_IT_IS = TimeRule()
"""Nothing said of overtime, travel or region."""
UNREADABLE = (KeyError, ValueError, TypeError, ArithmeticError)


def time_event(row: Row, page: Page, scope: str, state: State = "approved", rule: TimeRule = AS_IT_IS) -> AnyEnvelope:
    """One of `time_entries` with user, story, role and active_submission beside it.

    Kantata shows no approval on the entry itself: who and when is the timesheet's resolution, else the entry's last
    change. Raises Poison("time_entry_unreadable").
    """
    try:
        entry_id = canonical_id(scope, SYSTEM, "time_entry", str(row["id"]))
        sheet = page.side("timesheet_submissions", row.get("active_submission_id"))
        rated = row.get("rate_in_cents") is not None
        data = TimeApproved(
            entry_id=entry_id,
            ref=ref("time_entry", row["id"]),
            project_ref=ref("workspace", row["workspace_id"]),
            state=state,
            person=person(scope, row["user_id"], page.side("users", row["user_id"])),
            role=role_name(row, page),
            task=task_title(row, page),
            task_ref=ref("story", row["story_id"]) if row.get("story_id") is not None else None,
            region=str(row["location"]) if rule.region_by_location and row.get("location") else None,
            work_kind=work_kind(row, page, rule),
            worked_on=date.fromisoformat(str(row["date_performed"])),
            minutes=int(row["time_in_minutes"]),
            notes=str(row.get("notes") or ""),
            approved_at=approved_at(row, sheet, state),
            approver=approver(page, sheet, state),
            source_rate=amount(row["rate_in_cents"], row) if rated else None,
        )
        return event_of(data, entry_id, row, scope)
    except UNREADABLE as exc:
        raise Poison("time_entry_unreadable", time_entry=str(row.get("id", ""))) from exc


def expense_event(row: Row, page: Page, scope: str, state: State = "approved") -> AnyEnvelope:
    """One of `expenses` with user and active_submission beside it. Raises Poison("expense_unreadable")."""
    try:
        expense_id = canonical_id(scope, SYSTEM, "expense", str(row["id"]))
        report = page.side("expense_report_submissions", row.get("active_submission_id"))
        data = ExpenseApproved(
            expense_id=expense_id,
            ref=ref("expense", row["id"]),
            project_ref=ref("workspace", row["workspace_id"]),
            state=state,
            person=person(scope, row["user_id"], page.side("users", row["user_id"])),
            category=str(row.get("category") or "Other"),
            incurred_on=date.fromisoformat(str(row["date"])[:10]),
            value=amount(row["amount_in_cents"], row),
            notes=str(row.get("notes") or ""),
            approved_at=approved_at(row, report, state),
            approver=approver(page, report, state),
        )
        return event_of(data, expense_id, row, scope)
    except UNREADABLE as exc:
        raise Poison("expense_unreadable", expense=str(row.get("id", ""))) from exc


def role_name(row: Row, page: Page) -> str | None:
    """The role's name as the rate card says it; its id where the name may not be seen. Both feeds use this rule."""
    if row.get("role_id") is None:
        return None
    return str(page.side("roles", row["role_id"]).get("name") or row["role_id"])


def task_title(row: Row, page: Page) -> str | None:
    title = page.side("stories", row.get("story_id")).get("title")
    return None if title is None else str(title)


def work_kind(row: Row, page: Page, rule: TimeRule) -> Literal["overtime", "travel"] | None:
    """None: plain work. A name that stands under both is travel, as the multipliers have it."""
    said = ((task_title(row, page) if rule.by == "task" else role_name(row, page)) or "").strip().casefold()
    if said in {name.strip().casefold() for name in rule.travel}:
        return "travel"
    return "overtime" if said in {name.strip().casefold() for name in rule.overtime} else None


def approved_at(row: Row, submission: Row, state: State) -> datetime | None:
    if state != "approved":
        return None
    return instant(submission.get("current_resolution_created_at_date") or row["updated_at"])


def approver(page: Page, submission: Row, state: State) -> str | None:
    """The approver's name where Kantata sent the user along, else which user it was."""
    user_id = submission.get("current_resolution_creator_id")
    if state != "approved" or user_id is None:
        return None
    return str(page.side("users", user_id).get("full_name") or f"{SYSTEM} user {user_id}")


def event_of(data: EventData, subject: str, row: Row, scope: str, *, at: datetime | None = None) -> AnyEnvelope:
    """Its sequence is the source's change time; the thread is the subject itself until a contract is found for it."""
    changed_at = at or instant(row["updated_at"])
    number = micros(changed_at)
    facts: dict[str, Any] = {"source": SOURCE, "subject": subject, "occurred_at": changed_at, "sequence": number}
    event_id = derived_id("event", data.event_type, subject, str(number))
    return make_envelope(data, event_id=event_id, correlation_id=subject, legal_entity=scope, **facts)
