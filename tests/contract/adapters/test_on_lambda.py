"""The handlers as functions of the embedded AWS: table -> stream -> publisher -> bus -> queue, and what is retried."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.adapters.aws import received
from tests.fakes.records import some_event

TOP = Path(__file__).parents[3]
PROBE = """
from events.wip_recorded.v1 import WipRecorded
from shared.domain.source import Applied
from shared.faults import BusinessException, Transient
from shared.runtime.event_consumer import event_consumer
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts
from pydantic import BaseModel


class Ask(BaseModel):
    correlation_id: str


@process_step(Ask, wire=AwsPorts.from_env)
def step(ask, ports):
    raise BusinessException("tax_undetermined", customer_id="c-1")


@event_consumer(WipRecorded, wire=AwsPorts.from_env)
def consume(event, ports):
    ports.counts.add(f"saw_{event.id}")
    if event.id == "late" and ports.counts.read().get("saw_late", 0) < 2:
        raise Transient("not_yet")
    return Applied.NEW
"""


def code() -> bytes:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as asset:
        for room in ("events", "shared", "functions"):
            for path in sorted((TOP / room).rglob("*.py")):
                asset.write(path, path.relative_to(TOP))
        asset.writestr("probe.py", PROBE)
    return zipped.getvalue()


def function(ports: Any, name: str, handler: str) -> None:
    urls = ports.settings.queues
    variables = {
        "BILLWEAVE_TABLE": "fabric",
        "BILLWEAVE_BUCKET": ports.settings.bucket,
        "BILLWEAVE_BUS": "fabric",
        "BILLWEAVE_POLICIES": "/policies",
        "BILLWEAVE_QUARANTINE": urls["quarantine"],
        "BILLWEAVE_QUEUE_OUTBOX_PARKED": urls["outbox-parked"],
        "POWERTOOLS_SERVICE_NAME": name,
        "POWERTOOLS_METRICS_NAMESPACE": "Billweave",
    }
    ports.clients.lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/x",
        Handler=handler,
        Code={"ZipFile": code()},
        Timeout=20,
        Environment={"Variables": variables},
    )


def reads(ports: Any, name: str, arn: str, **mapping: Any) -> None:
    ports.clients.lambda_.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, **mapping)


def until(met: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if met():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def publisher(embedded: Any) -> Any:
    """The publisher reads the table's stream; the bus copies to the queue "bus-copy"."""
    function(embedded, "publish-outbox", "functions.operations.publish_outbox.handler")
    stream = embedded.clients.dynamodb.describe_table(TableName="fabric")["Table"]["LatestStreamArn"]
    reads(embedded, "publish-outbox", stream, StartingPosition="TRIM_HORIZON", BatchSize=50)
    assert embedded.clients.events
    return embedded


def test_what_is_written_goes_out_and_a_bad_row_is_parked_alone(publisher: Any) -> None:
    table = publisher.clients.dynamodb
    bad = {"pk": "EVT#bad", "sk": "EVT", "unpublished": "0", "gsi1pk": "S", "gsi1sk": "x", "body": "{broken"}
    table.put_item(TableName="fabric", Item={name: {"S": value} for name, value in bad.items()})
    publisher.outbox.record([some_event(f"e{n}") for n in range(12)])
    seen: list[str] = []

    def all_out() -> bool:
        seen.extend(json.loads(message["Body"])["detail"]["id"] for message in received(publisher, "bus-copy"))
        return len(set(seen)) == 12

    assert until(all_out)
    assert sorted(seen) == sorted(set(seen)), "published once each"
    parked = [json.loads(message["Body"]) for message in received(publisher, "outbox-parked")]
    assert [(each["event_id"], each["code"]) for each in parked] == [("bad", "event_no_json")]
    index = {"IndexName": "by_unpublished", "KeyConditionExpression": "unpublished = :shard"}
    for shard in "0123":
        values = {":shard": {"S": shard}}
        assert until(
            lambda values=values: (  # type: ignore[misc]
                table.query(TableName="fabric", ExpressionAttributeValues=values, **index)["Count"] == 0
            )
        )


def test_a_consumer_on_its_queue_takes_the_good_keeps_the_bad_and_retries_the_late(publisher: Any) -> None:
    function(publisher, "consume", "probe.consume")
    url = publisher.settings.queues["bus-copy"]
    arn = publisher.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    publisher.clients.sqs.send_message(QueueUrl=url, MessageBody="{broken")
    publisher.outbox.record([some_event(each) for each in ("good", "late", "fine")])
    reads(publisher, "consume", arn, BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"])
    wanted = {"saw_good": 1, "saw_fine": 1, "saw_late": 2, "poison_received": 1}
    assert until(lambda: publisher.counts.read() == wanted), publisher.counts.read()
    assert [message["Body"] for message in received(publisher, "quarantine")] == ["{broken"]


def test_a_step_that_refuses_is_named_by_its_fault_and_says_why_as_json(embedded: Any) -> None:
    function(embedded, "step", "probe.step")
    answer = embedded.clients.lambda_.invoke(FunctionName="step", Payload=b'{"correlation_id": "c"}')
    body = json.loads(answer["Payload"].read())
    assert body["errorType"] == "BusinessException"
    assert json.loads(body["errorMessage"]) == {"code": "tax_undetermined", "facts": {"customer_id": "c-1"}}
