"""The expenses feed: approved billable expenses that are on no invoice yet. They say `is_billable`, time `billable`."""

from __future__ import annotations

from events.envelope import AnyEnvelope
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.feed import Feed, pull
from functions.connectors.kantata.mapping import expense_event
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.pull_time import FILTERS

SIDES = {"from_archived_workspaces": True, "include": "user,workspace,active_submission"}


def to_event(row: Row, page: Page, ports: KantataPorts) -> AnyEnvelope | None:
    if not row.get("approved", True) or not row.get("is_billable", True) or row.get("is_invoiced"):
        return None
    return expense_event(row, page, ports.policies.current().identity_scope)


FEED = Feed("expenses", "/expenses", {**FILTERS, **SIDES}, to_event, sorts=False)


def pull_expenses(ports: KantataPorts) -> int | None:
    return pull(FEED, ports)
