"""Queues where SQS misbehaves."""

from __future__ import annotations

from typing import Any

import pytest

from infra.manifest import ALL
from infra.names import variable
from shared.adapters.sqs import SqsInbox, SqsQueues
from shared.faults import Transient
from shared.runtime.settings import Settings
from tests.unit.shared.adapters.scripted import Scripted, refusal

URLS = {"time": "https://queue/time"}


def sent(*ids: str, failed: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"Successful": [{"Id": each} for each in ids], "Failed": [{"Id": each, "Code": "x"} for each in failed]}


def test_an_entry_that_failed_is_sent_again_alone() -> None:
    sqs = Scripted(sent("0", "2", failed=("1",)), sent("1"))
    SqsQueues(sqs, URLS).send("time", ["a", "b", "c"], delay_s=20)
    again = sqs.calls[1][1]["Entries"]
    assert again == [{"Id": "1", "MessageBody": "b", "DelaySeconds": 20}]


def test_an_entry_that_keeps_failing_is_transient_and_counted() -> None:
    sqs = Scripted(*[sent(failed=("0",))] * 3)
    with pytest.raises(Transient) as caught:
        SqsQueues(sqs, URLS).send("time", ["a"])
    assert (caught.value.code, caught.value.facts["left"]) == ("messages_not_sent", "1")


def test_large_bodies_share_a_batch_only_within_its_size() -> None:
    sqs = Scripted(sent("0"), sent("0", "1"))
    SqsQueues(sqs, URLS).send("time", ["x" * 800_000, "y" * 200_000, "z"])
    assert [len(asked["Entries"]) for _, asked in sqs.calls] == [1, 2]


@pytest.mark.parametrize("queue", sorted({entry.queue.queue for entry in ALL if entry.queue}))
def test_every_queue_is_found_though_variables_hold_no_hyphens(queue: str) -> None:
    sqs = Scripted(sent("0"))
    told = Settings.from_env({variable("QUEUE", queue): "https://queue/its-own"})
    SqsQueues(sqs, told.queues).send(queue, ["a"])
    assert sqs.calls[0][1]["QueueUrl"] == "https://queue/its-own"


def test_a_system_of_two_words_has_queues_too() -> None:
    sqs = Scripted(sent("0"))
    told = Settings.from_env({variable("QUEUE", "business_central-poll"): "https://queue/its-own"})
    SqsQueues(sqs, told.queues).send("business_central-poll", ["a"])
    assert sqs.calls[0][1]["QueueUrl"] == "https://queue/its-own"


def test_nothing_to_send_asks_nothing() -> None:
    sqs = Scripted()
    SqsQueues(sqs, URLS).send("time", [])
    assert sqs.calls == []


def test_a_refused_permission_to_put_off_is_told() -> None:
    class Located(Scripted):
        meta = type("Meta", (), {"endpoint_url": "https://sqs.us-east-1.amazonaws.com"})

    sqs = Located(refusal("AccessDenied"), {})
    inbox = SqsInbox(sqs, "https://queue/quarantine")
    with pytest.raises(Transient):
        inbox.delay("arn:aws:sqs:us-east-1:123456789012:time", "r", 5)
    inbox.delay("arn:aws:sqs:us-east-1:123456789012:time", "r", 10**6)
    asked = sqs.calls[1][1]
    assert asked["QueueUrl"] == "https://sqs.us-east-1.amazonaws.com/123456789012/time"
    assert asked["VisibilityTimeout"] == 43_200
