"""Projects, their clients (workspace groups) and who works on them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.kantata.access import PROJECT_LEVELS
from sandbox.kantata.book import Record
from sandbox.kantata.desk import Desk
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import id_list, id_or_none, optional_day, required, truth
from sandbox.kantata.money import currency_of, units

_FLAGS = (
    "budgeted", "change_orders_enabled", "exclude_archived_stories_percent_complete", "tasks_default_non_billable",
    "stories_are_fixed_fee_by_default", "expenses_in_burn_rate", "posts_require_privacy_decision",
    "require_time_approvals", "require_expense_approvals", "archived",
)  # fmt: skip
_TEXTS = ("title", "description", "consultant_role_name", "client_role_name", "access_level", "target_margin")


def _defaults(desk: Desk) -> Record:
    return {
        "title": "", "description": "", "archived": False, "start_date": None, "due_date": None, "budgeted": True,
        "change_orders_enabled": True, "consultant_role_name": "Consultants", "client_role_name": "Clients",
        "access_level": "invitation", "exclude_archived_stories_percent_complete": False, "default_rate": "0.00",
        "currency": desk.settings.account_currency, "tasks_default_non_billable": False,
        "stories_are_fixed_fee_by_default": False, "expenses_in_burn_rate": False, "rate_card_id": None,
        "workspace_invoice_preference_id": None, "posts_require_privacy_decision": False,
        "require_time_approvals": desk.settings.require_time_approvals,
        "require_expense_approvals": desk.settings.require_expense_approvals, "status": _status(desk, "130"),
        "price_in_cents": None, "target_margin": None, "time_trackable": True, "stage": "project",
        "creator_id": desk.viewer.user_id, "primary_maven_id": None, "approver_ids": [], "workspace_group_ids": [],
    }  # fmt: skip


def _status(desk: Desk, key: Any) -> dict[str, Any]:
    found = desk.settings.statuses.get(str(key))
    if found is None:
        raise invalid("status_key", f"{key} is not a project status")
    return {"color": found[1], "key": int(key), "message": found[0]}


def _status_change(desk: Desk, body: Record) -> Record:
    """`status_key`, the vendor's way, or a whole `status` object as answers show it (an account's own message)."""
    if "status_key" in body:
        return {"status": _status(desk, body["status_key"])}
    given = body.get("status")
    if not isinstance(given, dict):
        return {}
    known = _status(desk, given["key"]) if "key" in given else {"color": "grey", "key": 0, "message": ""}
    return {"status": known | {name: str(given[name]) for name in ("color", "message") if name in given}}


def _changes(desk: Desk, body: Record, currency: str) -> Record:
    changes: Record = {name: str(body[name]) for name in _TEXTS if body.get(name) is not None}
    changes |= {name: truth(body[name]) for name in _FLAGS if name in body}
    changes |= {name: optional_day(body, name) for name in ("start_date", "due_date") if name in body}
    if "price_in_cents" in body:
        changes["price_in_cents"] = body["price_in_cents"]
    elif "price" in body:
        text = str(body["price"] or "").replace(",", "").lstrip("$€£¥")
        changes["price_in_cents"] = units(text, currency, "price") if text and text != "TBD" else None
    if "default_rate" in body:
        try:
            changes["default_rate"] = f"{Decimal(str(body['default_rate'])):.2f}"
        except InvalidOperation as exc:
            raise invalid("default_rate", "default_rate is not a number") from exc
    if "approver_ids" in body or "approver_id" in body:
        approvers = id_list(body, "approver_ids") or [i for i in [id_or_none(body, "approver_id")] if i]
        changes["approver_ids"] = [desk.linked("users", i, "approver_ids")["id"] for i in approvers]
    if "workspace_group_ids" in body:
        name = "workspace_group_ids"
        changes[name] = [desk.linked("workspace_groups", i, name)["id"] for i in id_list(body, name)]
    return changes | _status_change(desk, body)


def _card(desk: Desk, body: Record) -> Record:
    """The rate card and, with it, the currency; without a card the currency named."""
    if body.get("rate_card_id"):
        card = desk.book.get("rate_cards", str(body["rate_card_id"]))
        if card is None:
            raise invalid("rate_card_id", "Rate card could not be found")
        return {"rate_card_id": card["id"], "currency": card["currency"]}
    changes: Record = {"rate_card_id": None} if "rate_card_id" in body else {}
    return changes | ({"currency": currency_of(body["currency"])} if body.get("currency") else {})


def create(desk: Desk, body: Record) -> Record:
    if not desk.viewer.may_create_projects:
        raise forbidden()
    if not str(body.get("title") or "").strip():
        raise invalid("title", "Please give your project a title")
    if body.get("creator_role") not in ("maven", "buyer"):
        raise invalid("creator_role", "Please select a role for this project")
    record = _defaults(desk) | _card(desk, body)
    record |= _changes(desk, body, record["currency"])
    if body["creator_role"] == "maven":
        record["primary_maven_id"] = desk.viewer.user_id
    made = desk.insert("workspaces", record)
    join(desk, made, desk.viewer.user_id, "admin", lead=True, team=body["creator_role"])
    _seat_approvers(desk, made)
    return made


def update(desk: Desk, record: Record, body: Record) -> Record:
    if desk.viewer.level(record["id"]) < 4:
        raise forbidden()
    if "title" in body:
        required(body, "title")
    card = _card(desk, body)
    if card.get("currency", record["currency"]) != record["currency"] and desk.book.ids_with(
        "time_entries", "workspace_id", record["id"]
    ):
        raise invalid("currency", "Currency cannot be changed once time has been logged")
    changed = desk.update("workspaces", record, card | _changes(desk, body, record["currency"]))
    _seat_approvers(desk, changed)
    return changed


def delete(desk: Desk, record: Record) -> None:
    if desk.viewer.level(record["id"]) < 4:
        raise forbidden()
    if desk.book.ids_with("time_entries", "workspace_id", record["id"]):
        raise invalid("base", "A project with time entries cannot be deleted")
    desk.remove("workspaces", record)


def _seat_approvers(desk: Desk, workspace: Record) -> None:
    for user_id in workspace["approver_ids"]:
        join(desk, workspace, user_id, "financial")


def join(
    desk: Desk, workspace: Record, user_id: str, permission: str, *, role_id: str | None = None, lead: bool = False,
    team: str = "maven",
) -> Record:  # fmt: skip
    """The person's participation and resource on the project, made if they are not on it yet; gives the resource."""
    for row in desk.book.with_value("participations", "user_id", user_id):
        if row["workspace_id"] == workspace["id"]:
            if PROJECT_LEVELS[row["permission"]] < PROJECT_LEVELS[permission]:
                desk.update("participations", row, {"permission": permission})
            return _resource(desk, workspace, user_id, row["id"], role_id)
    seat = desk.insert("participations", {
        "workspace_id": workspace["id"], "user_id": user_id, "permission": permission, "is_team_lead": lead,
        "type": "Maven" if team == "maven" else "Buyer", "active": True, "active_role_id": role_id, "bill_rate": None,
    })  # fmt: skip
    return _resource(desk, workspace, user_id, seat["id"], role_id)


