"""Tasks, deliverables, milestones and issues with their states."""

from __future__ import annotations

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import id_or_none, optional_day, required, truth, whole

TYPES = ("task", "deliverable", "milestone", "issue")
TASK_STATES = ("not started", "started", "needs info", "completed")
ISSUE_STATES = (
    "new", "reopened", "in progress", "blocked", "fixed", "duplicate", "can't reproduce", "resolved", "won't fix",
)  # fmt: skip
_FLAGS = ("billable", "fixed_fee", "archived", "time_trackable")
_NUMBERS = ("budget_estimate_in_cents", "time_estimate_in_minutes", "weight", "position", "percentage_complete")


def _state(call: Call, story_type: str, state: str) -> str:
    allowed = (*(ISSUE_STATES if story_type == "issue" else TASK_STATES), *call.settings.extra_story_states)
    if state not in allowed:
        raise invalid("state", f"State {state!r} is not valid for a {story_type}")
    return state


def _changes(body: Record) -> Record:
    changes: Record = {name: body[name] for name in ("title", "description", "priority") if body.get(name) is not None}
    changes |= {name: truth(body[name]) for name in _FLAGS if name in body}
    changes |= {name: optional_day(body, name) for name in ("start_date", "due_date") if name in body}
    return changes | {name: whole(body, name) for name in _NUMBERS if body.get(name) is not None}


def create(call: Call, body: Record) -> Record:
    required(body, "title", "workspace_id")
    workspace = call.linked("workspaces", body["workspace_id"], "workspace_id")
    story_type = str(body.get("story_type") or "task")
    if story_type not in TYPES:
        raise invalid("story_type", f"Story type must be one of {', '.join(TYPES)}")
    parent_id = id_or_none(body, "parent_id")
    if parent_id and call.linked("stories", parent_id, "parent_id")["workspace_id"] != workspace["id"]:
        raise invalid("parent_id", "Parent must be in the same project")
    state = _state(call, story_type, str(body.get("state") or ("new" if story_type == "issue" else "not started")))
    siblings = call.book.ids_with("stories", "workspace_id", workspace["id"])
    record = {
        "title": "", "description": None, "story_type": story_type, "state": state, "priority": "normal",
        "start_date": None, "due_date": None, "archived": False, "deleted_at": None, "workspace_id": workspace["id"],
        "parent_id": parent_id, "creator_id": call.viewer.user_id, "position": len(siblings) + 1,
        "billable": not workspace["tasks_default_non_billable"], "time_trackable": True,
        "fixed_fee": workspace["stories_are_fixed_fee_by_default"], "weight": None, "percentage_complete": 0,
        "budget_estimate_in_cents": None, "time_estimate_in_minutes": None,
    } | _changes(body)  # fmt: skip
    made = call.insert("stories", record)
    _note_state(call, made)
    return made


def update(call: Call, record: Record, body: Record) -> Record:
    if call.viewer.level(record["workspace_id"]) < 1:
        raise forbidden()
    changes = _changes(body)
    if "parent_id" in body:
        changes["parent_id"] = id_or_none(body, "parent_id")
    if "state" in body:
        changes["state"] = _state(call, record["story_type"], str(body["state"]))
        if changes["state"] in ("completed", "accepted", "resolved"):
            changes.setdefault("percentage_complete", 100)
    changed = call.update("stories", record, changes)
    if changed["state"] != record["state"]:
        _note_state(call, changed)
    return changed


def _note_state(call: Call, story: Record) -> None:
    call.insert("story_state_changes", {
        "story_id": story["id"], "workspace_id": story["workspace_id"], "user_id": call.viewer.user_id,
        "state": story["state"],
    })  # fmt: skip


def delete(call: Call, record: Record) -> None:
    if not call.viewer.sees_money(record["workspace_id"]):
        raise forbidden()
    if call.book.ids_with("time_entries", "story_id", record["id"]):
        raise invalid("base", "A task with time entries cannot be deleted")
    call.remove("stories", record)
