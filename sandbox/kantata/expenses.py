"""Money spent on projects. `is_billable` here is what time entries call `billable`."""

from __future__ import annotations

from sandbox.kantata.book import Record
from sandbox.kantata.call import Call
from sandbox.kantata.errors import forbidden, invalid
from sandbox.kantata.fields import day, id_or_none, required, truth, whole
from sandbox.kantata.rates import role_of
from sandbox.kantata.time_entries import check_open, open_project, story_in, worker


def create(call: Call, body: Record) -> Record:
    required(body, "workspace_id", "date", "amount_in_cents")
    workspace = open_project(call, body["workspace_id"])
    user_id = worker(call, workspace, body)
    story = story_in(call, workspace, body)
    return call.insert("expenses", _category(call, body) | {
        "workspace_id": workspace["id"], "user_id": user_id, "story_id": story["id"] if story else None,
        "role_id": role_of(call.book, user_id, workspace["id"]), "date": day(body, "date"),
        "amount_in_cents": whole(body, "amount_in_cents"), "currency": workspace["currency"],
        "notes": body.get("notes"), "is_billable": _billable(body, default=True),
        "reimbursable": truth(body.get("reimbursable", True)), "taxable": truth(body.get("taxable", False)),
        "approved": False, "invoice_id": None, "active_submission_id": None, "recent_submission_id": None,
        "creator_id": call.viewer.user_id, "receipt_id": None, "vendor_id": None,
    })  # fmt: skip


def _billable(body: Record, *, default: bool) -> bool:
    for name in ("is_billable", "billable"):
        if body.get(name) is not None:
            return truth(body[name])
    return default


def _category(call: Call, body: Record) -> Record:
    """By id, or by its name, which must be one of the account's."""
    category_id = id_or_none(body, "expense_category_id")
    if category_id:
        category = call.linked("expense_categories", category_id, "expense_category_id")
        return {"category": category["name"], "expense_category_id": category["id"]}
    required(body, "category")
    for category in call.book.all("expense_categories"):
        if category["name"].lower() == str(body["category"]).lower():
            return {"category": category["name"], "expense_category_id": category["id"]}
    raise invalid("category", f"Category {body['category']} is not in the account's list")


def update(call: Call, record: Record, body: Record) -> Record:
    check_open(call, record)
    changes: Record = {"date": day(body, "date")} if "date" in body else {}
    if "amount_in_cents" in body:
        changes["amount_in_cents"] = whole(body, "amount_in_cents")
    if "category" in body or "expense_category_id" in body:
        changes |= _category(call, body)
    if "story_id" in body:
        story = story_in(call, call.known("workspaces", record["workspace_id"]), body)
        changes["story_id"] = story["id"] if story else None
    changes |= {name: truth(body[name]) for name in ("reimbursable", "taxable") if name in body}
    changes["is_billable"] = _billable(body, default=record["is_billable"])
    if "notes" in body:
        changes["notes"] = body["notes"]
    return call.update("expenses", record, changes)


def delete(call: Call, record: Record) -> None:
    check_open(call, record)
    call.remove("expenses", record)


def create_category(call: Call, body: Record) -> Record:
    if not call.viewer.is_admin:
        raise forbidden()
    required(body, "name")
    if any(row["name"].lower() == str(body["name"]).lower() for row in call.book.all("expense_categories")):
        raise invalid("name", "Name has already been taken")
    return call.insert("expense_categories", {"name": str(body["name"])})
