"""CreateProject: the project stands in Kantata once, with its client, our reference and its milestones.

Four writes, each looked up before it is made, so the whole may stop anywhere and be repeated. Between the making of the
project and its reference lies a gap: a later attempt searches by title and by our mark in the description first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.commands import CreateProject, CreateProjectResult
from functions.connectors.kantata.client import Row
from functions.connectors.kantata.ensure_client import ensure_client
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.reading import ref
from functions.connectors.kantata.references import PROJECT, find_subject, put_reference
from functions.connectors.kantata.settings import SYSTEM
from shared.domain.identity import ExternalRef
from shared.faults import Transient

LANE = "reference"


def create_project(command: CreateProject, ports: KantataPorts) -> CreateProjectResult:
    workspace_id = find_subject(ports.kantata, PROJECT, command.project_id, lane=LANE)
    if workspace_id is None:
        workspace_id = _found_by_mark(command, ports) or _make(command, ports)
        put_reference(ports.kantata, PROJECT, workspace_id, command.project_id, lane=LANE)
    _ensure_milestones(command, workspace_id, ports)
    return CreateProjectResult(ref=ref("workspace", workspace_id))


def mark_of(project_id: str) -> str:
    return f"Billweave project {project_id}"


def _found_by_mark(command: CreateProject, ports: KantataPorts) -> str | None:
    """Only a second attempt searches: the first leaves a mark of its own before it asks Kantata for anything."""
    asked = ExternalRef(SYSTEM, "asked", command.project_id)
    if ports.references.canonical(asked) is None:
        ports.references.link(asked, command.project_id)
        return None
    params = {"search": command.name, "include_archived": True}
    for row, _ in ports.kantata.every("/workspaces", params, lane=LANE):
        if mark_of(command.project_id) in str(row.get("description") or ""):
            return str(row["id"])
    return None


def _make(command: CreateProject, ports: KantataPorts) -> str:
    """If the answer is lost the project is looked for here; not found, the fault goes on and a later attempt looks."""
    client_id = ensure_client(command.customer, ports)
    body = {"workspace": workspace_body(command, client_id, ports)}
    try:
        return str(ports.kantata.create("/workspaces", body, lane=LANE)["id"])
    except Transient:
        found = _found_by_mark(command, ports)
        if found is None:
            raise
        return found


def workspace_body(command: CreateProject, client_id: str, ports: KantataPorts) -> dict[str, Any]:
    """The body of POST /workspaces. Approvals are switched on: only approved work is billed."""
    body: dict[str, Any] = {
        "title": command.name,
        "creator_role": "maven",
        "currency": command.currency,
        "start_date": command.starts_on.isoformat(),
        "description": f"{command.contract_reference or 'Contract reference to follow'}\n{mark_of(command.project_id)}",
        "require_time_approvals": True,
        "require_expense_approvals": True,
        "workspace_group_ids": [int(client_id)],
    }
    if command.ends_on:
        body["due_date"] = command.ends_on.isoformat()
    if rate_card := ports.psa.rate_cards.get(command.currency):
        body["rate_card_id"] = rate_card
    return body


def _ensure_milestones(command: CreateProject, workspace_id: str, ports: KantataPorts) -> None:
    """By title: the name under which delivery reports it is what the contract line is found by."""
    if not command.milestones:
        return
    params = {"workspace_id": workspace_id, "story_type": "milestone", "show_archived": True}
    there: set[str] = {_title(row) for row, _ in ports.kantata.every("/stories", params, lane=LANE)}
    for planned in command.milestones:
        if planned.milestone not in there:
            story: Mapping[str, Any] = {
                "title": planned.milestone,
                "story_type": "milestone",
                "workspace_id": int(workspace_id),
                "fixed_fee": True,
            }
            ports.kantata.create("/stories", {"story": story}, lane=LANE)


def _title(row: Row) -> str:
    return str(row.get("title") or "")
