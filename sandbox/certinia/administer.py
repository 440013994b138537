"""What the org's administrator sets up once in Certinia: fields of the firm's own, and who is told of what.

Through the control API, because Setup has no API for it, or one nobody uses. What was set up for an earlier estate on kept
data goes first: its addresses are dead.
"""

from __future__ import annotations

from typing import Any

from sandbox.firm.desks import Told
from sandbox.firm.vendor_calls import Control

RULE = "Billweave"
_OUR_INVOICE = {
    "Fabric_Invoice__c": {"type": "string", "length": 100},
    "Fabric_Invoice_Status__c": {"type": "string", "length": 80},
}
"""Our invoice's id and how it stands, on what it bills."""
ACCEPTED_BY = "Accepted_By__c"
"""Where the project manager notes on a milestone who accepted it."""
OWN_FIELDS: dict[str, dict[str, Any]] = {
    "pse__Timecard__c": _OUR_INVOICE,
    "pse__Expense__c": _OUR_INVOICE,
    "pse__Milestone__c": {**_OUR_INVOICE, ACCEPTED_BY: {"type": "string", "length": 255}},
    "pse__Billing_Event__c": _OUR_INVOICE,
}
TOLD = ("pse__Billing_Event__c", "pse__Timecard_Header__c", "pse__Expense__c", "pse__Milestone__c")
"""Objects whose change events go onto the bus."""


def set_up(told: Told) -> None:
    """The fields; a message when a billing event is released; a relay of change events if a partner bus is deployed."""
    control = Control(told["control_url"])
    there = control.get("/schema")["objects"]
    missing = {name: one for name, one in OWN_FIELDS.items() if not set(one) <= set(there[name])}
    if missing:
        control.post("/schema", {name: {"fields": fields} for name, fields in missing.items()})
    for rule in control.get("/outbound-messages")["messages"]:
        if rule["name"] == RULE:
            control.delete(f"/outbound-messages/{rule['id']}")
    for relay in control.get("/event-relay")["relays"]:
        control.delete(f"/event-relay/{relay['id']}")
    if "webhook_url" in told:
        control.post("/outbound-messages", release_message(told["webhook_url"]))
    if "partner_bus" in told:
        control.post("/event-relay", {**told["partner_bus"], "objects": list(TOLD)})


def release_message(url: str) -> dict[str, Any]:
    released = {"field": "pse__Is_Released__c", "equals": True}
    fields = ["Id", "pse__Event_Key__c", "pse__Project__c", "pse__Is_Released__c", "SystemModstamp"]
    return {"name": RULE, "object": "pse__Billing_Event__c", "url": url, "when": released, "fields": fields}
