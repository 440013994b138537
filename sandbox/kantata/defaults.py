"""What lists and single reads leave out until a parameter asks for it."""

from __future__ import annotations

from datetime import timedelta

from sandbox.kantata.call import Call
from sandbox.kantata.clock import shifted
from sandbox.kantata.filters import Test, parse_flag


def _asked(call: Call, name: str) -> bool:
    return parse_flag(call.params.get(name, ""))


def _of_archived(call: Call) -> Test:
    archived = {row["id"] for row in call.book.all("workspaces") if row["archived"]}
    return lambda row: row["workspace_id"] in archived


def hidden(call: Call, key: str) -> Test | None:
    """A test for the records left out, if any are."""
    match key:
        case "workspaces":
            shown = _asked(call, "include_archived") or call.params.get("archived") in ("include", "only")
            return None if shown else (lambda row: bool(row["archived"]))
        case "time_entries" | "expenses":
            return None if _asked(call, "from_archived_workspaces") else _of_archived(call)
        case "stories":
            return _hidden_stories(call)
        case "workspace_resources":
            shown = _asked(call, "include_unnamed") or _asked(call, "only_unnamed")
            return None if shown else (lambda row: row["user_id"] is None)
        case "expense_report_submissions":
            return None if _asked(call, "all_on_account") else (lambda row: row["user_id"] != call.viewer.user_id)
        case "subscribed_events":
            return _hidden_events(call)
    return None


def _hidden_stories(call: Call) -> Test:
    archived = _asked(call, "show_archived") or call.params.get("archived") in ("include", "only")
    deleted, elsewhere = _asked(call, "show_deleted"), _asked(call, "show_from_archived_workspaces")
    of_archived = _of_archived(call)
    return lambda row: bool(
        (row["archived"] and not archived)
        or (row["deleted_at"] and not deleted)
        or (not elsewhere and of_archived(row))
    )


def _hidden_events(call: Call) -> Test:
    now = call.clock.now()
    oldest = shifted(now, -timedelta(days=call.settings.event_retention_days))
    return lambda row: row["visible_at"] > now or row["created_at"] < oldest
