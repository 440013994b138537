"""Rows as Kantata told them once -> the events that the mapping of this tree makes of them. connector.yaml names these.

The feeds of holds, rate cards and withdrawals are not here: what they announce follows from what was told before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.kantata.client import Page, Row
from functions.connectors.kantata.feed import Feed
from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.pull_expenses import FEED as EXPENSES
from functions.connectors.kantata.pull_milestones import FEED as MILESTONES
from functions.connectors.kantata.pull_time import FEED as TIME

Beside = Mapping[str, Any]


def time_entries(row: Row, beside: Beside, ports: KantataPorts) -> list[AnyEnvelope]:
    return _events(TIME, row, beside, ports)


def expenses(row: Row, beside: Beside, ports: KantataPorts) -> list[AnyEnvelope]:
    return _events(EXPENSES, row, beside, ports)


def milestones(row: Row, beside: Beside, ports: KantataPorts) -> list[AnyEnvelope]:
    return _events(MILESTONES, row, beside, ports)


def _events(feed: Feed, row: Row, beside: Beside, ports: KantataPorts) -> list[AnyEnvelope]:
    event = feed.to_event(row, Page((row,), 1, beside["sides"], None), ports)
    return [event] if event is not None else []
