"""Fields and links that are worked out when shown, not stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.call import MISSING, Call
from sandbox.kantata.feed import ACCOUNT_ID
from sandbox.kantata.money import CURRENCIES, display, worth
from sandbox.kantata.rates import effective_version

Derive = Callable[[Call, Record], Any]


def time_approved(call: Call, record: Record) -> bool:
    """On an approved timesheet, or in a project that asks for no approval."""
    return record["approved"] or not call.known("workspaces", record["workspace_id"])["require_time_approvals"]


def expense_approved(call: Call, record: Record) -> bool:
    return record["approved"] or not call.known("workspaces", record["workspace_id"])["require_expense_approvals"]


def editable(call: Call, record: Record) -> bool:
    return record["active_submission_id"] is None and record["invoice_id"] is None


def _money_only(name: str) -> Derive:
    return lambda call, r: r.get(name) if call.viewer.sees_money(r.get("workspace_id") or r["id"]) else MISSING


def _used(call: Call, workspace: Record) -> int:
    if workspace["id"] not in call.used:
        entries = call.book.some_with("time_entries", "workspace_id", workspace["id"])
        expenses = call.book.some_with("expenses", "workspace_id", workspace["id"])
        time = sum(worth(e["time_in_minutes"], e["rate_in_cents"]) for e in entries if e["billable"])
        call.used[workspace["id"]] = time + sum(int(e["amount_in_cents"]) for e in expenses if e["is_billable"])
    return call.used[workspace["id"]]


def _budget(call: Call, r: Record, what: str) -> Any:
    if not call.viewer.sees_money(r["id"]):
        return MISSING
    used, price = _used(call, r), r["price_in_cents"]
    left = (price or 0) - used
    fields: dict[str, Any] = {
        "budget_used": display(used, r["currency"]), "budget_used_in_cents": used,
        "budget_remaining": display(left, r["currency"]) if price is not None else None,
        "percent_of_budget_used": used * 100 // price if price else 0,
        "over_budget": price is not None and left < 0,
        "price": display(price, r["currency"]) if price is not None else "TBD",
        "price_in_cents": price,
    }  # fmt: skip
    return fields[what]


def _budget_field(name: str) -> Derive:
    return lambda call, r: _budget(call, r, name)


def _minutes(call: Call, r: Record, link: str, *, billable: bool | None = None) -> int:
    entries = call.book.some_with("time_entries", link, r["id"])
    return sum(e["time_in_minutes"] for e in entries if billable in (None, e["billable"]))


def _active(call: Call, r: Record, key: str) -> bool:
    sheets = call.book.with_value(key, "workspace_id", r["id"])
    return any(sheet["status"] in ("pending", "approved") for sheet in sheets)


def _project_permissions(call: Call, r: Record) -> dict[str, Any]:
    level = call.viewer.level(r["id"])
    return {
        "can_upload_files": True, "can_private_message": True, "can_join": level == 0, "is_participant": level > 0,
        "access_level": {0: None, 1: "collaboration", 2: "time_logging", 3: "financial", 4: "admin"}[level],
        "team_lead": r["primary_maven_id"] == call.viewer.user_id, "user_is_client": False,
        "can_change_price": level == 4, "can_change_story_billable": level >= 3, "can_post": True,
        "can_edit": level == 4, "restricted": False, "can_see_financials": level >= 3, "is_guest_on_project": False,
    }  # fmt: skip


def _total(call: Call, r: Record) -> int:
    if r["type"] == "TimesheetSubmission":
        entries = [call.book.get("time_entries", i) for i in r["line_item_ids"]]
        return sum(worth(e["time_in_minutes"], e["rate_in_cents"]) for e in entries if e and e["billable"])
    return sum(e["amount_in_cents"] for i in r["line_item_ids"] if (e := call.book.get("expenses", i)))


def _submission_permissions(call: Call, r: Record) -> dict[str, bool]:
    approver, open_ = call.viewer.may_approve(r["workspace_id"]), r["status"] in ("pending", "approved")
    return {
        "can_cancel_submission": open_ and (approver or r["user_id"] == call.viewer.user_id),
        "can_approve_submission": approver and r["status"] == "pending",
        "can_reject_submission": approver and open_,
        "can_resubmit_submission": not open_,
    }


def _field(call: Call, r: Record) -> Record:
    return call.known("custom_fields", str(r["custom_field_id"]))


def _effective_version(call: Call, card: Record) -> str | None:
    version = effective_version(call.book, card["id"], call.clock.today())
    return version["id"] if version else None


FIELDS: dict[tuple[str, str], Derive] = {
    ("time_entries", "approved"): time_approved,
    ("time_entries", "is_invoiced"): lambda call, r: r["invoice_id"] is not None,
    ("time_entries", "user_can_edit"): editable,
    ("time_entries", "rate_in_cents"): _money_only("rate_in_cents"),
    ("time_entries", "cost_rate_in_cents"): lambda call, r: (
        r["cost_rate_in_cents"] if call.viewer.is_admin else MISSING),
    ("expenses", "approved"): lambda call, r: (
        expense_approved(call, r) if call.settings.expense_approved_field else MISSING),
    ("expenses", "is_invoiced"): lambda call, r: r["invoice_id"] is not None,
    ("expenses", "user_can_edit"): editable,
    ("workspaces", "account_id"): lambda call, r: ACCOUNT_ID,
    ("workspaces", "effective_due_date"): lambda call, r: r["due_date"],
    ("workspaces", "can_create_line_items"): lambda call, r: call.viewer.level(r["id"]) >= 2 and not r["archived"],
    ("workspaces", "can_invite"): lambda call, r: call.viewer.level(r["id"]) >= 3,
    ("workspaces", "has_budget_access"): lambda call, r: call.viewer.sees_money(r["id"]),
    ("workspaces", "default_rate"): _money_only("default_rate"),
    ("workspaces", "has_active_timesheet_submissions"): lambda call, r: _active(call, r, "timesheet_submissions"),
    ("workspaces", "has_active_expense_report_submissions"): lambda call, r: _active(call, r, "expense_report_submissions"),
    **{("workspaces", name): _budget_field(name) for name in (
        "budget_used", "budget_used_in_cents", "budget_remaining", "percent_of_budget_used", "over_budget", "price",
        "price_in_cents")},
    ("workspaces", "total_expenses_in_cents"): lambda call, r: sum(
        e["amount_in_cents"] for e in call.book.with_value("expenses", "workspace_id", r["id"])),
    ("workspaces", "permissions"): _project_permissions,
    ("workspaces", "percentage_complete"): lambda call, r: _complete(call, r),
    ("workspaces", "minutes_logged"): lambda call, r: _minutes(call, r, "workspace_id"),
    ("workspaces", "billable_minutes"): lambda call, r: _minutes(call, r, "workspace_id", billable=True),
    ("workspaces", "non_billable_minutes"): lambda call, r: _minutes(call, r, "workspace_id", billable=False),
    ("stories", "status"): lambda call, r: r["state"],
    ("stories", "sub_story_count"): lambda call, r: len(call.book.ids_with("stories", "parent_id", r["id"])),
    ("stories", "logged_billable_time_in_minutes"): lambda call, r: _minutes(call, r, "story_id", billable=True),
    ("stories", "logged_nonbillable_time_in_minutes"): lambda call, r: _minutes(call, r, "story_id", billable=False),
    ("stories", "budget_used_in_cents"): lambda call, r: sum(
        worth(e["time_in_minutes"], e["rate_in_cents"])
        for e in call.book.with_value("time_entries", "story_id", r["id"]) if e["billable"]),
    ("invoices", "title"): lambda call, r: f"{'Draft ' if r['draft'] else ''}Invoice #{r['user_invoice_number']}",
    ("custom_field_values", "custom_field_name"): lambda call, r: _field(call, r)["name"],
    ("custom_field_values", "type"): lambda call, r: _field(call, r)["value_type"],
    ("rate_card_set_versions", "used_currencies"): lambda call, r: sorted(
        {call.known("rate_cards", v["rate_card_id"])["currency"]
         for v in call.book.with_value("rate_card_versions", "rate_card_set_version_id", r["id"])}),
    ("rate_cards", "rate_card_set_title"): lambda call, r: (
        f"{call.known('rate_card_sets', r['rate_card_set_id'])['title']} ({r['currency']})"),
    ("rate_cards", "uses"): lambda call, r: sum(w["rate_card_id"] == r["id"] for w in call.book.all("workspaces")),
}  # fmt: skip
for _key in ("timesheet_submissions", "expense_report_submissions"):
    FIELDS |= {
        (_key, "line_item_total_in_cents"): _total,
        (_key, "line_item_total_formatted"): lambda call, r: display(_total(call, r), r["currency"]),
        (_key, "permissions"): _submission_permissions,
    }
for _key in ("workspaces", "time_entries", "expenses", "invoices", "timesheet_submissions",
             "expense_report_submissions"):  # fmt: skip
    FIELDS |= {
        (_key, "currency_symbol"): lambda call, r: CURRENCIES[r["currency"]][0],
        (_key, "currency_base_unit"): lambda call, r: CURRENCIES[r["currency"]][1],
    }


def _complete(call: Call, workspace: Record) -> int:
    stories = [s for s in call.book.with_value("stories", "workspace_id", workspace["id"]) if not s["deleted_at"]]
    return sum(s["percentage_complete"] for s in stories) // len(stories) if stories else 0


def _lines(call: Call, submission: Record, key: str) -> list[str]:
    """Only those not submitted again since: an item belongs to its most recent submission."""
    rows = (call.book.get(key, i) for i in submission["line_item_ids"])
    return [row["id"] for row in rows if row and row["recent_submission_id"] == submission["id"]]


LINKS: dict[tuple[str, str], Derive] = {
    ("workspaces", "approver"): lambda call, r: min(r["approver_ids"], key=int, default=None),
    ("workspaces", "primary_workspace_group"): lambda call, r: next(iter(r["workspace_group_ids"]), None),
    ("workspaces", "primary_counterpart"): lambda call, r: None,
    ("workspaces", "participants"): lambda call, r: [
        p["user_id"] for p in call.book.with_value("participations", "workspace_id", r["id"]) if p["active"]],
    ("workspaces", "workspace_resources"): lambda call, r: [
        x["id"] for x in call.book.with_value("workspace_resources", "workspace_id", r["id"]) if x["user_id"]],
    ("timesheet_submissions", "time_entries"): lambda call, r: _lines(call, r, "time_entries"),
    ("expense_report_submissions", "expenses"): lambda call, r: _lines(call, r, "expenses"),
    ("users", "account_membership"): lambda call, r: next(
        (m["id"] for m in call.book.with_value("account_memberships", "user_id", r["id"])), None),
    ("stories", "assignees"): lambda call, r: [
        a["assignee_id"] for a in call.book.with_value("assignments", "story_id", r["id"])
        if a["current"] and a["assignee_id"]],
    ("rate_cards", "effective_rate_card_version"): _effective_version,
}  # fmt: skip
