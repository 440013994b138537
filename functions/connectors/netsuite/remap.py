"""Rows as NetSuite told them once -> the events that the mapping of this tree makes of them. connector.yaml names these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.netsuite.client import Row
from functions.connectors.netsuite.payment import is_ours, paid_event, touched
from functions.connectors.netsuite.ports import NetSuitePorts


def payments(row: Row, beside: Mapping[str, Any], ports: NetSuitePorts) -> list[AnyEnvelope]:
    """beside: "currencies", code by the account's internal id."""
    invoice = ports.invoices.find(str(row["externalid"])) if is_ours(row) and touched(row) else None
    return [paid_event(row, invoice, beside["currencies"][str(row["currency"])])] if invoice else []
