"""Deals as Salesforce told them once -> the events that the mapping of this tree makes of them. connector.yaml names these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.salesforce.mapping import Row
from functions.connectors.salesforce.read_deals import announcements
from functions.connectors.salesforce.wiring import SalesforcePorts


def opportunities(row: Row, beside: Mapping[str, Any], ports: SalesforcePorts) -> list[AnyEnvelope]:
    return announcements(row, ports)
