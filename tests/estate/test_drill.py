"""A few faults of every kind that comes; the command runs hundreds (docs/reliability.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from drill.estate.command import on_new_estate

pytestmark = pytest.mark.estate


@pytest.mark.timeout(900)
def test_whatever_is_killed_stopped_or_repeated_the_books_end_as_in_the_calm_story(tmp_path: Path) -> None:
    verdict = on_new_estate(tmp_path, faults=12, seed=11)
    assert verdict.held, (verdict.wrong, verdict.struck)
    assert verdict.faults >= 12 and len([kind for kind, times in verdict.kinds.items() if times]) >= 3
