"""Projects, their clients (workspace groups) and who works on them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.kantata.access import PROJECT_LEVELS
from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import id_list, id_or_none, optional_day, required, truth
from sandbox.kantata.money import currency_of, units

_FLAGS = (
    "budgeted", "change_orders_enabled", "exclude_archived_stories_percent_complete", "tasks_default_non_billable",
    "stories_are_fixed_fee_by_default", "expenses_in_burn_rate", "posts_require_privacy_decision",
    "require_time_approvals", "require_expense_approvals", "archived",
)  # fmt: skip
_TEXTS = ("title", "description", "consultant_role_name", "client_role_name", "access_level", "target_margin")


def _defaults(call: Call) -> Record:
    return {
        "title": "", "description": "", "archived": False, "start_date": None, "due_date": None, "budgeted": True,
        "change_orders_enabled": True, "consultant_role_name": "Consultants", "client_role_name": "Clients",
        "access_level": "invitation", "exclude_archived_stories_percent_complete": False, "default_rate": "0.00",
        "currency": call.settings.account_currency, "tasks_default_non_billable": False,
        "stories_are_fixed_fee_by_default": False, "expenses_in_burn_rate": False, "rate_card_id": None,
        "workspace_invoice_preference_id": None, "posts_require_privacy_decision": False,
        "require_time_approvals": call.settings.require_time_approvals,
        "require_expense_approvals": call.settings.require_expense_approvals, "status": _status(call, "130"),
        "price_in_cents": None, "target_margin": None, "time_trackable": True, "stage": "project",
        "creator_id": call.viewer.user_id, "primary_maven_id": None, "approver_ids": [], "workspace_group_ids": [],
    }  # fmt: skip


def _status(call: Call, key: Any) -> dict[str, Any]:
    found = call.settings.statuses.get(str(key))
    if found is None:
        raise invalid("status_key", f"{key} is not a project status")
    return {"color": found[1], "key": int(key), "message": found[0]}


def _status_change(call: Call, body: Record) -> Record:
    """`status_key`, the vendor's way, or a whole `status` object as answers show it (an account's own message)."""
    if "status_key" in body:
        return {"status": _status(call, body["status_key"])}
    given = body.get("status")
    if not isinstance(given, dict):
        return {}
    known = _status(call, given["key"]) if "key" in given else {"color": "grey", "key": 0, "message": ""}
    return {"status": known | {name: str(given[name]) for name in ("color", "message") if name in given}}


def _changes(call: Call, body: Record, currency: str) -> Record:
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
        changes["approver_ids"] = [call.linked("users", i, "approver_ids")["id"] for i in approvers]
    if "workspace_group_ids" in body:
        name = "workspace_group_ids"
        changes[name] = [call.linked("workspace_groups", i, name)["id"] for i in id_list(body, name)]
    return changes | _status_change(call, body)


def _card(call: Call, body: Record) -> Record:
    """The rate card and, with it, the currency; without a card the currency named."""
    if body.get("rate_card_id"):
        card = call.book.get("rate_cards", str(body["rate_card_id"]))
        if card is None:
            raise invalid("rate_card_id", "Rate card could not be found")
        return {"rate_card_id": card["id"], "currency": card["currency"]}
    changes: Record = {"rate_card_id": None} if "rate_card_id" in body else {}
    return changes | ({"currency": currency_of(body["currency"])} if body.get("currency") else {})


def create(call: Call, body: Record) -> Record:
    if not call.viewer.may_create_projects:
        raise forbidden()
    if not str(body.get("title") or "").strip():
        raise invalid("title", "Please give your project a title")
    if body.get("creator_role") not in ("maven", "buyer"):
        raise invalid("creator_role", "Please select a role for this project")
    record = _defaults(call) | _card(call, body)
    record |= _changes(call, body, record["currency"])
    if body["creator_role"] == "maven":
        record["primary_maven_id"] = call.viewer.user_id
    made = call.insert("workspaces", record)
    join(call, made, call.viewer.user_id, "admin", lead=True, team=body["creator_role"])
    _seat_approvers(call, made)
    return made


def update(call: Call, record: Record, body: Record) -> Record:
    if call.viewer.level(record["id"]) < 4:
        raise forbidden()
    if "title" in body:
        required(body, "title")
    card = _card(call, body)
    if card.get("currency", record["currency"]) != record["currency"] and call.book.ids_with(
        "time_entries", "workspace_id", record["id"]
    ):
        raise invalid("currency", "Currency cannot be changed once time has been logged")
    changed = call.update("workspaces", record, card | _changes(call, body, record["currency"]))
    _seat_approvers(call, changed)
    return changed


def delete(call: Call, record: Record) -> None:
    if call.viewer.level(record["id"]) < 4:
        raise forbidden()
    if call.book.ids_with("time_entries", "workspace_id", record["id"]):
        raise invalid("base", "A project with time entries cannot be deleted")
    call.remove("workspaces", record)


def _seat_approvers(call: Call, workspace: Record) -> None:
    for user_id in workspace["approver_ids"]:
        join(call, workspace, user_id, "financial")


def join(
    call: Call, workspace: Record, user_id: str, permission: str, *, role_id: str | None = None, lead: bool = False,
    team: str = "maven",
) -> Record:  # fmt: skip
    """The person's participation and resource on the project, made if they are not on it yet; gives the resource."""
    for row in call.book.with_value("participations", "user_id", user_id):
        if row["workspace_id"] == workspace["id"]:
            if PROJECT_LEVELS[row["permission"]] < PROJECT_LEVELS[permission]:
                call.update("participations", row, {"permission": permission})
            return _resource(call, workspace, user_id, row["id"], role_id)
    seat = call.insert("participations", {
        "workspace_id": workspace["id"], "user_id": user_id, "permission": permission, "is_team_lead": lead,
        "type": "Maven" if team == "maven" else "Buyer", "active": True, "active_role_id": role_id, "bill_rate": None,
    })  # fmt: skip
    return _resource(call, workspace, user_id, seat["id"], role_id)


