"""SQS deliveries and bus events as Lambda hands them over, for tests of the wrappers."""

from __future__ import annotations

import json
from typing import Any

from events.envelope import AnyEnvelope, make_envelope
from events.time_approved.v1 import TimeApproved
from tests.fakes.flow import NOON

QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:time"


def batch(*bodies: str, receives: int = 1) -> dict[str, Any]:
    """Messages m0, m1, ... with receipts r0, r1, ..."""
    return {"Records": [delivery(place, body, receives) for place, body in enumerate(bodies)]}


def delivery(place: int, body: str, receives: int) -> dict[str, Any]:
    return {
        "messageId": f"m{place}",
        "receiptHandle": f"r{place}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE_ARN,
    }


def failed(answer: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def time_approved(event_id: str = "e1", minutes: int = 60) -> AnyEnvelope:
    person_ref = {"system": "kantata", "kind": "user", "id": "5"}
    data = TimeApproved.model_validate(
        {
            "entry_id": "entry-1",
            "ref": {"system": "kantata", "kind": "time_entry", "id": "9001"},
            "project_ref": {"system": "kantata", "kind": "workspace", "id": "77"},
            "person": {"person_id": "p1", "ref": person_ref, "name": "Bo"},
            "worked_on": "2026-03-02",
            "minutes": minutes,
        }
    )
    return make_envelope(
        data,
        event_id=event_id,
        source="billweave/connectors/kantata",
        subject="entry-1",
        occurred_at=NOON,
        correlation_id="contract-1",
        legal_entity="US",
        sequence=7,
    )


def on_bus(event: AnyEnvelope, **changed: Any) -> str:
    """The body that EventBridge puts on a queue; changed: fields of the envelope."""
    detail = {**event.as_json(), **changed}
    return json.dumps(
        {"version": "0", "id": "x", "detail-type": detail["type"], "source": "billweave", "detail": detail}
    )
