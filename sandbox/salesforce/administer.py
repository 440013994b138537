"""What the org's administrator sets up once in Salesforce: docs/connectors/salesforce.md.

Through the control API, because Setup has no API for it, or one nobody uses. What was set up for an earlier estate on kept
data goes first: its addresses are dead.
"""

from __future__ import annotations

from typing import Any

from sandbox.firm.desks import Told
from sandbox.firm.vendor_calls import Control

RULE = "Billweave"
FIELDS = ("Id", "AccountId", "Name", "StageName", "Amount", "CloseDate", "IsWon", "SystemModstamp")
OWN_FIELDS = {
    "Account": {"fields": {"VAT_Number__c": {"type": "string", "length": 40}}},
    "Opportunity": {"fields": {"Invoice_Grouping__c": {"type": "string", "length": 40}}},
}
"""What the firm adds to the org; the deployment file tells the connector their names."""


def set_up(told: Told) -> None:
    """An outbound message when a deal is won, and, if a partner bus is deployed, an event relay onto it."""
    control = Control(told["control_url"])
    control.post("/schema", OWN_FIELDS)
    for rule in control.get("/outbound-messages")["messages"]:
        if rule["name"] == RULE:
            control.delete(f"/outbound-messages/{rule['id']}")
    for relay in control.get("/event-relay")["relays"]:
        control.delete(f"/event-relay/{relay['id']}")
    if "webhook_url" in told:
        won = {"field": "IsWon", "equals": True}
        rule = {"name": RULE, "object": "Opportunity", "url": told["webhook_url"], "when": won, "fields": list(FIELDS)}
        control.post("/outbound-messages", rule)
    if "partner_bus" in told:
        control.post("/event-relay", event_relay(told["partner_bus"]))


def event_relay(bus: dict[str, Any]) -> dict[str, Any]:
    """Opportunities only: what the fabric reads of accounts and contracts it reads with the deal."""
    return {**bus, "objects": ["Opportunity"]}
