"""The publisher where the bus misbehaves: every entry's answer counts, only a dead bus is an error."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.event_rows import event_row
from shared.adapters.publisher import EventBridgePublisher
from shared.adapters.rows import as_item
from shared.faults import Throttled, Transient
from shared.ports.flow import Relayed
from tests.fakes.flow import NOON, FakeClock, FakeDocuments, FakeQueues
from tests.fakes.records import some_event
from tests.unit.shared.adapters.scripted import Scripted, refusal


class Marks(Scripted):
    """A DynamoDB client that takes every mark."""

    def __getattr__(self, name: str) -> Any:
        self._answers.append({})
        return super().__getattr__(name)

    @property
    def marked(self) -> list[str]:
        puts = [each["PutRequest"]["Item"] for _, asked in self.calls for each in asked["RequestItems"]["fabric"]]
        assert all("unpublished" not in item and "body" in item for item in puts)
        return [item["pk"]["S"] for item in puts]


def publisher(*answers: Any) -> tuple[EventBridgePublisher, Scripted, Marks, FakeQueues]:
    bus, marks, queues = Scripted(*answers), Marks(), FakeQueues()
    table = DynamoTable(marks, "fabric", FakeClock(), pause=lambda _: None)
    return EventBridgePublisher(bus, "fabric", table, FakeDocuments(), queues), bus, marks, queues


def records(*ids: str) -> list[dict[str, Any]]:
    rows = [as_item(event_row(some_event(each), NOON)) for each in ids]
    return [
        {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": row["pk"], "sk": row["sk"]}, "NewImage": row}}
        for row in rows
    ]


def answered(*codes: str | None) -> dict[str, Any]:
    entries = [{"ErrorCode": code} if code else {"EventId": "x"} for code in codes]
    return {"FailedEntryCount": sum(1 for code in codes if code), "Entries": entries}


def test_an_entry_that_failed_for_now_is_tried_again_alone() -> None:
    relay, bus, marks, _ = publisher(answered(None, "ThrottlingException", None), answered(None))
    assert relay.relay(records("a", "b", "c")) == Relayed(published=3)
    assert [len(asked["Entries"]) for _, asked in bus.calls] == [3, 1]
    assert marks.marked == ["EVT#a", "EVT#c", "EVT#b"]


def test_an_entry_that_keeps_failing_is_left_marked_for_the_sweep() -> None:
    relay, _, marks, queues = publisher(answered(None, "InternalFailure"), *[answered("InternalFailure")] * 2)
    assert relay.relay(records("a", "b")) == Relayed(published=1, left=1)
    assert (marks.marked, queues.sent) == (["EVT#a"], [])


def test_an_entry_the_bus_will_never_take_is_parked() -> None:
    relay, _, marks, queues = publisher(answered("MalformedDetail", None))
    assert relay.relay(records("a", "b")) == Relayed(published=1, parked=1)
    assert len(queues.bodies("outbox-parked")) == 1
    assert sorted(marks.marked) == ["EVT#a", "EVT#b"]


@pytest.mark.parametrize(
    ("answer", "fault"), [(refusal("InternalException", 500), Transient), (refusal("ThrottlingException"), Throttled)]
)
def test_a_bus_that_takes_nothing_is_an_error_of_the_batch(answer: Exception, fault: type[Exception]) -> None:
    relay, _, marks, _ = publisher(answer)
    with pytest.raises(fault):
        relay.relay(records("a"))
    assert marks.calls == []


def test_a_bus_that_dies_half_way_leaves_the_rest_to_the_sweep() -> None:
    ids = [f"e{n}" for n in range(15)]
    relay, _, marks, _ = publisher(answered(*[None] * 10), refusal("InternalException", 500))
    assert relay.relay(records(*ids)) == Relayed(published=10, left=5)
    assert len(marks.marked) == 10


def test_large_events_share_a_call_only_within_its_size() -> None:
    big = some_event("a").model_copy(update={"source": "x" * 90_000})
    rows = [as_item(event_row(big.model_copy(update={"id": each}), NOON)) for each in "abc"]
    large = [{"eventName": "INSERT", "dynamodb": {"Keys": {"pk": row["pk"]}, "NewImage": row}} for row in rows]
    relay, bus, _, _ = publisher(answered(None, None), answered(None))
    assert relay.relay(large) == Relayed(published=3)
    assert [len(asked["Entries"]) for _, asked in bus.calls] == [2, 1]


def test_a_record_whose_parking_fails_comes_again() -> None:
    class Deaf(FakeQueues):
        def send(self, queue: str, bodies: Any, *, delay_s: int = 0) -> None:
            raise Transient("messages_not_sent")

    table = DynamoTable(Marks(), "fabric", FakeClock())
    relay = EventBridgePublisher(Scripted(), "fabric", table, FakeDocuments(), Deaf())
    with pytest.raises(Transient):
        relay.relay([{"eventName": "INSERT"}])
