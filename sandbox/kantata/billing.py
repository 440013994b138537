"""Billing milestones (the billing schedule of a project) and the lock date of time."""

from __future__ import annotations

from datetime import date

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.derived import time_approved
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.feed import ACCOUNT_ID
from sandbox.kantata.fields import day, id_or_none, optional_day, required, whole

_TYPES = ("fixed_date", "upon_completion")


def _changes(call: Call, body: Record, workspace_id: str) -> Record:
    changes: Record = {"title": str(body["title"])} if body.get("title") else {}
    if "amount_in_cents" in body:
        changes["amount_in_cents"] = whole(body, "amount_in_cents")
    if "date_to_invoice" in body:
        changes["date_to_invoice"] = optional_day(body, "date_to_invoice")
    if "billing_type" in body:
        if body["billing_type"] not in _TYPES:
            raise invalid("billing_type", f"Billing type must be one of {', '.join(_TYPES)}")
        changes["billing_type"] = body["billing_type"]
    if id_or_none(body, "story_id"):
        story = call.linked("stories", body["story_id"], "story_id")
        if story["workspace_id"] != workspace_id:
            raise invalid("story_id", "Task must be in the same project")
        changes["story_id"] = story["id"]
    return changes


def create(call: Call, body: Record) -> Record:
    required(body, "title", "amount_in_cents", "workspace_id")
    workspace = call.linked("workspaces", body["workspace_id"], "workspace_id")
    if not call.viewer.sees_money(workspace["id"]):
        raise forbidden()
    record = {
        "workspace_id": workspace["id"], "story_id": None, "date_to_invoice": None, "billing_type": "fixed_date",
        "currency": workspace["currency"], "invoice_id": None, "invoice_ids": [], "status": "not_invoiced",
    } | _changes(call, body, workspace["id"])  # fmt: skip
    if record["billing_type"] == "upon_completion":
        required(record, "story_id")
    return call.insert("billing_milestones", record)


def _check(call: Call, record: Record) -> None:
    if not call.viewer.sees_money(record["workspace_id"]):
        raise forbidden()
    if record["invoice_id"]:
        raise invalid("base", "This billing milestone has already been invoiced")


def update(call: Call, record: Record, body: Record) -> Record:
    _check(call, record)
    return call.update("billing_milestones", record, _changes(call, body, record["workspace_id"]))


def delete(call: Call, record: Record) -> None:
    _check(call, record)
    call.remove("billing_milestones", record)


def create_lock(call: Call, body: Record) -> Record:
    """Locks time up to a Saturday of the past; all of it must be approved where projects ask for approval."""
    required(body, "locked_to")
    to = day(body, "locked_to")
    if date.fromisoformat(to).weekday() != 5:
        raise invalid("locked_to", "Locked to must be a Saturday")
    if to >= call.clock.today():
        raise invalid("locked_to", "Locked to must be in the past")
    if any(lock["locked_to"] >= to for lock in call.book.all("line_item_locks")):
        raise invalid("locked_to", "Locked to must be later than the existing lock")
    for entry in call.book.all("time_entries"):
        if entry["date_performed"] <= to and not time_approved(call, entry):
            raise invalid("locked_to", "All time entries before the lock date must be approved")
    record = {"account_id": ACCOUNT_ID, "locked_to": to, "creator_id": call.viewer.user_id}
    return call.insert("line_item_locks", record)
