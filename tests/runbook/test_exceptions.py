"""Every page about an exception is true: the exception is brought about, the page's own lines are typed, and it is closed."""

from __future__ import annotations

import pytest
import yaml

from drill.books import complaints
from infra.policies import DIRECTORY
from shared.domain.exception import ExceptionStatus
from tests.runbook import contracts, deals, invoices, vendors, work
from tests.runbook.rehearsal import Rehearsal, play, sections, steps
from tests.runbook.stage import Stage

REHEARSALS: dict[str, Rehearsal] = {
    type: each for told in (deals, work, contracts, invoices, vendors) for type, each in told.REHEARSALS.items()
}
DECLARED = {row["type"]: row for row in yaml.safe_load((DIRECTORY / "standard.yaml").read_text())["exceptions"]}
PAGES = sections("Exceptions")


def test_every_declared_type_has_a_page_with_steps_and_a_rehearsal() -> None:
    assert set(REHEARSALS) == set(DECLARED)
    assert [name for name in DECLARED if not steps(PAGES[name])] == []


@pytest.mark.parametrize("type", sorted(REHEARSALS))
def test_what_the_page_says_ends_it(type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, rehearsal = Stage(monkeypatch), REHEARSALS[type]
    rehearsal.stop(stage)
    trouble = stage.the_open(type)
    policy = DECLARED[type]
    assert (trouble.owner.value, trouble.severity.value) == (policy["owner"], policy["severity"])
    shown = stage.say(f"billweave exceptions show {trouble.exception_id} --json")
    assert type in shown
    play(rehearsal, stage, trouble, steps(PAGES[type]))
    after = stage.fake.exceptions.find(trouble.exception_id)
    assert after and after.status is ExceptionStatus.RESOLVED, stage.typed
    assert {each.type for each in stage.open_ones()} == rehearsal.leaves
    rehearsal.ended(stage)
    assert complaints(stage.world) == []


@pytest.mark.parametrize("type", sorted(REHEARSALS))
def test_nothing_in_the_rehearsal_is_missing_in_the_page(type: str) -> None:
    told = {line.removeprefix("# ") for line in steps(PAGES[type]) if line.startswith("#")}
    assert told == set(REHEARSALS[type].outside)
