from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace

from functions.operations.pace_polls import due, pace


def test_a_fast_feed_is_due_all_through_the_minute():
    assert {second: len(bodies) for second, bodies in due({"time_entries": 15}, 7).items()} == {
        0: 1,
        15: 1,
        30: 1,
        45: 1,
    }


def test_a_feed_slower_than_a_minute_is_due_every_nth_minute():
    assert [minute for minute in range(11) if due({"opportunities": 300}, minute)] == [0, 5, 10]


def test_feeds_that_are_due_together_are_sent_together():
    class Queues:
        def __init__(self) -> None:
            self.sent: list[tuple[str, int, int]] = []

        def send(self, queue: str, bodies: Sequence[str], *, delay_s: int = 0) -> None:
            self.sent.append((queue, delay_s, len(bodies)))

    clock = SimpleNamespace(now=lambda: datetime(2026, 11, 20, 12, 0, 10, tzinfo=UTC))
    ports = SimpleNamespace(clock=clock, queues=Queues())
    assert pace({"kantata-poll": {"time_entries": 30, "projects": 60}}, ports) == {"kantata-poll": 3}  # type: ignore[arg-type]
    assert ports.queues.sent == [("kantata-poll", 0, 2), ("kantata-poll", 30, 1)]
