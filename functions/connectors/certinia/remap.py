"""Records as Certinia told them once -> the events that the mapping of this tree makes of them. connector.yaml names these.

Holds, rate cards and withdrawals are not here: what they announce follows from what was told before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.certinia.feed import Feed
from functions.connectors.certinia.ports import CertiniaPorts
from functions.connectors.certinia.pull_expenses import FEED as EXPENSES
from functions.connectors.certinia.pull_milestones import FEED as MILESTONES
from functions.connectors.certinia.pull_time import FEED as TIME
from functions.connectors.certinia.reading import Row

Beside = Mapping[str, Any]


def time_entries(row: Row, beside: Beside, ports: CertiniaPorts) -> list[AnyEnvelope]:
    return _events(TIME, row, ports)


def expenses(row: Row, beside: Beside, ports: CertiniaPorts) -> list[AnyEnvelope]:
    return _events(EXPENSES, row, ports)


def milestones(row: Row, beside: Beside, ports: CertiniaPorts) -> list[AnyEnvelope]:
    return _events(MILESTONES, row, ports)


def _events(feed: Feed, row: Row, ports: CertiniaPorts) -> list[AnyEnvelope]:
    event = feed.to_event(row, ports)
    return [event] if event is not None else []
