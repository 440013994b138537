"""/webhooks/business_central/{secret}: notifications of changed invoices, and the handshake before them.

Nothing is signed: authentic is the secret in the path and the client state of every element, both compared in constant
time. A notification carries no data; it asks for a reading of the payments feed. What is kept is what was told, without
the client state. Business Central drops a subscription that is answered with anything but 2xx, 408, 429 and 5xx.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from functions.connectors.business_central.settings import SYSTEM
from functions.connectors.business_central.wiring import AwsBusinessCentralPorts
from shared.faults import Poison
from shared.runtime.http_edge import EdgeAnswer, EdgeRequest, http_edge

QUEUE = "business_central-poll"
LONGEST_TOKEN = 2048


@http_edge(wire=AwsBusinessCentralPorts.from_env, limit_bytes=2_000_000)
def handler(request: EdgeRequest, ports: AwsBusinessCentralPorts) -> EdgeAnswer:
    ours = ports.subscriber.secret
    if not is_same(request.parameters.get("secret", ""), ours):
        return EdgeAnswer(401, code="secret_wrong")
    token = request.query.get("validationToken", "")
    if token:
        known = len(token) <= LONGEST_TOKEN and token.isprintable()
        return EdgeAnswer(200, token, "text/plain") if known else EdgeAnswer(400, code="token_unreadable")
    if request.method != "POST":
        return EdgeAnswer(400, code="token_missing")
    elements = read_elements(request.body)
    state = client_state(ours)
    if not all(is_same(str(each.get("clientState", "")), state) for each in elements):
        return EdgeAnswer(403, code="client_state_wrong")
    if elements:
        shown = [{name: value for name, value in each.items() if name != "clientState"} for each in elements]
        ports.raw.keep(SYSTEM, "notifications", json.dumps(shown).encode())
        ports.queues.send(QUEUE, [json.dumps({"feed": "payments"})])
    return EdgeAnswer(200)


def read_elements(body: bytes) -> list[dict[str, Any]]:
    """Raises Poison("notification_unreadable")."""
    try:
        value = json.loads(body)["value"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Poison("notification_unreadable") from None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Poison("notification_unreadable")
    return value


def is_same(told: str, ours: str) -> bool:
    """A connection that names no secret lets nobody in."""
    return bool(ours) and hmac.compare_digest(told.encode(), ours.encode())


def client_state(secret: str) -> str:
    """What a subscription of ours carries: made of the secret, so that the listing of subscriptions does not show it."""
    return hmac.new(secret.encode(), b"business_central client state", hashlib.sha256).hexdigest()
