"""The projects feed: billing holds that people place and release on projects of ours.

A hold is the project's status or a custom field, as the deployment says. Only a change is told: what was told last stands
in the event log, so a repeated read says nothing.
"""

from __future__ import annotations

from events.billing_hold_placed.v1 import BillingHoldPlaced
from events.billing_hold_released.v1 import BillingHoldReleased
from events.envelope import AnyEnvelope
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.custom_fields import field_value
from functions.connectors.kantata.feed import Feed, pull
from functions.connectors.kantata.mapping import UNREADABLE, event_of
from functions.connectors.kantata.ours import OURS, our_project_id
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.reading import instant, ref
from functions.connectors.kantata.settings import HoldRule
from shared.faults import Poison
from shared.runtime.told import last_of

INCLUDE = "external_references,workspace_groups,custom_field_values"


def to_event(row: Row, page: Page, ports: KantataPorts) -> AnyEnvelope | None:
    project_id = our_project_id(row, page)
    if project_id is None:
        return None
    try:
        reason = hold_reason(row, page, ports.psa.hold)
        if (reason is not None) == _told_held(project_id, ports):
            return None
        return _event(row, project_id, reason, ports.policies.current().identity_scope)
    except UNREADABLE as exc:
        raise Poison("project_unreadable", workspace=str(row.get("id", ""))) from exc


def hold_reason(row: Row, page: Page, rule: HoldRule) -> str | None:
    """What holds the billing, in the words people used; None if nothing does."""
    if rule.by == "status":
        status = row.get("status")
        message = str(status.get("message") or "") if isinstance(status, dict) else ""
        return message if message.lower() in {word.lower() for word in rule.words} else None
    value = field_value(row, page, rule.field)
    return value.text if value is not None and value.on else None


def _told_held(project_id: str, ports: KantataPorts) -> bool:
    last = last_of(ports.event_log.of_subject(project_id), "billing.hold_placed", "billing.hold_released")
    return last is not None and isinstance(last.data, BillingHoldPlaced)


def _event(row: Row, project_id: str, reason: str | None, scope: str) -> AnyEnvelope:
    at, project = instant(row["updated_at"]), ref("workspace", row["id"])
    data = (
        BillingHoldReleased(project_ref=project, released_at=at)
        if reason is None
        else BillingHoldPlaced(project_ref=project, reason=reason, placed_at=at)
    )
    return event_of(data, project_id, row, scope)


FEED = Feed("projects", "/workspaces", {**OURS, "include": INCLUDE}, to_event)


def pull_projects(ports: KantataPorts) -> int | None:
    return pull(FEED, ports)
