"""Every page about an alarm is true: what rings is brought about, the page's lines are typed, and it is over."""

from __future__ import annotations

import pytest

from drill.books import books_of, complaints
from drill.fate import Fate
from drill.run import played
from tests.runbook.alarms import ALARMS
from tests.runbook.rehearsal import play, sections, steps
from tests.runbook.stage import Stage

PAGES = sections("Alarms")
VENDOR_DOWN = {"*-down"}


def test_every_alarm_of_the_runbook_has_steps_and_a_rehearsal() -> None:
    assert set(ALARMS) == set(PAGES)
    assert [name for name in PAGES if not steps(PAGES[name])] == []


@pytest.mark.parametrize("alarm", sorted(ALARMS))
def test_what_the_page_says_ends_it(alarm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, rehearsal = Stage(monkeypatch), ALARMS[alarm]
    rehearsal.stop(stage)
    play(rehearsal, stage, None, steps(PAGES[alarm]))
    assert stage.open_ones() == []
    rehearsal.ended(stage)
    assert complaints(stage.world) == []


@pytest.mark.parametrize("alarm", sorted(ALARMS))
def test_nothing_in_the_rehearsal_is_missing_in_the_page(alarm: str) -> None:
    told = {line.removeprefix("# ") for line in steps(PAGES[alarm]) if line.startswith("#")}
    assert told == set(ALARMS[alarm].outside)


def test_every_saga_may_be_started_again_under_a_derived_name() -> None:
    """As the pages of failed and timed out executions say: its steps are idempotent."""
    world = played(Fate(3))
    before, started = books_of(world), dict(world.fake.sagas.started)
    assert len({saga for saga, _ in started}) >= 4
    for (saga, name), payload in started.items():
        world.fake.sagas.start(saga, f"{name}-2", payload)
        world.drain()
    assert books_of(world) == before
    assert complaints(world) == []
