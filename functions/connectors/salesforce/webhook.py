"""POST /webhooks/salesforce/{secret}: outbound messages. Verified, kept raw, queued, acknowledged; nothing else here.

Authentic is: the secret in the path (our convention, constant-time compared) and the organisation in the body. The
acknowledgement goes out only once every notification is on the queue: no answer, and Salesforce sends it all again.
What is kept is the message as it was understood, without its session id, which is a live credential.
"""

from __future__ import annotations

import hmac
import json

from functions.connectors.salesforce.outbound_message import ACK, OutboundMessage, read_outbound_message
from functions.connectors.salesforce.wiring import SalesforcePorts
from functions.platforms.salesforce.ids import record_id
from shared.runtime.http_edge import EdgeAnswer, EdgeRequest, http_edge

QUEUE = "salesforce-inbound"
MOST_BYTES = 1_000_000


@http_edge(wire=SalesforcePorts.from_env, limit_bytes=MOST_BYTES)
def handler(request: EdgeRequest, ports: SalesforcePorts) -> EdgeAnswer:
    secrets = ports.edge
    if not is_secret(request.parameters.get("secret", ""), secrets.webhook_secret):
        return EdgeAnswer(401, code="secret_wrong")
    if request.headers.get("content-type", "").partition(";")[0].strip() not in ("text/xml", "application/soap+xml"):
        return EdgeAnswer(415, code="not_xml")
    message = read_outbound_message(request.body)
    if message.organization_id != record_id(secrets.organization_id):
        return EdgeAnswer(403, code="organization_unknown")
    accept(message, ports)
    return EdgeAnswer(200, ACK.decode(), "text/xml; charset=utf-8")


def is_secret(told: str, ours: str) -> bool:
    """An org whose connection names no secret lets nobody in."""
    return bool(ours) and hmac.compare_digest(told.encode(), ours.encode())


def accept(message: OutboundMessage, ports: SalesforcePorts) -> None:
    """One queue message per deal."""
    key = ports.raw.keep("salesforce", "outbound_message", message.shown)
    deals = dict.fromkeys(each.record_id for each in message.notifications if each.object == "Opportunity")
    bodies = [json.dumps({"opportunity_id": deal, "via": "outbound_message", "raw_key": key}) for deal in deals]
    ports.queues.send(QUEUE, bodies)
