"""What the tenant's administrator sets up once in Business Central: docs/simulators/business_central.md.

Through the control API: installing an extension and Jobs Setup are work in the client. The app's own webhook subscription
is not here: whoever listens makes and renews it through the API, because the handshake and the client state are its own.
"""

from __future__ import annotations

from sandbox.firm.desks import Told
from sandbox.firm.vendor_calls import Control

PROJECT_DIMENSION = "PROJECT"
SET_UP = {"project_dimension": PROJECT_DIMENSION, "shortcut_dimensions": ["DEPARTMENT", PROJECT_DIMENSION]}
"""Dimension values cannot be made through API v2.0: an extension keeps one per project."""


def set_up(told: Told) -> None:
    """What an earlier estate subscribed on kept data is dropped: its addresses are dead."""
    control = Control(told["control_url"])
    control.post("/settings", SET_UP)
    for subscription in control.get("/subscriptions")["subscriptions"]:
        control.delete(f"/subscriptions/{subscription['subscriptionId']}")
