"""Our own messages: polls and the like."""

from __future__ import annotations

import json

from pydantic import BaseModel

from shared.faults import BusinessException, Duplicate, Throttled, Transient
from shared.runtime.queue_worker import queue_worker
from shared.runtime.scheduled import scheduled
from tests.fakes.ports import FakePorts
from tests.unit.shared.runtime.deliveries import batch, failed


class Poll(BaseModel):
    feed: str


def test_each_message_is_settled_by_itself() -> None:
    ports, polled = FakePorts(), []

    @queue_worker(Poll, wire=lambda: ports)
    def handler(poll: Poll, ports: FakePorts) -> dict[str, int] | None:
        if poll.feed == "late":
            raise Transient("vendor_down")
        if poll.feed == "known":
            raise Duplicate("nothing_new")
        polled.append(poll.feed)
        return {"events": 3}

    feeds = ["projects", "late", "known", "expenses"]
    answer = handler(batch(*(json.dumps({"feed": feed}) for feed in feeds), "{}"), None)
    assert failed(answer) == ["m1"]
    assert polled == ["projects", "expenses"]
    assert [raw for raw, _, _ in ports.inbox.quarantined] == ["{}"]
    assert ports.counts.read() == {"duplicates_received": 1, "poison_received": 1, "exceptions_raised": 1}


def test_a_poll_that_is_refused_again_and_again_is_one_exception_about_its_queue() -> None:
    ports = FakePorts()

    @queue_worker(Poll, wire=lambda: ports)
    def handler(poll: Poll, ports: FakePorts) -> None:
        raise BusinessException("login_refused")

    for _ in range(3):
        assert failed(handler(batch(json.dumps({"feed": "projects"})), None)) == []
    (trouble,) = ports.exceptions.list()
    assert (trouble.type, trouble.subject) == ("unexpected_refusal", "time")


def test_a_schedule_runs_with_its_ports() -> None:
    ports = FakePorts()

    @scheduled(wire=lambda: ports)
    def handler(ports: FakePorts) -> dict[str, int]:
        ports.counts.add("ran")
        return {"ran": 1}

    assert handler({"source": "aws.scheduler"}, None) == {"ran": 1}
    assert ports.counts.read() == {"ran": 1}


def test_a_poll_of_a_vendor_that_is_down_is_left_out_and_other_work_waits() -> None:
    for repeats in (True, False):
        ports = FakePorts()

        @queue_worker(Poll, wire=lambda ports=ports: ports, repeats=repeats)  # type: ignore[misc]
        def handler(poll: Poll, ports: FakePorts) -> None:
            raise Throttled("vendor_down", 60, account="netsuite", entity="")

        assert failed(handler(batch(json.dumps({"feed": "payments"})), None)) == []
        assert len(ports.inbox.sent_anew) == (0 if repeats else 1)
