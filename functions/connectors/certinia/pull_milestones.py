"""The milestones feed: milestones that have their actual date, accepted or not yet.

Accepted is what is approved, and for billing, too: the package bills no other.
"""

from __future__ import annotations

from datetime import date

from events.envelope import AnyEnvelope
from events.milestone_completed.v1 import MilestoneCompleted
from functions.connectors.certinia.feed import Feed, pull
from functions.connectors.certinia.mapping import UNREADABLE, event_of
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import milestones
from functions.connectors.certinia.reading import Row, changed_at, ref, value
from functions.connectors.certinia.settings import SYSTEM, CertiniaSettings
from functions.platforms.salesforce.ids import record_id
from shared.domain.identity import canonical_id
from shared.faults import Poison

_SHUT = ("IsDeleted", "pse__Billing_Hold__c", "pse__Exclude_from_Billing__c", "pse__Invoiced__c")


def to_event(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    """None until it is completed. Raises Poison("milestone_unreadable")."""
    if not row.get("pse__Actual_Date__c") or any(row.get(flag) for flag in _SHUT):
        return None
    try:
        scope, at = ports.policies.current().identity_scope, changed_at(row)
        subject = canonical_id(scope, SYSTEM, "milestone", record_id(row["Id"]))
        approver = accepted_by(row, ports.psa)
        data = MilestoneCompleted(
            milestone_id=subject,
            ref=ref("milestone", row["Id"]),
            project_ref=ref("project", row["pse__Project__c"]),
            name=str(row["Name"]),
            completed_on=date.fromisoformat(row["pse__Actual_Date__c"]),
            approver=approver,
            approved_at=at if approver else None,
        )
        return event_of(data, subject, at, scope)
    except UNREADABLE as exc:
        raise Poison("milestone_unreadable", milestone=str(row.get("Id", ""))) from exc


def accepted_by(row: Row, own: CertiniaSettings) -> str | None:
    """Who accepted it, by name where the org notes it."""
    if not row.get("pse__Approved__c") or (own.approval_for_billing and not row.get("pse__Approved_for_Billing__c")):
        return None
    noted = value(row, own.fields.accepted_by) if own.fields.accepted_by else None
    return str(noted or f"{SYSTEM} status {row.get('pse__Status__c')}")


FEED = Feed("milestones", milestones, to_event)


def pull_milestones(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
