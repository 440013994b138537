"""Roles, seats on projects, assignments to tasks and bookings. People themselves come by invitation (control API)."""

from __future__ import annotations

from sandbox.kantata import workspaces
from sandbox.kantata.access import ACCOUNT_PERMISSIONS, PROJECT_LEVELS
from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import day, id_or_none, required, truth, whole


def add_user(call: Call, body: Record) -> Record:
    """A member of the account: {"full_name", "email_address", "permission"?, "role_id"? or "role"?, "headline"?,
    "cost_rate_in_cents"?}. Raises 422."""
    required(body, "full_name", "email_address")
    if any(u["email_address"].lower() == str(body["email_address"]).lower() for u in call.book.all("users")):
        raise invalid("email_address", "Email address has already been taken")
    permission = body.get("permission", "collaborator")
    if permission not in ACCOUNT_PERMISSIONS:
        raise invalid("permission", f"Permission must be one of {', '.join(ACCOUNT_PERMISSIONS)}")
    role_id = id_or_none(body, "role_id")
    if role_id is None and body.get("role"):
        role_id = _role_named(call, str(body["role"]))["id"]
    user = call.insert("users", {
        "full_name": str(body["full_name"]), "email_address": str(body["email_address"]), "permission": permission,
        "photo_path": "/images/default_profile_photo/default.png", "headline": body.get("headline"),
        "role_id": role_id, "manager_id": id_or_none(body, "manager_id"),
        "cost_rate_in_cents": body.get("cost_rate_in_cents"), "classification": "Internal",
        "city": body.get("city"), "country": body.get("country"),
    })  # fmt: skip
    call.insert("account_memberships", {
        "user_id": user["id"], "role_id": role_id, "permission": permission, "disabled_at": None,
        "billable_utilization_target": None, "cost_rate": body.get("cost_rate_in_cents"),
    })  # fmt: skip
    return user


def _role_named(call: Call, name: str) -> Record:
    for role in call.book.all("roles"):
        if role["name"] == name:
            return role
    return call.insert("roles", {"name": name, "deleted_at": None})


def create_role(call: Call, body: Record) -> Record:
    if not call.viewer.is_admin:
        raise forbidden()
    required(body, "name")
    if any(role["name"] == body["name"] for role in call.book.all("roles")):
        raise invalid("name", "Name has already been taken")
    return call.insert("roles", {"name": str(body["name"]), "deleted_at": None})


def update_role(call: Call, record: Record, body: Record) -> Record:
    if not call.viewer.is_admin:
        raise forbidden()
    return call.update("roles", record, {"name": str(body["name"])} if body.get("name") else {})


def create_resource(call: Call, body: Record) -> Record:
    """A person on a project (with `permission`, else `time_logging`), or without user_id an unnamed seat for a role."""
    required(body, "workspace_id")
    workspace = call.linked("workspaces", body["workspace_id"], "workspace_id")
    if not call.viewer.sees_money(workspace["id"]):
        raise forbidden()
    role_id = id_or_none(body, "role_id")
    if role_id:
        call.linked("roles", role_id, "role_id")
    user_id = id_or_none(body, "user_id")
    if user_id:
        call.linked("users", user_id, "user_id")
        return workspaces.join(call, workspace, user_id, _permission(body), role_id=role_id)
    return call.insert("workspace_resources", {
        "workspace_id": workspace["id"], "user_id": None, "participation_id": None, "role_id": role_id,
        "display_label": body.get("label") or "Unnamed Resource", "label": body.get("label"),
        "allocated_minutes": 0, "sum_story_estimated_hours": 0,
    })  # fmt: skip


def _permission(body: Record) -> str:
    permission = str(body.get("permission", "time_logging"))
    if permission not in PROJECT_LEVELS:
        raise invalid("permission", f"Permission must be one of {', '.join(PROJECT_LEVELS)}")
    return permission


def update_resource(call: Call, record: Record, body: Record) -> Record:
    if not call.viewer.sees_money(record["workspace_id"]):
        raise forbidden()
    changes: Record = {}
    if "role_id" in body:
        changes["role_id"] = id_or_none(body, "role_id")
    if record["user_id"] is None and body.get("user_id"):
        changes["user_id"] = call.linked("users", body["user_id"], "user_id")["id"]
    if "label" in body:
        changes["label"] = body["label"]
    return call.update("workspace_resources", record, changes)


def delete_resource(call: Call, record: Record) -> None:
    if not call.viewer.sees_money(record["workspace_id"]):
        raise forbidden()
    call.remove("workspace_resources", record)


def update_participation(call: Call, record: Record, body: Record) -> Record:
    if call.viewer.level(record["workspace_id"]) < 4:
        raise forbidden()
    changes: Record = {"permission": _permission(body)} if "permission" in body else {}
    if "is_team_lead" in body:
        changes["is_team_lead"] = truth(body["is_team_lead"])
    return call.update("participations", record, changes)


def create_assignment(call: Call, body: Record) -> Record:
    required(body, "story_id")
    story = call.linked("stories", body["story_id"], "story_id")
    resource_id = id_or_none(body, "resource_id") or id_or_none(body, "workspace_resource_id")
    if resource_id:
        resource = call.linked("workspace_resources", resource_id, "resource_id")
    else:
        required(body, "assignee_id")
        user = call.linked("users", body["assignee_id"], "assignee_id")
        workspace = call.known("workspaces", story["workspace_id"])
        resource = workspaces.join(call, workspace, user["id"], "time_logging")
    return call.insert("assignments", {
        "story_id": story["id"], "workspace_id": story["workspace_id"], "resource_id": resource["id"],
        "assignee_id": resource["user_id"], "current": True, "allocated_minutes": 0,
        "estimated_minutes": whole(body, "estimated_minutes", least=0) if body.get("estimated_minutes") else 0,
    })  # fmt: skip


def update_assignment(call: Call, record: Record, body: Record) -> Record:
    changes: Record = {"current": truth(body["current"])} if "current" in body else {}
    if body.get("estimated_minutes") is not None:
        changes["estimated_minutes"] = whole(body, "estimated_minutes", least=0)
    return call.update("assignments", record, changes)


def create_allocation(call: Call, body: Record) -> Record:
    """A booking; `minutes` is the total of its dates. Written with `resource_id`, read as `workspace_resource_id`."""
    required(body, "resource_id", "start_date", "end_date")
    resource = call.linked("workspace_resources", body["resource_id"], "resource_id")
    start, end = day(body, "start_date"), day(body, "end_date")
    if end < start:
        raise invalid("end_date", "End date must not be before start date")
    return call.insert("workspace_allocations", {
        "workspace_resource_id": resource["id"], "workspace_id": resource["workspace_id"],
        "start_date": start, "end_date": end, "minutes": whole(body, "minutes", least=0) if "minutes" in body else 0,
        "hard": truth(body.get("hard", False)), "percentage": body.get("percentage"), "notes": body.get("notes"),
        "creator_id": call.viewer.user_id,
    })  # fmt: skip


def update_allocation(call: Call, record: Record, body: Record) -> Record:
    changes: Record = {name: day(body, name) for name in ("start_date", "end_date") if name in body}
    if "minutes" in body:
        changes["minutes"] = whole(body, "minutes", least=0)
    if "hard" in body:
        changes["hard"] = truth(body["hard"])
    changes |= {name: body[name] for name in ("percentage", "notes") if name in body}
    return call.update("workspace_allocations", record, changes)
