"""What failed once is tried again: the kept lists of faults, each the shortest that did it."""

from __future__ import annotations

from pathlib import Path

import pytest

from drill.__main__ import failure, main
from drill.kept import Kept, all_kept, keep
from drill.run import drilled
from tests.fakes.turns import FakeTurns

KEPT = list(all_kept())


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
def test_what_failed_once_holds_now(kept: Kept) -> None:
    verdict = kept.replayed()
    assert verdict.held, verdict.wrong
    gone = set(kept.faults) - {hit.place for hit in verdict.hits}
    assert not gone, f"the run does not come by here any more: {[kept.faults[place] for place in gone]}; find it anew"


@pytest.fixture
def turnless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeTurns, "take", lambda *_: "everybody's")
    monkeypatch.setattr(FakeTurns, "give_back", lambda *_: None)


def test_no_fault_can_be_taken_from_the_list_that_is_printed(turnless: None, tmp_path: Path) -> None:
    found = failure(drilled(44), 0.03)
    places = frozenset(found["places"])
    assert len(places) == 2 and not drilled(44, only=places).held
    assert all(drilled(44, only=places - {place}).held for place in places)
    path = keep(found, 0.03, tmp_path)
    [kept] = all_kept(tmp_path)
    assert (path.stem, set(kept.faults), kept.replayed().held) == (kept.name, places, False)


def test_the_command_keeps_what_failed(turnless: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drill.__main__.keep", lambda failure, rate: keep(failure, rate, tmp_path))
    assert main(["--seeds", "1", "--seed", "44", "--keep", "--processes", "1"]) == 1
    assert [kept.seed for kept in all_kept(tmp_path)] == [44]


def test_some_are_kept() -> None:
    assert {kept.seed for kept in KEPT} >= {44, 122, 280}
