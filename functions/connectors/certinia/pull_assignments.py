"""The assignments feed: work whose assignment was excluded from billing, or is no more, without a change of its own.

A flag above a record moves no record below it. For each assignment that changed, its approved and uninvoiced work is
compared with what was told of it; what is the same is not told again.
"""

from __future__ import annotations

from collections.abc import Sequence

from events.envelope import AnyEnvelope
from functions.connectors.certinia.approvals import if_other
from functions.connectors.certinia.feed import LANE, Feed, nothing, pull
from functions.connectors.certinia.mapping import entry_id, expense_event, expense_id, stands, time_event
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.pull_time import days_of
from functions.connectors.certinia.query import ASSIGNMENT, HEADER, REPORT, assignments, expenses_of, splits_of
from functions.connectors.certinia.reading import Row, changed_at
from functions.platforms.salesforce.ids import record_id
from functions.platforms.salesforce.soql import portions


def work_of(rows: Sequence[Row], ports: CertiniaPorts) -> Sequence[Row]:
    """Days of splits, and expenses."""
    found: list[Row] = []
    for portion in portions([record_id(row["Id"]) for row in rows]):
        splits = ports.org.query(splits_of(portion, ports.psa), lane=LANE)
        found += [
            *(days_of(splits, ports) if splits else ()),
            *ports.org.query(expenses_of(portion, ports.psa), lane=LANE),
        ]
    return found


def after(row: Row, ports: CertiniaPorts) -> AnyEnvelope | None:
    scope, own = ports.policies.current().identity_scope, ports.psa
    if "day" in row:
        worked = bool(row["day"]["pse__Hours__c"]) and not row["day"]["IsDeleted"] and stands(row, own)
        event = (lambda: time_event(row, scope, own)) if worked else None
        return if_other(entry_id(row, scope), event, changed_at(row, ASSIGNMENT, HEADER), ports)
    event = (lambda: expense_event(row, scope, own)) if stands(row, own) else None
    return if_other(expense_id(row, scope), event, changed_at(row, ASSIGNMENT, REPORT), ports)


FEED = Feed("assignments", assignments, nothing, after, work_of)


def pull_assignments(ports: CertiniaPorts) -> int | None:
    return pull(FEED, ports)
