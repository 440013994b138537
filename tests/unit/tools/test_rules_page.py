"""The worked examples keep the agreed shape, and each table is run by a test."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tools import rules_page

TESTS = Path(__file__).resolve().parents[2]
EXAMPLES = rules_page.modules()


def names_run() -> set[str]:
    """Modules that some test imports."""
    tests = [text for path in TESTS.rglob("test_*.py") if "tests.examples" in (text := path.read_text())]
    return {name for name in EXAMPLES for text in tests if re.search(rf"\b{name}\b", text)}


@pytest.mark.parametrize("module", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_table_has_the_agreed_shape(module: Any) -> None:
    columns = rules_page.columns_of(module)
    assert module.TITLE and module.RULE.strip() and module.ROWS
    for row in module.ROWS:
        assert set(row) <= set(columns)
        assert all(isinstance(cell, str) for cell in row.values())


def test_every_table_is_run_by_a_test() -> None:
    assert sorted(set(EXAMPLES) - names_run()) == []


def test_titles_name_one_table_each() -> None:
    titles = [module.TITLE for module in EXAMPLES.values()]
    assert sorted(set(titles)) == sorted(titles)


def test_a_table_is_written_with_figures_to_the_right_and_no_broken_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("made_up")
    rows = [{"net": "1.00", "why": "a | b"}, {"net": "-12.50", "why": "c\nd"}]
    module.__dict__.update(TITLE="Made up", RULE="\nOne.\nTwo.\n", COLUMNS=("net", "why"), ROWS=rows)
    monkeypatch.setattr(rules_page, "modules", lambda: {"made_up": module})
    text = rules_page.page()
    assert "## More rules\n\n### Made up\n\nOne. Two.\n\n| net | why |\n|---:|---|\n" in text
    assert "| 1.00 | a \\| b |\n| -12.50 | c d |\n" in text
