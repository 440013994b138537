"""Bus events: each message is settled by itself, by the kind of fault it met."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from events.envelope import AnyEnvelope
from events.registry import UPCASTERS
from events.time_approved.v1 import TimeApproved
from shared.domain.source import Applied
from shared.faults import BusinessException, Duplicate, Poison, Throttled, Transient
from shared.runtime.event_consumer import event_consumer
from shared.runtime.handler import Handler
from tests.fakes.ports import FakePorts
from tests.unit.shared.runtime.conftest import Lines
from tests.unit.shared.runtime.deliveries import batch, failed, on_bus, time_approved

Consume = Callable[[AnyEnvelope, FakePorts], Applied | None]


def consumer(consume: Consume, ports: FakePorts) -> Handler[Any]:
    return event_consumer(TimeApproved, wire=lambda: ports)(consume)


def raising(fault: Exception) -> Consume:
    def consume(event: AnyEnvelope, ports: FakePorts) -> Applied | None:
        raise fault

    return consume


def test_a_consumer_gets_the_event_with_its_own_data() -> None:
    seen: list[AnyEnvelope] = []

    def consume(event: AnyEnvelope, ports: FakePorts) -> Applied:
        seen.append(event)
        return Applied.NEW

    answer = consumer(consume, FakePorts())(batch(on_bus(time_approved())), None)
    assert failed(answer) == []
    assert seen == [time_approved()]
    assert isinstance(seen[0].data, TimeApproved)


def test_the_undecorated_consumer_is_the_seam_for_tests() -> None:
    handler = consumer(lambda event, ports: Applied.STALE, FakePorts())
    assert handler.step(time_approved(), FakePorts()) is Applied.STALE


def test_a_bad_message_neither_loses_nor_holds_up_the_others() -> None:
    ports, done = FakePorts(), []

    def consume(event: AnyEnvelope, ports: FakePorts) -> Applied:
        if event.id == "late":
            raise Transient("vendor_down")
        if event.id == "bug":
            raise KeyError("minutes")
        done.append(event.id)
        return Applied.NEW

    bodies = ["{broken", *(on_bus(time_approved(each)) for each in ("a", "late", "bug", "b"))]
    answer = consumer(consume, ports)(batch(*bodies), None)
    assert failed(answer) == ["m2", "m3"]
    assert done == ["a", "b"]
    assert ports.inbox.quarantined == [("{broken", "time", "event_unreadable")]


@pytest.mark.parametrize(
    ("outcome", "name"),
    [(Applied.DUPLICATE, "duplicates_received"), (Applied.STALE, "stale_received")],
)
def test_repeats_are_successes_and_counted_once_per_batch(outcome: Applied, name: str) -> None:
    ports = FakePorts()
    bodies = [on_bus(time_approved(f"e{n}")) for n in range(3)]
    assert failed(consumer(lambda event, _: outcome, ports)(batch(*bodies), None)) == []
    assert [(counted, times) for counted, times, _ in ports.counts.added] == [(name, 3)]


def test_a_duplicate_fault_is_a_success_and_counted() -> None:
    ports = FakePorts()
    answer = consumer(raising(Duplicate("known")), ports)(batch(on_bus(time_approved())), None)
    assert failed(answer) == []
    assert ports.counts.read() == {"duplicates_received": 1}


def test_a_refusal_becomes_an_exception_of_its_declared_type() -> None:
    ports = FakePorts()
    refusal = BusinessException("rate_missing", project_id="p1")
    answer = consumer(raising(refusal), ports)(batch(on_bus(time_approved())), None)
    assert failed(answer) == []
    (trouble,) = ports.exceptions.list()
    assert (trouble.type, trouble.subject, trouble.legal_entity_id) == ("rate_missing", "entry-1", "US")
    assert trouble.facts["project_id"] == "p1"
    (raised,) = ports.outbox.of_type("exception.raised")
    assert (raised.data.exception_id, raised.correlationid) == (trouble.exception_id, "contract-1")


def test_a_refusal_nobody_declared_is_an_unexpected_one() -> None:
    ports = FakePorts()
    consumer(raising(BusinessException("strange")), ports)(batch(on_bus(time_approved())), None)
    (trouble,) = ports.exceptions.list()
    assert (trouble.type, trouble.facts["code"]) == ("unexpected_refusal", "strange")


def test_the_same_refusal_twice_is_one_open_exception() -> None:
    ports = FakePorts()
    handler = consumer(raising(BusinessException("rate_missing")), ports)
    for _ in range(2):
        handler(batch(on_bus(time_approved())), None)
    assert len(list(ports.exceptions.list())) == len(ports.outbox.of_type("exception.raised")) == 1


@pytest.mark.parametrize(("receives", "seconds"), [(1, 2), (2, 8), (4, 128), (9, 900)])
def test_what_may_work_later_is_put_off_longer_each_time(receives: int, seconds: int) -> None:
    ports = FakePorts()
    handler = consumer(raising(Transient("down")), ports)
    assert failed(handler(batch(on_bus(time_approved()), receives=receives), None)) == ["m0"]
    assert ports.inbox.delayed == {"r0": seconds}


@pytest.mark.parametrize(("receives", "seconds"), [(1, 40), (8, 128), (20, 300)])
def test_a_throttled_message_waits_at_least_as_long_as_the_vendor_says(receives: int, seconds: int) -> None:
    ports = FakePorts()
    handler = consumer(raising(Throttled("busy", 40)), ports)
    handler(batch(on_bus(time_approved()), receives=receives), None)
    assert ports.inbox.delayed == {"r0": seconds}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        json.dumps({"detail": "text"}),
        json.dumps({"detail": {"type": "time.approved.v1"}}),
        json.dumps({"detail": {"type": "time.approved.v1", "data": {}}}),
        on_bus(time_approved(), data={"entry_id": 1}),
        on_bus(time_approved(), sequence=-1),
        on_bus(time_approved(), type="weather.changed.v1"),
    ],
)
def test_what_cannot_be_read_goes_to_quarantine_as_it_came(body: str) -> None:
    ports = FakePorts()
    handler = consumer(lambda event, _: pytest.fail("reached the consumer"), ports)
    assert failed(handler(batch(body), None)) == []
    assert [raw for raw, _, _ in ports.inbox.quarantined] == [body]
    assert ports.counts.read() == {"poison_received": 1, "exceptions_raised": 1}
    assert [each.type for each in ports.exceptions.list()] == ["unreadable_payload"]


def test_poison_from_the_consumer_goes_to_quarantine_too() -> None:
    ports = FakePorts()
    consumer(raising(Poison("no_sense")), ports)(batch(on_bus(time_approved())), None)
    assert [code for _, _, code in ports.inbox.quarantined] == ["no_sense"]


def test_an_older_version_is_read_as_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    def upcast(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "minutes": data["hours"] * 60}

    monkeypatch.setitem(UPCASTERS, "time.approved.v9", ("time.approved.v1", upcast))
    seen: list[AnyEnvelope] = []
    old = on_bus(time_approved(), type="time.approved.v9", data={**time_approved().as_json()["data"], "hours": 3})
    consumer(lambda event, _: seen.append(event), FakePorts())(batch(old), None)
    assert [(event.type, event.data.minutes) for event in seen] == [("time.approved.v1", 180)]


def test_an_event_too_large_for_the_bus_gets_its_data_back() -> None:
    ports, seen = FakePorts(), []
    ports.documents.put("events/e1.json", json.dumps(time_approved().as_json()["data"]).encode())
    handler = consumer(lambda event, _: seen.append(event), ports)
    handler(batch(on_bus(time_approved(), data={}, dataref="events/e1.json")), None)
    assert [event.data.minutes for event in seen] == [60]


def test_a_batch_with_a_message_that_has_no_id_goes_back_whole() -> None:
    event = batch(on_bus(time_approved()))
    event["Records"][0]["messageId"] = ""
    with pytest.raises(ValueError, match="without an id"):
        consumer(lambda event, _: None, FakePorts())(event, None)


def test_every_event_logs_one_line_in_and_one_out_with_its_thread_and_no_payload(logged: Lines) -> None:
    consumer(raising(Transient("down", vendor="x")), FakePorts())(batch(on_bus(time_approved(minutes=4711))), None)
    assert [(line["message"], line["correlation_id"], line.get("outcome")) for line in logged()] == [
        ("in", "contract-1", None),
        ("out", "contract-1", "Transient"),
    ]
    assert "4711" not in str(logged()) and "Bo" not in str(logged())


def test_poison_and_bugs_are_logged_without_what_they_said(logged: Lines) -> None:
    ports = FakePorts()
    consumer(raising(ValueError("hush")), ports)(batch(on_bus(time_approved()), '{"hush": "broken"}'), None)
    assert [line["message"] for line in logged()] == ["in", "out", "unexpected", "poison"]
    assert "hush" not in str(logged())
