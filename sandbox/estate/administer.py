"""What each vendor's administrator does once so that the vendor talks to this fabric: docs/connectors/<system>.md.

Through the simulators' control APIs, because the vendors have no API for it either, or one nobody uses. What an earlier
estate had set up on kept data goes first: its addresses are dead.
"""

from __future__ import annotations

from typing import Any

import httpx

from sandbox.estate.description import Estate
from sandbox.estate.processes import EstateError

RULE = "Billweave"
FIELDS = ("Id", "AccountId", "Name", "StageName", "Amount", "CloseDate", "IsWon", "SystemModstamp")


def vendors(estate: Estate) -> None:
    """Kantata and NetSuite are only ever polled: nothing to set up. Raises EstateError if a vendor refuses."""
    if "salesforce" in estate.systems and estate.api["base_url"]:
        salesforce(estate)


def salesforce(estate: Estate) -> None:
    """An outbound message when a deal is won, and, if a partner bus is deployed, an event relay onto it."""
    told = estate.systems["salesforce"]
    with httpx.Client(base_url=told["control_url"], timeout=10, trust_env=False) as control:
        for rule in _call(control, "GET", "/outbound-messages")["messages"]:
            if rule["name"] == RULE:
                _call(control, "DELETE", f"/outbound-messages/{rule['id']}")
        for relay in _call(control, "GET", "/event-relay")["relays"]:
            _call(control, "DELETE", f"/event-relay/{relay['id']}")
        won = {"field": "IsWon", "equals": True}
        rule = {"name": RULE, "object": "Opportunity", "url": told["webhook_url"], "when": won, "fields": list(FIELDS)}
        _call(control, "POST", "/outbound-messages", rule)
        if "salesforce_partner_bus" in estate.resources:
            _call(control, "POST", "/event-relay", event_relay(estate))


def event_relay(estate: Estate) -> dict[str, Any]:
    """Opportunities only: what the fabric reads of accounts and contracts it reads with the deal."""
    return {
        "endpoint_url": estate.aws["endpoint_url"],
        "region": estate.aws["region"],
        "access_key": estate.aws["account"],
        "bus": estate.resources["salesforce_partner_bus"],
        "objects": ["Opportunity"],
    }


def _call(control: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = control.request(method, path, json=body)
    if answer.is_error:
        raise EstateError(f"{method} {answer.request.url}: {answer.status_code} {answer.text[:200]}")
    found: dict[str, Any] = answer.json()
    return found
