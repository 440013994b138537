"""Hours worked. An entry on an active timesheet or an invoice, or before the lock date, cannot be changed."""

from __future__ import annotations

from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import day, id_or_none, required, truth, whole
from sandbox.kantata.rates import rate_for, role_of

LONGEST_DAY = 24 * 60


def worker(call: Call, workspace: Record, body: Record) -> str:
    """Whose entry it is. `user_id` counts only from those who may act for others here; else it is passed over."""
    asked = id_or_none(body, "user_id")
    if asked and call.viewer.sees_money(workspace["id"]):
        return str(call.linked("users", asked, "user_id")["id"])
    return call.viewer.user_id


def open_project(call: Call, workspace_id: Any) -> Record:
    """The project, if the viewer can log on it. Raises 422."""
    workspace = call.linked("workspaces", workspace_id, "workspace_id")
    if workspace["archived"]:
        raise invalid("workspace_id", "Project is archived")
    if call.viewer.level(workspace["id"]) < 2:
        raise forbidden("You cannot log time or expenses in this project")
    return workspace


def check_lock(call: Call, on: str) -> None:
    """Raises 422 for a date that is locked."""
    locked_to = max((lock["locked_to"] for lock in call.book.all("line_item_locks")), default="")
    if on <= locked_to:
        raise invalid("date_performed", f"Time is locked up to {locked_to}")


def story_in(call: Call, workspace: Record, body: Record) -> Record | None:
    story_id = id_or_none(body, "story_id")
    if story_id is None:
        return None
    story = call.linked("stories", story_id, "story_id")
    if story["workspace_id"] != workspace["id"]:
        raise invalid("story_id", "Task must be in the same project")
    return story


def create(call: Call, body: Record) -> Record:
    required(body, "workspace_id", "date_performed", "time_in_minutes")
    workspace = open_project(call, body["workspace_id"])
    user_id = worker(call, workspace, body)
    on = day(body, "date_performed")
    check_lock(call, on)
    story = story_in(call, workspace, body)
    role_id = id_or_none(body, "role_id") or role_of(call.book, user_id, workspace["id"])
    record = {
        "workspace_id": workspace["id"], "user_id": user_id, "story_id": story["id"] if story else None,
        "role_id": role_id, "date_performed": on, "time_in_minutes": _minutes(body), "notes": body.get("notes"),
        "billable": _billable(body, story),
        "currency": workspace["currency"], "taxable": truth(body.get("taxable", False)),
        "location": body.get("location"), "approved": False, "invoice_id": None, "active_submission_id": None,
        "recent_submission_id": None, "creator_id": call.viewer.user_id,
        "cost_rate_in_cents": call.known("users", user_id).get("cost_rate_in_cents"),
    }  # fmt: skip
    return call.insert("time_entries", record | _rate(call, workspace, record, body))


def _billable(body: Record, story: Record | None) -> bool:
    if body.get("billable") is not None:
        return truth(body["billable"])
    return story is None or bool(story["billable"])


def _minutes(body: Record) -> int:
    minutes = whole(body, "time_in_minutes", least=1)
    if minutes > LONGEST_DAY:
        raise invalid("time_in_minutes", "Time cannot be more than 24 hours")
    return minutes


def _rate(call: Call, workspace: Record, record: Record, body: Record) -> Record:
    """The rate named by somebody who may, else the project's; work that is not billable has none."""
    if body.get("rate_in_cents") is not None and call.viewer.sees_money(workspace["id"]):
        return {"rate_in_cents": whole(body, "rate_in_cents", least=0), "rate_fixed": True}
    if not record["billable"]:
        return {"rate_in_cents": 0, "rate_fixed": False}
    rate = rate_for(call.book, workspace, record["role_id"], record["date_performed"])
    return {"rate_in_cents": rate, "rate_fixed": False}


def check_open(call: Call, record: Record) -> None:
    """Raises 403 for strangers, 422 when a timesheet or an invoice holds the entry."""
    if record["user_id"] != call.viewer.user_id and not call.viewer.sees_money(record["workspace_id"]):
        raise forbidden()
    if record["invoice_id"]:
        raise invalid("base", "This item has already been invoiced")
    if record["active_submission_id"]:
        state = "approved" if record["approved"] else "submitted"
        raise invalid("base", f"This item has already been {state}")


def update(call: Call, record: Record, body: Record) -> Record:
    check_open(call, record)
    check_lock(call, record["date_performed"])
    changes: Record = {name: body[name] for name in ("notes", "location") if name in body}
    workspace = call.known("workspaces", record["workspace_id"])
    if "workspace_id" in body and str(body["workspace_id"]) != workspace["id"]:
        workspace = open_project(call, body["workspace_id"])
        changes |= {"workspace_id": workspace["id"], "currency": workspace["currency"], "story_id": None}
    if "date_performed" in body:
        changes["date_performed"] = day(body, "date_performed")
        check_lock(call, changes["date_performed"])
    if "time_in_minutes" in body:
        changes["time_in_minutes"] = _minutes(body)
    if "story_id" in body:
        story = story_in(call, workspace, body)
        changes["story_id"] = story["id"] if story else None
    changes |= {name: truth(body[name]) for name in ("billable", "taxable") if body.get(name) is not None}
    if "user_id" in body:
        allowed = call.viewer.sees_money(workspace["id"])
        changes["user_id"] = worker(call, workspace, body) if allowed else record["user_id"]
    if "role_id" in body:
        changes["role_id"] = id_or_none(body, "role_id")
    changed = record | changes
    if "rate_in_cents" in body or not record["rate_fixed"]:
        changes |= _rate(call, workspace, changed, body)
    return call.update("time_entries", record, changes)


def delete(call: Call, record: Record) -> None:
    check_open(call, record)
    check_lock(call, record["date_performed"])
    call.remove("time_entries", record)
