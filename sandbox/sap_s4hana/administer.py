"""What the tenant's administrator sets up once: where business events go, and by which password they show themselves."""

from __future__ import annotations

from typing import Any

from sandbox.firm.vendor_calls import Control

TYPES = ["sap.s4.beh.businesspartner", "sap.s4.beh.billingdocument"]


def set_up(told: dict[str, Any]) -> None:
    """Nothing where the fabric takes no events. One webhook stands, whatever an earlier estate left, and the fabric has
    agreed to be called. Raises Refused, also where it does not agree.
    """
    control, url = Control(told["control_url"]), told.get("webhook_url")
    stands = False
    for hook in control.get("/webhooks")["webhooks"]:
        if hook["url"] == url and not stands:
            stands = True
        else:
            control.delete(f"/webhooks/{hook['id']}")
    if url and not stands:
        keys = told["credentials"]
        pair = {"username": keys["webhook_username"], "password": keys["webhook_password"]}
        control.post("/webhooks", {"url": url, "types": TYPES} | pair)
