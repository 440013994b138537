"""Rows as S/4HANA told them once -> the events that the mapping of this tree makes of them. connector.yaml names these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from events.envelope import AnyEnvelope
from functions.connectors.sap_s4hana.client import Row
from functions.connectors.sap_s4hana.odata import plain
from functions.connectors.sap_s4hana.payment import is_touched, our_id, paid_event
from functions.connectors.sap_s4hana.ports import SapPorts


def payments(told: Mapping[str, Any], beside: Mapping[str, Any], ports: SapPorts) -> list[AnyEnvelope]:
    """beside: "items", journal items by billing document."""
    row: Row = dict(told)
    ours = our_id(row) if is_touched(row) else None
    invoice = ports.invoices.find(ours) if ours is not None else None
    return [paid_event(row, beside["items"][plain(row["BillingDocument"])], invoice)] if invoice else []
