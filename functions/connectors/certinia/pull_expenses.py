"""The expenses feed: lines of expense reports, approved and billable or taken back."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from functions.connectors.certinia.approvals import after_all
from functions.connectors.certinia.feed import Feed, pull
from functions.connectors.certinia.mapping import expense_event, expense_id, stands
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import ASSIGNMENT, REPORT, expenses
from functions.connectors.certinia.reading import Row, changed_at


def to_event(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    """None for what is not approved, or on an invoice already."""
    if not stands(row, ports.psa) or row.get("pse__Invoiced__c"):
        return None
    return expense_event(row, ports.policies.current().identity_scope, ports.psa)


def after(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    scope = ports.policies.current().identity_scope
    invoiced = (lambda: expense_event(row, scope, ports.psa)) if stands(row, ports.psa) else None
    return after_all(expense_id(row, scope), invoiced, changed_at(row, ASSIGNMENT, REPORT), ports)


FEED = Feed("expenses", expenses, to_event, after)


def pull_expenses(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
