"""Timesheets and expense reports: one person's items on one project, submitted together, then resolved.

pending -> approved | rejected | cancelled, and approved -> rejected | cancelled (un-approval), unless invoiced.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import ApiError, forbidden, invalid
from sandbox.kantata.feed import ACCOUNT_ID
from sandbox.kantata.fields import day, id_list, required
from sandbox.kantata.time_entries import worker

LINES = {"timesheet_submissions": "time_entries", "expense_report_submissions": "expenses"}
_DATES = {"time_entries": "date_performed", "expenses": "date"}
_TYPES = {"timesheet_submissions": "TimesheetSubmission", "expense_report_submissions": "ExpenseReportSubmission"}
OUTCOMES = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}
_RESOLUTIONS = {"approve": "approval", "reject": "rejection", "cancel": "cancellation"}


def create_timesheet(call: Call, body: Record) -> Record:
    return _submit(call, "timesheet_submissions", body)


def create_report(call: Call, body: Record) -> Record:
    return _submit(call, "expense_report_submissions", body)


def _submit(call: Call, key: str, body: Record) -> Record:
    """Takes `line_item_ids` and a title, as the contract says; or, where the settings allow, start_date and end_date,
    which take all the person's items of these dates that are on no active submission."""
    required(body, "workspace_id")
    workspace = call.linked("workspaces", body["workspace_id"], "workspace_id")
    by_period = not body.get("line_item_ids") and call.settings.submit_by_period and body.get("start_date")
    if not by_period:
        required(body, "line_item_ids", "title")
    lines = _period(call, key, workspace, body) if by_period else _named(call, key, workspace, body)
    record = _record(call, key, workspace, body, lines)
    made = call.insert(key, record)
    for line in lines:
        call.update(LINES[key], line, {"active_submission_id": made["id"], "recent_submission_id": made["id"]})
        call.announce(key, "time_entry_added" if LINES[key] == "time_entries" else "expense_added", made)
    return made


def _named(call: Call, key: str, workspace: Record, body: Record) -> list[Record]:
    lines = [call.linked(LINES[key], i, "line_item_ids") for i in id_list(body, "line_item_ids")]
    owners = {line["user_id"] for line in lines}
    if owners != {worker(call, workspace, body) if body.get("user_id") else next(iter(owners))}:
        raise invalid("line_item_ids", "Line items must all belong to the same user")
    if any(line["workspace_id"] != workspace["id"] for line in lines):
        raise invalid("line_item_ids", "Line items must all be in the same project")
    for line in lines:
        if line["active_submission_id"] or line["invoice_id"]:
            raise invalid("line_item_ids", f"Line item {line['id']} has already been submitted")
    if owners != {call.viewer.user_id} and not call.viewer.may_approve(workspace["id"]):
        raise forbidden()
    return lines


def _period(call: Call, key: str, workspace: Record, body: Record) -> list[Record]:
    owner = worker(call, workspace, body)
    start, end, dated = day(body, "start_date"), day(body, "end_date"), _DATES[LINES[key]]
    lines = [
        line
        for line in call.book.with_value(LINES[key], "workspace_id", workspace["id"])
        if line["user_id"] == owner and start <= line[dated] <= end
        and not line["active_submission_id"] and not line["invoice_id"]
    ]  # fmt: skip
    if not lines:
        raise invalid("line_item_ids", "There is nothing to submit in this period")
    return lines


def _record(call: Call, key: str, workspace: Record, body: Record, lines: list[Record]) -> Record:
    start, end = _weeks([line[_DATES[LINES[key]]] for line in lines], call.settings.week_starts_on)
    if body.get("start_date") and body.get("end_date"):
        start, end = day(body, "start_date"), day(body, "end_date")
    return {
        "type": _TYPES[key], "workspace_id": workspace["id"], "user_id": lines[0]["user_id"], "status": "pending",
        "title": body.get("title") or f"{workspace['title']}: {start} - {end}", "comment": body.get("comment"),
        "currency": workspace["currency"], "line_item_ids": [line["id"] for line in lines], "start_date": start,
        "end_date": end, "locked": False, "resolver_id": None, "current_resolution_created_at_date": None,
        "current_resolution_creator_id": None, "current_resolution_description": None,
        "resolution_description": None,
    }  # fmt: skip


def _weeks(days: list[str], starts_on: str) -> tuple[str, str]:
    """First day of the first item's week, last day of the last item's."""
    shift = 1 if starts_on == "sunday" else 0
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    start = first - timedelta(days=(first.weekday() + shift) % 7)
    end = last + timedelta(days=6 - (last.weekday() + shift) % 7)
    return start.isoformat(), end.isoformat()


def resolve(call: Call, key: str, record: Record, action: str, body: Record) -> tuple[Record, Record]:
    """approve, reject or cancel one submission: (the submission, its resolution). Raises 403, 422."""
    _check(call, key, record, action)
    description = (body.get("resolution") or {}).get("description")
    resolution = call.insert("resolutions", {
        "type": _RESOLUTIONS[action], "description": description, "target_type": record["type"],
        "target_id": record["id"], "user_id": int(call.viewer.user_id), "account_id": ACCOUNT_ID, "current": True,
    })  # fmt: skip
    changed = call.update(key, record, {
        "status": OUTCOMES[action], "resolver_id": call.viewer.user_id, "resolution_description": description,
        "current_resolution_description": description, "current_resolution_creator_id": call.viewer.user_id,
        "current_resolution_created_at_date": resolution["created_at"],
    })  # fmt: skip
    line_change: dict[str, Any] = {"approved": True}
    if action != "approve":
        line_change = {"approved": False, "active_submission_id": None}
    for line_id in record["line_item_ids"]:
        line = call.book.get(LINES[key], line_id)
        if line is not None:
            call.update(LINES[key], line, line_change)
    return changed, resolution


def _check(call: Call, key: str, record: Record, action: str) -> None:
    owner_takes_back = action == "cancel" and record["status"] == "pending" and record["user_id"] == call.viewer.user_id
    if not call.viewer.may_approve(record["workspace_id"]) and not owner_takes_back:
        raise forbidden()
    allowed = ("pending",) if action == "approve" else ("pending", "approved")
    if record["status"] not in allowed:
        raise invalid("status", f"Submission is already {record['status']}")
    if action != "approve":
        lines = [call.book.get(LINES[key], i) for i in record["line_item_ids"]]
        if any(line and line["invoice_id"] for line in lines):
            raise invalid("base", "Some of the items have already been invoiced")


def resolve_many(call: Call, key: str, action: str, body: Record) -> list[Record]:
    """All or nothing; every submission that cannot be resolved is named in one 422."""
    ids = id_list(body.get("resolution") or {}, "submission_ids")
    if not ids:
        raise invalid("submission_ids", "Submission ids can't be blank")
    errors: list[dict[str, str]] = []
    for submission_id in ids:
        record = call.book.get(key, submission_id)
        try:
            if record is None or not call.viewer.sees(key, record):
                raise invalid("submission_ids", "could not be found")
            _check(call, key, record, action)
        except ApiError as refusal:
            if refusal.status != 422:
                raise
            errors += [e | {"message": f"Submission {submission_id}: {e['message']}"} for e in refusal.errors]
    if errors:
        raise ApiError(422, errors)
    return [resolve(call, key, call.known(key, i), action, body)[1] for i in ids]
