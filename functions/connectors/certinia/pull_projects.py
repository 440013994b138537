"""The projects feed: billing holds that people place and release on projects of ours.

Only a change is told: what was told last stands in the event log, so a repeated read says nothing.
"""

from __future__ import annotations

from events.billing_hold_placed.v1 import BillingHoldPlaced
from events.billing_hold_released.v1 import BillingHoldReleased
from events.envelope import AnyEnvelope
from functions.connectors.certinia.feed import Feed, pull
from functions.connectors.certinia.mapping import UNREADABLE, event_of
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import projects
from functions.connectors.certinia.reading import Row, changed_at, ref, value
from functions.connectors.certinia.settings import HoldRule
from shared.faults import Poison
from shared.runtime.told import last_of


def to_event(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    if row.get("IsDeleted"):
        return None
    try:
        project_id, reason = str(value(row, ports.psa.fields.key)), hold_reason(row, ports.psa.hold)
        if (reason is not None) == _told_held(project_id, ports):
            return None
        at, project = changed_at(row), ref("project", row["Id"])
        data = (
            BillingHoldReleased(project_ref=project, released_at=at)
            if reason is None
            else BillingHoldPlaced(project_ref=project, reason=reason, placed_at=at)
        )
        return event_of(data, project_id, at, ports.policies.current().identity_scope)
    except UNREADABLE as exc:
        raise Poison("project_unreadable", project=str(row.get("Id", ""))) from exc


def hold_reason(row: Row, rule: HoldRule) -> str | None:
    """What holds the billing, in the words people see; None if nothing does."""
    status = str(row.get("pse__Project_Status__c") or "")
    if status.casefold() in {word.casefold() for word in rule.statuses}:
        return status
    return "Excluded from billing" if rule.checkbox and value(row, rule.checkbox) else None


def _told_held(project_id: str, ports: CertiniaPorts) -> bool:
    last = last_of(ports.event_log.of_subject(project_id), "billing.hold_placed", "billing.hold_released")
    return last is not None and isinstance(last.data, BillingHoldPlaced)


FEED = Feed("projects", projects, to_event)


def pull_projects(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
