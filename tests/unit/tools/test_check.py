"""`make test` runs every test there is."""

from __future__ import annotations

from tools import check
from tools.check import ROOT


def test_every_test_lies_in_a_group_that_is_run_whole() -> None:
    every = [each for lane in check.lanes(None) for each in lane]
    commands = [[str(part) for part in each.command] for each in every if "pytest" in each.command]
    assert len(commands) == len(check.test_groups())
    asked = [ROOT / command[-1] for command in commands]
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "bench").rglob("test_*.py"), *ROOT.glob("test_*.py")]
    assert [file for file in files if not any(file.is_relative_to(group) for group in asked)] == []
    assert not any("-m" in command[3:] or "-k" in command for command in commands)  # [1] -m pytest
