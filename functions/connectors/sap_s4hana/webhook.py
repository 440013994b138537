"""/webhooks/sap_s4hana/{secret}: business events as CloudEvents. Known, kept raw, queued, acknowledged; nothing else here.

OPTIONS is the handshake before the first event: who asks may call if the address is right. An event holds keys only and no
signature; what proves its sender is the address and the user, compared in constant time. What it tells is read back.
Source: docs/connectors/sap_s4hana.md, "Business events".
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from typing import Any

from functions.connectors.sap_s4hana.settings import SYSTEM
from functions.connectors.sap_s4hana.wiring import AwsSapPorts, Edge
from shared.faults import Poison
from shared.runtime.http_edge import EdgeAnswer, EdgeRequest, http_edge

QUEUE = "sap_s4hana-events"
BILLED = "sap.s4.beh.billingdocument."
MOST_BYTES = 100_000
KINDS = ("application/cloudevents+json", "application/json")


@http_edge(wire=AwsSapPorts.from_env, limit_bytes=MOST_BYTES)
def handler(request: EdgeRequest, ports: AwsSapPorts) -> EdgeAnswer:
    if not _same(request.parameters.get("secret", ""), ports.edge.secret):
        return EdgeAnswer(401, code="secret_wrong")
    if request.method == "OPTIONS":
        return handshake(request)
    if not _same(request.headers.get("authorization", ""), shown(ports.edge)):
        return EdgeAnswer(401, code="login_wrong")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in KINDS:
        return EdgeAnswer(415, code="not_json")
    event = read_event(request.body)
    key = ports.raw.keep(SYSTEM, "business_event", request.body)
    number = str(event["data"].get("BillingDocument") or "")
    if str(event["type"]).startswith(BILLED) and number:
        ports.queues.send(QUEUE, [json.dumps({"billing_document": number, "raw_key": key})])
    return EdgeAnswer(200)


def handshake(request: EdgeRequest) -> EdgeAnswer:
    """The origin may call, as often as it likes."""
    origin = request.headers.get("webhook-request-origin", "")
    if not origin:
        return EdgeAnswer(400, code="origin_missing")
    return EdgeAnswer(200, headers={"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"})


def shown(edge: Edge) -> str:
    return "Basic " + b64encode(f"{edge.username}:{edge.password}".encode()).decode()


def read_event(body: bytes) -> dict[str, Any]:
    """A CloudEvent of version 1.0. Raises Poison("body_unreadable")."""
    try:
        event = json.loads(body)
    except ValueError:
        raise Poison("body_unreadable") from None
    whole = isinstance(event, dict) and event.get("specversion") == "1.0" and isinstance(event.get("data"), dict)
    if not whole or not all(isinstance(event.get(name), str) and event[name] for name in ("id", "type", "source")):
        raise Poison("body_unreadable")
    return dict(event)


def _same(told: str, ours: str) -> bool:
    """A connection that names no secret lets nobody in."""
    return bool(ours) and hmac.compare_digest(told.encode(), ours.encode())
