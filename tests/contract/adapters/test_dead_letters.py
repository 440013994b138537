"""Dead letters go back to their queue: all of them, in bounded numbers, and an unknown queue is said to be one."""

from __future__ import annotations

from typing import Any

import pytest

from functions.operations.redrive import Redrive, handler
from shared.faults import BusinessException
from tests.fakes.ports import FakePorts


def plant(ports: Any, bodies: list[str]) -> None:
    if isinstance(ports, FakePorts):
        ports.dead_letters.dead["time"] = bodies
        return
    sqs = ports.clients.sqs
    for name in ("time", "time-dlq"):
        sqs.create_queue(QueueName=f"billweave-{ports.settings.deployment}-{name}")
    url = sqs.get_queue_url(QueueName=f"billweave-{ports.settings.deployment}-time-dlq")["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)


def on_queue(ports: Any) -> list[str]:
    if isinstance(ports, FakePorts):
        return ports.queues.bodies("time")
    sqs = ports.clients.sqs
    url = sqs.get_queue_url(QueueName=f"billweave-{ports.settings.deployment}-time")["QueueUrl"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return found


def test_every_dead_letter_goes_back_once(ports: Any) -> None:
    bodies = [f"body {number}" for number in range(23)]
    plant(ports, bodies)
    assert handler.step(Redrive(queue="time"), ports) == {"queue": "time", "redriven": 23, "waiting": 0}
    assert sorted(on_queue(ports)) == sorted(bodies)
    assert handler.step(Redrive(queue="time"), ports)["redriven"] == 0


def test_no_more_are_given_back_than_asked(ports: Any) -> None:
    plant(ports, [f"body {number}" for number in range(15)])
    assert handler.step(Redrive(queue="time", most=12), ports) == {"queue": "time", "redriven": 12, "waiting": 3}


def test_a_dry_run_only_counts(ports: Any) -> None:
    plant(ports, ["one", "two"])
    assert handler.step(Redrive(queue="time", dry_run=True), ports) == {"queue": "time", "redriven": 0, "waiting": 2}
    assert on_queue(ports) == []


def test_what_was_redriven_is_counted(ports: Any) -> None:
    plant(ports, ["one"])
    handler.step(Redrive(queue="time"), ports)
    assert ports.counts.read() == {"redriven": 1}


def test_an_unknown_queue_is_refused(ports: Any) -> None:
    with pytest.raises(BusinessException, match="queue_unknown"):
        handler.step(Redrive(queue="tmie"), ports)
