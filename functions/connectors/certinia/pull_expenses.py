"""The expenses feed: lines of expense reports, approved and billable or taken back."""

from __future__ import annotations

from collections.abc import Sequence

from events.envelope import AnyEnvelope
from functions.connectors.certinia.approvals import State, news
from functions.connectors.certinia.feed import Feed, pull, readable
from functions.connectors.certinia.mapping import expense_event, expense_id, stands
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.query import ASSIGNMENT, REPORT, expenses
from functions.connectors.certinia.reading import Row, changed_at


def tell(rows: Sequence[Row], ports: CertiniaPorts) -> list[AnyEnvelope]:
    return readable("expenses", rows, lambda row: to_event(row, ports), ports)


def to_event(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    scope, own = ports.policies.current().identity_scope, ports.psa
    state: State = "none" if not stands(row, own) else "invoiced" if row.get("pse__Invoiced__c") else "approved"
    at = changed_at(row, ASSIGNMENT, REPORT)
    return news(expense_id(row, scope), state, at, lambda: expense_event(row, scope, own), ports)


FEED = Feed("expenses", expenses, tell)


def pull_expenses(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
