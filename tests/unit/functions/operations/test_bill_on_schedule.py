"""The daily run of one legal entity: what ended since the last one, once, in the entity's own days."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.operations import bill_on_schedule
from shared.faults import BusinessException
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts


def ports_at(*at: int) -> FakePorts:
    ports = FakePorts()
    ports.clock = FakeClock(datetime(*at, tzinfo=UTC))  # type: ignore[arg-type]
    return ports


def run(ports: FakePorts, legal_entity_id: str = "US", days_after: int = 1) -> dict[str, Any]:
    command = bill_on_schedule.BillOnSchedule(legal_entity_id=legal_entity_id, days_after=days_after)
    return bill_on_schedule.handler.step(command, ports)  # type: ignore[no-any-return]


def asked(ports: FakePorts) -> list[tuple[str | None, str]]:
    return [(payload["since"], payload["through"]) for payload in ports.sagas.started.values()]


def test_yesterday_is_the_legal_entitys() -> None:
    """On 1 November at 04:30 UTC it is still 00:30 in New York, and 05:30 in Berlin."""
    ports = ports_at(2026, 11, 1, 4, 30)
    assert run(ports)["run"] == "bill-US-2026-10-31-scheduled"
    ports = ports_at(2026, 11, 1, 3, 30)
    assert run(ports)["run"] == "bill-US-2026-10-30-scheduled"
    assert run(ports, "DE")["run"] == "bill-DE-2026-10-31-scheduled"


def test_the_same_day_bills_once() -> None:
    ports = ports_at(2026, 11, 1, 12)
    assert (run(ports)["started"], run(ports)["started"]) == (True, False)
    assert asked(ports) == [("2026-10-30", "2026-10-31")]


def test_days_that_were_missed_are_made_up_by_the_next_run() -> None:
    ports = ports_at(2026, 10, 29, 12)
    run(ports)
    ports.clock.at += timedelta(days=4)
    run(ports)
    assert asked(ports) == [("2026-10-27", "2026-10-28"), ("2026-10-28", "2026-11-01")]


def test_a_run_that_died_before_its_day_was_noted_starts_nothing_twice() -> None:
    ports = ports_at(2026, 11, 1, 12)
    write, ports.cursors.write = ports.cursors.write, lambda *_, **__: False  # type: ignore[method-assign,assignment]
    run(ports)
    ports.cursors.write = write  # type: ignore[method-assign]
    assert run(ports)["started"] is False
    assert ports.cursors.read("billing:US") == {"through": "2026-10-31"}


def test_periods_may_be_left_some_days_for_approvals() -> None:
    ports = ports_at(2026, 11, 3, 12)
    assert run(ports, days_after=3)["run"] == "bill-US-2026-10-31-scheduled"


def test_an_unknown_legal_entity_is_refused() -> None:
    with pytest.raises(BusinessException, match="legal_entity_unknown"):
        run(ports_at(2026, 11, 3, 12), "FR")
