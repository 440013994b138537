"""What only AWS does: bus entries, queues, quarantine, visibility, task tokens, keys and marks of rows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.sqs import SqsInbox
from shared.ports.flow import Relayed
from tests.contract.adapters.aws import received, stored_item
from tests.fakes.records import some_event


def stream_records(ports: Any, *event_ids: str) -> list[dict[str, Any]]:
    """As DynamoDB's stream shows new event rows."""
    records = []
    for event_id in event_ids:
        pk = f"EVT#{event_id}"
        image = stored_item(ports, pk, "EVT")
        keys = {"pk": {"S": pk}, "sk": {"S": "EVT"}}
        records.append({"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image}})
    return records


def on_the_bus(ports: Any) -> list[dict[str, Any]]:
    return [json.loads(message["Body"]) for message in received(ports, "bus-copy")]


def test_a_new_event_row_goes_on_the_bus_as_its_envelope_and_loses_its_mark(aws: Any) -> None:
    event = some_event("e1")
    aws.outbox.record([event])
    assert aws.publisher.relay(stream_records(aws, "e1")) == Relayed(published=1)
    (copy,) = on_the_bus(aws)
    assert (copy["source"], copy["detail-type"], copy["detail"]) == ("billweave", "wip.recorded.v1", event.as_json())
    row = stored_item(aws, "EVT#e1", "EVT")
    assert row is not None and "unpublished" not in row and "published_at" in row


def test_more_events_than_one_call_takes_all_go_out(aws: Any) -> None:
    ids = [f"e{n:02d}" for n in range(23)]
    aws.outbox.record([some_event(each) for each in ids])
    assert aws.publisher.relay(stream_records(aws, *ids)) == Relayed(published=23)
    assert sorted(copy["detail"]["id"] for copy in on_the_bus(aws)) == ids


def test_a_bad_record_is_parked_by_itself_and_the_others_go_out(aws: Any) -> None:
    aws.outbox.record([some_event("good"), some_event("bad")])
    good, bad = stream_records(aws, "good", "bad")
    bad["dynamodb"]["NewImage"]["body"] = {"S": "{broken"}
    unreadable = {"eventName": "INSERT", "dynamodb": {}}
    assert aws.publisher.relay([bad, unreadable, good]) == Relayed(published=1, parked=2)
    parked = [json.loads(message["Body"]) for message in received(aws, "outbox-parked")]
    assert {(each["event_id"], each["code"]) for each in parked} == {
        ("bad", "event_no_json"),
        (None, "stream_record_unreadable"),
    }
    assert [copy["detail"]["id"] for copy in on_the_bus(aws)] == ["good"]
    assert list(aws.outbox.unpublished(timedelta(0))) == []


def test_other_changes_of_the_table_are_not_published(aws: Any) -> None:
    aws.outbox.record([some_event("e1")])
    (insert,) = stream_records(aws, "e1")
    other = {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": "CUS#1"}, "sk": {"S": "HEAD"}}, "NewImage": {}}}
    assert (
        aws.publisher.relay([{**insert, "eventName": "MODIFY"}, {**insert, "eventName": "REMOVE"}, other]) == Relayed()
    )


def test_an_event_too_large_for_the_bus_leaves_its_data_in_a_document(aws: Any) -> None:
    event = some_event("big")
    large = event.model_copy(update={"data": event.data.model_copy(update={"unit": "x" * 250_000})})
    aws.outbox.record([large])
    assert aws.publisher.relay(stream_records(aws, "big")) == Relayed(published=1)
    (copy,) = on_the_bus(aws)
    assert copy["detail"]["data"] == {}
    assert json.loads(aws.documents.get(copy["detail"]["dataref"])) == large.as_json()["data"]


def test_every_body_is_sent_in_batches_of_ten(aws: Any) -> None:
    bodies = [f"body {n:02d}" for n in range(25)]
    aws.queues.send("time", bodies)
    assert sorted(message["Body"] for message in received(aws, "time")) == bodies


def test_a_queue_the_function_was_not_given_is_an_error_of_the_deployment(aws: Any) -> None:
    with pytest.raises(LookupError, match="BILLWEAVE_QUEUE_NO_SUCH"):
        aws.queues.send("no-such", ["x"])
    with pytest.raises(LookupError, match="BILLWEAVE_SAGA_NO_SUCH"):
        aws.sagas.start("no_such", "x", {})


def test_a_quarantined_body_says_where_it_came_from(aws: Any) -> None:
    inbox = SqsInbox(aws.clients.sqs, aws.settings.queues["quarantine"])
    inbox.quarantine("{broken", origin="time", code="event_unreadable")
    (message,) = received(aws, "quarantine")
    told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (message["Body"], told) == ("{broken", {"origin": "time", "code": "event_unreadable"})


def test_a_delayed_message_is_hidden_and_a_dead_receipt_is_no_error(aws: Any) -> None:
    aws.queues.send("time", ["x"])
    url = aws.settings.queues["time"]
    (message,) = aws.clients.sqs.receive_message(QueueUrl=url)["Messages"]
    arn = aws.clients.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.inbox.delay(arn, message["ReceiptHandle"], 0)
    (again,) = aws.clients.sqs.receive_message(QueueUrl=url)["Messages"]
    aws.inbox.delay(arn, again["ReceiptHandle"], 600)
    assert received(aws, "time") == []
    aws.clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    aws.inbox.delay(arn, again["ReceiptHandle"], 5)


def test_a_waiting_saga_is_answered_once_and_a_used_token_is_counted(embedded: Any) -> None:
    token = _waiting(embedded)
    assert embedded.tasks.succeed(token, {"number": "INV1", "gross": "1.10"})
    assert not embedded.tasks.succeed(token, {"number": "INV1"})
    assert not embedded.tasks.fail(token, "BusinessException", "{}")
    assert embedded.counts.read() == {"tasks_gone": 2}


def _waiting(ports: Any) -> str:
    """The token of an execution that waits for an answer from the queue "time"."""
    arguments = {
        "QueueUrl": ports.settings.queues["time"],
        "MessageBody": "{% $states.context.Task.Token %}",
    }
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Arguments": arguments,
        "TimeoutSeconds": 30,
        "End": True,
    }
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "Wait", "States": {"Wait": wait}})
    sfn = ports.clients.stepfunctions
    machine = sfn.create_state_machine(name="wait", definition=definition, roleArn="arn:aws:iam::000000000000:role/x")
    sfn.start_execution(stateMachineArn=machine["stateMachineArn"], name="w")
    answer = ports.clients.sqs.receive_message(QueueUrl=ports.settings.queues["time"], WaitTimeSeconds=10)
    return str(answer["Messages"][0]["Body"])