def _resource(desk: Desk, workspace: Record, user_id: str, seat_id: str, role_id: str | None) -> Record:
    for row in desk.book.with_value("workspace_resources", "user_id", user_id):
        if row["workspace_id"] == workspace["id"]:
            return desk.update("workspace_resources", row, {"role_id": role_id}) if role_id else row
    user = desk.known("users", user_id)
    return desk.insert("workspace_resources", {
        "workspace_id": workspace["id"], "user_id": user_id, "participation_id": seat_id,
        "role_id": role_id or user["role_id"], "display_label": user["full_name"], "label": None,
        "allocated_minutes": 0, "sum_story_estimated_hours": 0,
    })  # fmt: skip


def create_group(desk: Desk, body: Record) -> Record:
    if not desk.viewer.may_create_projects:
        raise forbidden()
    required(body, "name")
    if any(row["name"] == body["name"] for row in desk.book.all("workspace_groups")):
        raise invalid("name", "Name has already been taken")
    return desk.insert("workspace_groups", _group_changes(body))


_GROUP_FIELDS = ("name", "contact_name", "email", "phone_number", "address", "notes", "website")


def _group_changes(body: Record, *, partial: bool = False) -> Record:
    changes = {name: body.get(name) for name in _GROUP_FIELDS if name in body or not partial}
    if "company" in body or not partial:
        changes["company"] = truth(body.get("company", True))
    return changes


def update_group(desk: Desk, record: Record, body: Record) -> Record:
    if not desk.viewer.may_create_projects:
        raise forbidden()
    return desk.update("workspace_groups", record, _group_changes(body, partial=True))


def delete_group(desk: Desk, record: Record) -> None:
    if not desk.viewer.is_admin:
        raise forbidden()
    if desk.book.ids_with("workspaces", "workspace_group_ids", record["id"]):
        raise invalid("base", "A group with projects cannot be deleted")
    desk.remove("workspace_groups", record)
