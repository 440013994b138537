"""Billing milestones (the billing schedule of a project) and the lock date of time."""

from __future__ import annotations

from datetime import date

from sandbox.kantata.book import Record
from sandbox.kantata.derived import time_approved
from sandbox.kantata.desk import Desk
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.feed import ACCOUNT_ID
from sandbox.kantata.fields import day, id_or_none, optional_day, required, whole

_TYPES = ("fixed_date", "upon_completion")


def _changes(desk: Desk, body: Record, workspace_id: str) -> Record:
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
        story = desk.linked("stories", body["story_id"], "story_id")
        if story["workspace_id"] != workspace_id:
            raise invalid("story_id", "Task must be in the same project")
        changes["story_id"] = story["id"]
    return changes


def create(desk: Desk, body: Record) -> Record:
    required(body, "title", "amount_in_cents", "workspace_id")
    workspace = desk.linked("workspaces", body["workspace_id"], "workspace_id")
    if not desk.viewer.sees_money(workspace["id"]):
        raise forbidden()
    record = {
        "workspace_id": workspace["id"], "story_id": None, "date_to_invoice": None, "billing_type": "fixed_date",
        "currency": workspace["currency"], "invoice_id": None, "invoice_ids": [], "status": "not_invoiced",
    } | _changes(desk, body, workspace["id"])  # fmt: skip
    if record["billing_type"] == "upon_completion":
        required(record, "story_id")
    return desk.insert("billing_milestones", record)


def _check(desk: Desk, record: Record) -> None:
    if not desk.viewer.sees_money(record["workspace_id"]):
        raise forbidden()
    if record["invoice_id"]:
        raise invalid("base", "This billing milestone has already been invoiced")


def update(desk: Desk, record: Record, body: Record) -> Record:
    _check(desk, record)
    return desk.update("billing_milestones", record, _changes(desk, body, record["workspace_id"]))


def delete(desk: Desk, record: Record) -> None:
    _check(desk, record)
    desk.remove("billing_milestones", record)


def create_lock(desk: Desk, body: Record) -> Record:
    """Locks time up to a Saturday of the past; all of it must be approved where projects ask for approval."""
    required(body, "locked_to")
    to = day(body, "locked_to")
    if date.fromisoformat(to).weekday() != 5:
        raise invalid("locked_to", "Locked to must be a Saturday")
    if to >= desk.clock.today():
        raise invalid("locked_to", "Locked to must be in the past")
    if any(lock["locked_to"] >= to for lock in desk.book.all("line_item_locks")):
        raise invalid("locked_to", "Locked to must be later than the existing lock")
    for entry in desk.book.all("time_entries"):
        if entry["date_performed"] <= to and not time_approved(desk, entry):
            raise invalid("locked_to", "All time entries before the lock date must be approved")
    record = {"account_id": ACCOUNT_ID, "locked_to": to, "creator_id": desk.viewer.user_id}
    return desk.insert("line_item_locks", record)
