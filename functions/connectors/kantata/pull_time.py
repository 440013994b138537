"""The time_entries feed: approved billable time that is on no invoice yet, as it stands now.

An approval taken back, or an entry deleted, does not show in this list: pull_events sees to those.
"""

from __future__ import annotations

from events.envelope import AnyEnvelope
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.feed import Feed, pull
from functions.connectors.kantata.mapping import time_event
from functions.connectors.kantata.ports import KantataPorts

FILTERS = {"approved": True, "uninvoiced": True, "billable": True, "on_my_account": True}
SIDES = {"from_archived_workspaces": True, "include": "user,workspace,story,role,active_submission"}


def to_event(row: Row, page: Page, ports: KantataPorts) -> AnyEnvelope | None:
    """None for a row that should not be in this list: a filter not known there would be ignored in silence."""
    if not row.get("approved", True) or not row.get("billable", True) or row.get("is_invoiced"):
        return None
    return time_event(row, page, ports.policies.current().identity_scope, rule=ports.psa.time)


FEED = Feed("time_entries", "/time_entries", {**FILTERS, **SIDES}, to_event)


def pull_time(ports: KantataPorts) -> int | None:
    return pull(FEED, ports)
