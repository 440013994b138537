"""Fields and links that are worked out when shown, not stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.kantata.book import Record
from sandbox.kantata.desk import MISSING, Desk
from sandbox.kantata.feed import ACCOUNT_ID
from sandbox.kantata.money import CURRENCIES, display, worth
from sandbox.kantata.rates import effective_version

Derive = Callable[[Desk, Record], Any]


def time_approved(desk: Desk, record: Record) -> bool:
    """On an approved timesheet, or in a project that asks for no approval."""
    return record["approved"] or not desk.known("workspaces", record["workspace_id"])["require_time_approvals"]


def expense_approved(desk: Desk, record: Record) -> bool:
    return record["approved"] or not desk.known("workspaces", record["workspace_id"])["require_expense_approvals"]


def editable(desk: Desk, record: Record) -> bool:
    return record["active_submission_id"] is None and record["invoice_id"] is None


def _money_only(name: str) -> Derive:
    return lambda desk, r: r.get(name) if desk.viewer.sees_money(r.get("workspace_id") or r["id"]) else MISSING


def _used(desk: Desk, workspace: Record) -> int:
    if workspace["id"] not in desk.used:
        entries = desk.book.some_with("time_entries", "workspace_id", workspace["id"])
        expenses = desk.book.some_with("expenses", "workspace_id", workspace["id"])
        time = sum(worth(e["time_in_minutes"], e["rate_in_cents"]) for e in entries if e["billable"])
        desk.used[workspace["id"]] = time + sum(int(e["amount_in_cents"]) for e in expenses if e["is_billable"])
    return desk.used[workspace["id"]]


def _budget(desk: Desk, r: Record, what: str) -> Any:
    if not desk.viewer.sees_money(r["id"]):
        return MISSING
    used, price = _used(desk, r), r["price_in_cents"]
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
    return lambda desk, r: _budget(desk, r, name)


def _minutes(desk: Desk, r: Record, link: str, *, billable: bool | None = None) -> int:
    entries = desk.book.some_with("time_entries", link, r["id"])
    return sum(e["time_in_minutes"] for e in entries if billable in (None, e["billable"]))


def _active(desk: Desk, r: Record, key: str) -> bool:
    sheets = desk.book.with_value(key, "workspace_id", r["id"])
    return any(sheet["status"] in ("pending", "approved") for sheet in sheets)


def _project_permissions(desk: Desk, r: Record) -> dict[str, Any]:
    level = desk.viewer.level(r["id"])
    return {
        "can_upload_files": True, "can_private_message": True, "can_join": level == 0, "is_participant": level > 0,
        "access_level": {0: None, 1: "collaboration", 2: "time_logging", 3: "financial", 4: "admin"}[level],
        "team_lead": r["primary_maven_id"] == desk.viewer.user_id, "user_is_client": False,
        "can_change_price": level == 4, "can_change_story_billable": level >= 3, "can_post": True,
        "can_edit": level == 4, "restricted": False, "can_see_financials": level >= 3, "is_guest_on_project": False,
    }  # fmt: skip


def _total(desk: Desk, r: Record) -> int:
    if r["type"] == "TimesheetSubmission":
        entries = [desk.book.get("time_entries", i) for i in r["line_item_ids"]]
        return sum(worth(e["time_in_minutes"], e["rate_in_cents"]) for e in entries if e and e["billable"])
    return sum(e["amount_in_cents"] for i in r["line_item_ids"] if (e := desk.book.get("expenses", i)))


def _submission_permissions(desk: Desk, r: Record) -> dict[str, bool]:
    approver, open_ = desk.viewer.may_approve(r["workspace_id"]), r["status"] in ("pending", "approved")
    return {
        "can_cancel_submission": open_ and (approver or r["user_id"] == desk.viewer.user_id),
        "can_approve_submission": approver and r["status"] == "pending",
        "can_reject_submission": approver and open_,
        "can_resubmit_submission": not open_,
    }


def _field(desk: Desk, r: Record) -> Record:
    return desk.known("custom_fields", str(r["custom_field_id"]))


def _effective_version(desk: Desk, card: Record) -> str | None:
    version = effective_version(desk.book, card["id"], desk.clock.today())
    return version["id"] if version else None


FIELDS: dict[tuple[str, str], Derive] = {
    ("time_entries", "approved"): time_approved,
    ("time_entries", "is_invoiced"): lambda desk, r: r["invoice_id"] is not None,
    ("time_entries", "user_can_edit"): editable,
    ("time_entries", "rate_in_cents"): _money_only("rate_in_cents"),
    ("time_entries", "cost_rate_in_cents"): lambda desk, r: (
        r["cost_rate_in_cents"] if desk.viewer.is_admin else MISSING),
    ("expenses", "approved"): lambda desk, r: (
        expense_approved(desk, r) if desk.settings.expense_approved_field else MISSING),
    ("expenses", "is_invoiced"): lambda desk, r: r["invoice_id"] is not None,
    ("expenses", "user_can_edit"): editable,
    ("workspaces", "account_id"): lambda desk, r: ACCOUNT_ID,
    ("workspaces", "effective_due_date"): lambda desk, r: r["due_date"],
    ("workspaces", "can_create_line_items"): lambda desk, r: desk.viewer.level(r["id"]) >= 2 and not r["archived"],
    ("workspaces", "can_invite"): lambda desk, r: desk.viewer.level(r["id"]) >= 3,
    ("workspaces", "has_budget_access"): lambda desk, r: desk.viewer.sees_money(r["id"]),
    ("workspaces", "default_rate"): _money_only("default_rate"),
    ("workspaces", "has_active_timesheet_submissions"): lambda desk, r: _active(desk, r, "timesheet_submissions"),
    ("workspaces", "has_active_expense_report_submissions"): lambda desk, r: _active(desk, r, "expense_report_submissions"),
    **{("workspaces", name): _budget_field(name) for name in (
        "budget_used", "budget_used_in_cents", "budget_remaining", "percent_of_budget_used", "over_budget", "price",
        "price_in_cents")},
    ("workspaces", "total_expenses_in_cents"): lambda desk, r: sum(
        e["amount_in_cents"] for e in desk.book.with_value("expenses", "workspace_id", r["id"])),
    ("workspaces", "permissions"): _project_permissions,
    ("workspaces", "percentage_complete"): lambda desk, r: _complete(desk, r),
    ("workspaces", "minutes_logged"): lambda desk, r: _minutes(desk, r, "workspace_id"),
    ("workspaces", "billable_minutes"): lambda desk, r: _minutes(desk, r, "workspace_id", billable=True),
    ("workspaces", "non_billable_minutes"): lambda desk, r: _minutes(desk, r, "workspace_id", billable=False),
    ("stories", "status"): lambda desk, r: r["state"],
    ("stories", "sub_story_count"): lambda desk, r: len(desk.book.ids_with("stories", "parent_id", r["id"])),
    ("stories", "logged_billable_time_in_minutes"): lambda desk, r: _minutes(desk, r, "story_id", billable=True),
    ("stories", "logged_nonbillable_time_in_minutes"): lambda desk, r: _minutes(desk, r, "story_id", billable=False),
    ("stories", "budget_used_in_cents"): lambda desk, r: sum(
        worth(e["time_in_minutes"], e["rate_in_cents"])
        for e in desk.book.with_value("time_entries", "story_id", r["id"]) if e["billable"]),
    ("invoices", "title"): lambda desk, r: f"{'Draft ' if r['draft'] else ''}Invoice #{r['user_invoice_number']}",
    ("custom_field_values", "custom_field_name"): lambda desk, r: _field(desk, r)["name"],
    ("custom_field_values", "type"): lambda desk, r: _field(desk, r)["value_type"],
    ("rate_card_set_versions", "used_currencies"): lambda desk, r: sorted(
        {desk.known("rate_cards", v["rate_card_id"])["currency"]
         for v in desk.book.with_value("rate_card_versions", "rate_card_set_version_id", r["id"])}),
    ("rate_cards", "rate_card_set_title"): lambda desk, r: (
        f"{desk.known('rate_card_sets', r['rate_card_set_id'])['title']} ({r['currency']})"),
    ("rate_cards", "uses"): lambda desk, r: sum(w["rate_card_id"] == r["id"] for w in desk.book.all("workspaces")),
}  # fmt: skip
for _key in ("timesheet_submissions", "expense_report_submissions"):
    FIELDS |= {
        (_key, "line_item_total_in_cents"): _total,
        (_key, "line_item_total_formatted"): lambda desk, r: display(_total(desk, r), r["currency"]),
        (_key, "permissions"): _submission_permissions,
    }
for _key in ("workspaces", "time_entries", "expenses", "invoices", "timesheet_submissions",
             "expense_report_submissions"):  # fmt: skip
    FIELDS |= {
        (_key, "currency_symbol"): lambda desk, r: CURRENCIES[r["currency"]][0],
        (_key, "currency_base_unit"): lambda desk, r: CURRENCIES[r["currency"]][1],
    }


def _complete(desk: Desk, workspace: Record) -> int:
    stories = [s for s in desk.book.with_value("stories", "workspace_id", workspace["id"]) if not s["deleted_at"]]
    return sum(s["percentage_complete"] for s in stories) // len(stories) if stories else 0


def _lines(desk: Desk, submission: Record, key: str) -> list[str]:
    """Only those not submitted again since: an item belongs to its most recent submission."""
    rows = (desk.book.get(key, i) for i in submission["line_item_ids"])
    return [row["id"] for row in rows if row and row["recent_submission_id"] == submission["id"]]


LINKS: dict[tuple[str, str], Derive] = {
    ("workspaces", "approver"): lambda desk, r: min(r["approver_ids"], key=int, default=None),
    ("workspaces", "primary_workspace_group"): lambda desk, r: next(iter(r["workspace_group_ids"]), None),
    ("workspaces", "primary_counterpart"): lambda desk, r: None,
    ("workspaces", "participants"): lambda desk, r: [
        p["user_id"] for p in desk.book.with_value("participations", "workspace_id", r["id"]) if p["active"]],
    ("workspaces", "workspace_resources"): lambda desk, r: [
        x["id"] for x in desk.book.with_value("workspace_resources", "workspace_id", r["id"]) if x["user_id"]],
    ("timesheet_submissions", "time_entries"): lambda desk, r: _lines(desk, r, "time_entries"),
    ("expense_report_submissions", "expenses"): lambda desk, r: _lines(desk, r, "expenses"),
    ("users", "account_membership"): lambda desk, r: next(
        (m["id"] for m in desk.book.with_value("account_memberships", "user_id", r["id"])), None),
    ("stories", "assignees"): lambda desk, r: [
        a["assignee_id"] for a in desk.book.with_value("assignments", "story_id", r["id"])
        if a["current"] and a["assignee_id"]],
    ("rate_cards", "effective_rate_card_version"): _effective_version,
}  # fmt: skip
