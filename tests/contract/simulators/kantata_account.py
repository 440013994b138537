"""A small firm on a simulated Kantata account, for the tests beside this file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.simulator import Simulator


@dataclass
class Account:
    """Calls go out under a token; `ok` gives the body of a success, `refused` (status, body) of anything else."""

    client: httpx.Client
    token: str
    credentials: dict[str, Any] = field(default_factory=dict)

    def call(self, method: str, path: str, token: str | None = None, **kwargs: Any) -> Any:
        path = path if path.startswith(("/_sim", "/oauth", "http")) else f"/api/v1/{path}"
        return self.client.request(method, path, headers={"Authorization": f"Bearer {token or self.token}"}, **kwargs)

    def ok(self, method: str, path: str, token: str | None = None, **kwargs: Any) -> Any:
        answer = self.call(method, path, token, **kwargs)
        assert answer.status_code in (200, 201, 204), f"{method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, token: str | None = None, **kwargs: Any) -> tuple[int, Any]:
        answer = self.call(method, path, token, **kwargs)
        assert answer.status_code >= 300, f"{method} {path}: {answer.status_code}"
        return answer.status_code, answer.json()

    def get(self, path: str, token: str | None = None, **params: Any) -> Any:
        return self.ok("GET", path, token, params=params)

    def rows(self, path: str, token: str | None = None, **params: Any) -> list[dict[str, Any]]:
        """The results of a list, in order, looked up in the maps."""
        return results(self.get(path, token, **params))

    def make(self, one: str, many: str, token: str | None = None, **values: Any) -> dict[str, Any]:
        """POST one record, and the record of the answer."""
        return results(self.ok("POST", many, token, json={one: values}))[0]

    def people(self, *specs: dict[str, Any]) -> list[dict[str, Any]]:
        users: list[dict[str, Any]] = self.ok("POST", "/_sim/users", json=list(specs))["users"]
        return users

    def settings(self, **values: Any) -> None:
        self.ok("POST", "/_sim/settings", json=values)

    def fault(self, **spec: Any) -> None:
        self.ok("POST", "/_sim/faults", json=spec)

    def entries(self, workspace_id: str, user_id: str, count: int = 1, **values: Any) -> list[dict[str, Any]]:
        each = {"workspace_id": workspace_id, "user_id": user_id, "date_performed": "2026-03-02", "time_in_minutes": 60}
        body = {"time_entries": [each | {"notes": f"work {n}"} | values for n in range(count)]}
        return results(self.ok("POST", "time_entries", json=body))

    def approve(self, workspace_id: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
        sheet = self.make("timesheet_submission", "timesheet_submissions", workspace_id=workspace_id, title="week",
                          line_item_ids=[e["id"] for e in entries])  # fmt: skip
        return results(self.ok("PUT", f"timesheet_submissions/{sheet['id']}/approve", json={"resolution": {}}))[0]


def results(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [body[row["key"]][row["id"]] for row in body["results"]]


def account_of(program: Simulator) -> Account:
    client = httpx.Client(base_url=program.told["base_url"], timeout=20)
    return Account(client, program.told["credentials"]["admin_token"], program.told["credentials"])


@dataclass
class Firm:
    """One project with a rate card, a manager who approves, two consultants on it and one who is not."""

    account: Account
    workspace: dict[str, Any]
    manager: dict[str, Any]
    consultants: list[dict[str, Any]]
    stranger: dict[str, Any]
    card_id: str


def firm(of: Account) -> Firm:
    manager, ann, ben, eve = of.people(
        {"full_name": "Mia Manager", "email_address": "mia@firm.example", "permission": "project_lead"},
        {"full_name": "Ann", "email_address": "ann@firm.example", "role": "Consultant", "cost_rate_in_cents": 4000},
        {"full_name": "Ben", "email_address": "ben@firm.example", "role": "Architect"},
        {"full_name": "Eve", "email_address": "eve@firm.example"},
    )
    card = of.make("rate_card", "rate_cards", title="Standard", currency="USD", default_rate=10000)
    version = of.rows("rate_card_versions", rate_card_id=card["id"])[0]
    of.make("rate_card_role", "rate_card_roles", rate_card_version_id=version["id"], role_id=ann["role_id"], rate=15000)
    workspace = of.make("workspace", "workspaces", title="Rollout", creator_role="maven", rate_card_id=card["id"],
                        approver_ids=[manager["id"]])  # fmt: skip
    for person in (ann, ben):
        of.make("workspace_resource", "workspace_resources", workspace_id=workspace["id"], user_id=person["id"])
    return Firm(of, workspace, manager, [ann, ben], eve, card["id"])
