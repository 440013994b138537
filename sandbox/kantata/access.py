"""Who may see and do what.

Account permission of a person: `admin` (sees all, acts for all), `reports_viewer`, `project_lead`, `project_creator`,
`collaborator`. Project permission, on the participation: `collaboration`, `time_logging`, `financial`, `admin`.
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.kantata.book import Book, Record
from sandbox.kantata.subjects import find_subject

ACCOUNT_PERMISSIONS = ("collaborator", "project_creator", "project_lead", "reports_viewer", "admin")
PROJECT_LEVELS = {"collaboration": 1, "time_logging": 2, "financial": 3, "admin": 4}


class Viewer:
    """The person whose token came with the request."""

    def __init__(self, book: Book, user: Record) -> None:
        self._book, self.user = book, user
        self.user_id: str = user["id"]
        self.is_admin: bool = user["permission"] == "admin"
        self._levels: dict[str, int] = {}

    def level(self, workspace_id: str | None) -> int:
        """0: not on the project; 1 to 4 as in PROJECT_LEVELS."""
        if self.is_admin:
            return 4
        if workspace_id is None:
            return 0
        if not self._levels:
            for row in self._book.with_value("participations", "user_id", self.user_id):
                if row["active"]:
                    self._levels[row["workspace_id"]] = PROJECT_LEVELS[row["permission"]]
        return self._levels.get(workspace_id, 0)

    def sees_money(self, workspace_id: str | None) -> bool:
        return self.level(workspace_id) >= 3

    def may_approve(self, workspace_id: str | None) -> bool:
        if self.sees_money(workspace_id):
            return True
        workspace = self._book.get("workspaces", workspace_id)
        return workspace is not None and self.user_id in workspace["approver_ids"]

    @property
    def may_create_projects(self) -> bool:
        return self.user["permission"] in ("admin", "project_creator", "project_lead", "reports_viewer")

    @property
    def may_see_rate_cards(self) -> bool:
        return self.user["permission"] in ("admin", "project_lead", "reports_viewer")

    def sees(self, key: str, record: Record) -> bool:
        if self.is_admin:
            return True
        rule = _RULES.get(key)
        return rule is None or rule(self, record)

    def _subject_seen(self, record: Record) -> bool:
        found = find_subject(self._book, record["subject_type"], str(record["subject_id"]))
        return found is not None and self.sees(*found)


Rule = Callable[[Viewer, Record], bool]


def _own_or_run(viewer: Viewer, record: Record) -> bool:
    return record["user_id"] == viewer.user_id or viewer.may_approve(record["workspace_id"])


def _on_project(viewer: Viewer, record: Record) -> bool:
    return viewer.level(record.get("workspace_id")) > 0


def _project_money(viewer: Viewer, record: Record) -> bool:
    return viewer.sees_money(record.get("workspace_id"))


_RULES: dict[str, Rule] = {
    "workspaces": lambda viewer, record: viewer.level(record["id"]) > 0,
    "time_entries": _own_or_run,
    "expenses": _own_or_run,
    "timesheet_submissions": _own_or_run,
    "expense_report_submissions": _own_or_run,
    "stories": _on_project,
    "story_state_changes": _on_project,
    "workspace_resources": _on_project,
    "participations": _on_project,
    "assignments": _on_project,
    "workspace_allocations": _on_project,
    "billing_milestones": _project_money,
    "external_payments": _project_money,
    "invoices": lambda viewer, record: any(viewer.sees_money(w) for w in record["workspace_ids"]),
    "rate_cards": lambda viewer, record: viewer.may_see_rate_cards,
    "custom_field_values": lambda viewer, record: viewer._subject_seen(record),
    "external_references": lambda viewer, record: viewer._subject_seen(record),
}
