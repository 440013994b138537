"""The subscriptions feed: each company's sales invoices are subscribed to our address, and stay so.

A subscription ends after three days and is renewed when less than half of that is left; making and renewing run a handshake
with our webhook. Without an address in the connection secret nothing is subscribed: the payments feed reads by itself.
Source: docs/connectors/business_central.md, "Webhook".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from functions.connectors.business_central.odata import instant
from functions.connectors.business_central.ports import BusinessCentralPorts
from functions.connectors.business_central.webhook import client_state
from shared.faults import Duplicate, Poison

LANE = "poll"
RENEWED = timedelta(hours=36)
"""Before its end."""


def keep_subscribed(ports: BusinessCentralPorts) -> bool:
    """All companies at once; never more to do. Raises the vendor's faults, a refused handshake among them."""
    told = ports.subscriber
    if not told.address or not told.secret:
        return False
    standing = ports.tenant.subscriptions(lane=LANE)
    for company in ports.erp.companies.values():
        wanted = {
            "notificationUrl": told.address,
            "resource": f"/api/v2.0/companies({company})/salesInvoices",
            "clientState": client_state(told.secret),
        }
        _ensure(next((row for row in standing if _is_for(row, wanted)), None), wanted, ports)
    return False


def _is_for(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """The resource comes back with or without a leading slash, and perhaps with its host."""
    resource = str(row.get("resource", "")).lower().rstrip("/")
    return row.get("notificationUrl") == wanted["notificationUrl"] and resource.endswith(
        wanted["resource"].lower().lstrip("/")
    )


def _ensure(row: Mapping[str, Any] | None, wanted: Mapping[str, str], ports: BusinessCentralPorts) -> None:
    if row is None:
        try:
            ports.tenant.subscribe(wanted, lane=LANE)
        except Duplicate:
            ports.counts.add("duplicates_received", feed="subscriptions")
    elif _ends_soon(row, ports):
        ports.tenant.renew(row, wanted, lane=LANE)


def _ends_soon(row: Mapping[str, Any], ports: BusinessCentralPorts) -> bool:
    """Raises Poison("subscription_unreadable")."""
    try:
        return instant(row["expirationDateTime"]) - ports.clock.now() < RENEWED
    except (KeyError, ValueError) as exc:
        raise Poison("subscription_unreadable", subscription=str(row.get("subscriptionId", ""))) from exc
