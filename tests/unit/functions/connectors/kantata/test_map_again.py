"""Pages that Kantata sent are kept, and mapped again when the mapping was wrong: what changes is said before it is told."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from functions.connectors.kantata.client import Page
from functions.connectors.kantata.map_again import handler
from functions.connectors.kantata.pull_time import pull_time
from functions.connectors.kantata.settings import KantataSettings
from functions.processes.time_to_bill import record_time
from shared.domain.source import Applied
from shared.faults import BusinessException
from shared.runtime.map_again import MapAgain
from tests.fakes.flow import FakeClock
from tests.fakes.ports import FakePorts
from tests.stories import Fabric, a_card
from tests.unit.functions.connectors.kantata.test_mapping import ENTRY, SIDES

TRAVEL = {"time": {"by": "task", "travel": ["Design"]}}


def ports_with(**settings: Any) -> Any:
    ports: Any = FakePorts(clock=FakeClock(datetime(2026, 3, 4, 12, tzinfo=UTC)))
    ports.psa = KantataSettings.model_validate(settings)
    kept = Page((ENTRY,), 1, SIDES, None)
    ports.kantata = SimpleNamespace(page=lambda *_, **__: kept, page_size=200)
    return ports


@pytest.fixture
def polled() -> Any:
    """One entry was read while the account's habit of booking travel was not known."""
    ports = ports_with()
    pull_time(ports)
    ports.psa = KantataSettings.model_validate(TRAVEL)
    return ports


def again(ports: Any, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = handler.step(MapAgain(feed="time_entries", **asked), ports)
    return answer


def test_a_page_is_kept_as_it_came_and_says_the_same_again() -> None:
    ports = ports_with()
    pull_time(ports)
    assert len(list(ports.documents.keys("raw/kantata/time_entries/"))) == 1
    assert again(ports)["outcomes"] == {"same": 1}


def test_a_dry_run_says_what_would_be_told_line_by_line(polled: Any) -> None:
    told = again(polled)
    [event] = polled.outbox.events.values()
    name = f"time.approved.v1 {event.subject}"
    assert told["difference"] == [f"+ {name} work_kind: travel"]
    assert (told["applied"], told["outcomes"]) == (False, {"repaired": 1})
    assert len(polled.outbox.events) == 1


def test_applied_it_is_told_as_a_correction_and_twice_is_once(polled: Any) -> None:
    again(polled, apply=True, by="Dana", reason="travel was not known")
    wrong, right = polled.outbox.events.values()
    assert (right.sequence, right.causationid, right.data.work_kind) == (wrong.sequence + 1, wrong.id, "travel")
    assert again(polled, apply=True)["outcomes"] == {"same": 1}
    assert len(polled.outbox.events) == 2
    [entry] = polled.audit_log.of_legal_entity(polled.policies.current().identity_scope)
    assert (entry.act.who, entry.act.what, entry.act.after) == ("Dana", "replay.mapped_again", {"repaired": "1"})


def test_its_consumer_takes_it_as_a_newer_version(polled: Any) -> None:
    again(polled, apply=True)
    wrong, right = polled.outbox.events.values()
    fabric = Fabric(ports=polled).ready()
    fabric.price(a_card(2, role="Architect"))
    step = record_time.handler.step
    assert [step(each, fabric.ports) for each in (wrong, right, wrong)] == [Applied.NEW, Applied.NEW, Applied.STALE]
    assert fabric.conserved()


def test_a_record_that_its_source_changed_since_is_left(polled: Any) -> None:
    later = ENTRY | {"updated_at": "2026-03-05T01:00:00-08:00", "time_in_minutes": 30}
    [before] = polled.documents.keys("raw/kantata/time_entries/")
    polled.kantata = SimpleNamespace(page=lambda *_, **__: Page((later,), 1, SIDES, None), page_size=200)
    pull_time(polled)
    assert again(polled)["outcomes"] == {"same": 1}
    for key in set(polled.documents.keys("raw/kantata/time_entries/")) - {before}:
        del polled.documents.bodies[key]
    told = again(polled)
    assert (told["outcomes"], told["lines"]) == ({"stale": 1}, 0)


def test_another_period_or_record_is_not_touched(polled: Any) -> None:
    assert again(polled, start=datetime(2026, 4, 1, tzinfo=UTC))["events"] == 0
    assert again(polled, subject="another")["events"] == 0


def test_what_was_never_kept_is_refused(polled: Any) -> None:
    with pytest.raises(BusinessException, match="feed_not_kept"):
        handler.step(MapAgain(feed="rate_cards"), polled)