def _resource(call: Call, workspace: Record, user_id: str, seat_id: str, role_id: str | None) -> Record:
    for row in call.book.with_value("workspace_resources", "user_id", user_id):
        if row["workspace_id"] == workspace["id"]:
            return call.update("workspace_resources", row, {"role_id": role_id}) if role_id else row
    user = call.known("users", user_id)
    return call.insert("workspace_resources", {
        "workspace_id": workspace["id"], "user_id": user_id, "participation_id": seat_id,
        "role_id": role_id or user["role_id"], "display_label": user["full_name"], "label": None,
        "allocated_minutes": 0, "sum_story_estimated_hours": 0,
    })  # fmt: skip


def create_group(call: Call, body: Record) -> Record:
    if not call.viewer.may_create_projects:
        raise forbidden()
    required(body, "name")
    if any(row["name"] == body["name"] for row in call.book.all("workspace_groups")):
        raise invalid("name", "Name has already been taken")
    return call.insert("workspace_groups", _group_changes(body))


_GROUP_FIELDS = ("name", "contact_name", "email", "phone_number", "address", "notes", "website")


def _group_changes(body: Record, *, partial: bool = False) -> Record:
    changes = {name: body.get(name) for name in _GROUP_FIELDS if name in body or not partial}
    if "company" in body or not partial:
        changes["company"] = truth(body.get("company", True))
    return changes


def update_group(call: Call, record: Record, body: Record) -> Record:
    if not call.viewer.may_create_projects:
        raise forbidden()
    return call.update("workspace_groups", record, _group_changes(body, partial=True))


def delete_group(call: Call, record: Record) -> None:
    if not call.viewer.is_admin:
        raise forbidden()
    if call.book.ids_with("workspaces", "workspace_group_ids", record["id"]):
        raise invalid("base", "A group with projects cannot be deleted")
    call.remove("workspace_groups", record)
