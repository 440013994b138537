"""What lists and single reads leave out until a parameter asks for it."""

from __future__ import annotations

from datetime import timedelta

from sandbox.kantata.clock import shifted
from sandbox.kantata.desk import Desk
from sandbox.kantata.filters import Test, parse_flag


def _asked(desk: Desk, name: str) -> bool:
    return parse_flag(desk.params.get(name, ""))


def _of_archived(desk: Desk) -> Test:
    archived = {row["id"] for row in desk.book.all("workspaces") if row["archived"]}
    return lambda row: row["workspace_id"] in archived


def hidden(desk: Desk, key: str) -> Test | None:
    """A test for the records left out, if any are."""
    match key:
        case "workspaces":
            shown = _asked(desk, "include_archived") or desk.params.get("archived") in ("include", "only")
            return None if shown else (lambda row: bool(row["archived"]))
        case "time_entries" | "expenses":
            return None if _asked(desk, "from_archived_workspaces") else _of_archived(desk)
        case "stories":
            return _hidden_stories(desk)
        case "workspace_resources":
            shown = _asked(desk, "include_unnamed") or _asked(desk, "only_unnamed")
            return None if shown else (lambda row: row["user_id"] is None)
        case "expense_report_submissions":
            return None if _asked(desk, "all_on_account") else (lambda row: row["user_id"] != desk.viewer.user_id)
        case "subscribed_events":
            return _hidden_events(desk)
    return None


def _hidden_stories(desk: Desk) -> Test:
    archived = _asked(desk, "show_archived") or desk.params.get("archived") in ("include", "only")
    deleted, elsewhere = _asked(desk, "show_deleted"), _asked(desk, "show_from_archived_workspaces")
    of_archived = _of_archived(desk)
    return lambda row: bool(
        (row["archived"] and not archived)
        or (row["deleted_at"] and not deleted)
        or (not elsewhere and of_archived(row))
    )


def _hidden_events(desk: Desk) -> Test:
    now = desk.clock.now()
    oldest = shifted(now, -timedelta(days=desk.settings.event_retention_days))
    return lambda row: row["visible_at"] > now or row["created_at"] < oldest
