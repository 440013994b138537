"""Deals read through the connector."""

from __future__ import annotations

from typing import Any

from functions.connectors.salesforce import poll, read_deals
from tests.contract.connectors.salesforce_ports import (
    SalesforceFakes,
)


def read(ports: SalesforceFakes, deal: str) -> Any:
    """The contract.signed of this deal as it stands now."""
    before = set(ports.outbox.events)
    read_deals.handler.step(read_deals.DealSeen(opportunity_id=deal, via="poll"), ports)
    signed = [each for each in ports.outbox.of_type("contract.signed") if each.id not in before]
    return signed[0].data if signed else None


def pulled(ports: SalesforceFakes) -> int:
    """Deals that one poll hands on."""
    poll.handler.step(poll.Poll(feed="opportunities"), ports)
    return ports.read()
