"""The line that names the project, else the one that names none; nobody guesses between two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.contract import Contract, ContractLine, LineKind
from shared.faults import BusinessException
from shared.usecases.line_for import line_for
from tests.build import a_contract, eur

TM = LineKind.TIME_AND_MATERIALS


def contract(*projects: tuple[str, ...]) -> Contract:
    lines = (ContractLine(f"l-{place}", TM, "Work", eur("1"), projects=each) for place, each in enumerate(projects))
    return replace(a_contract(), lines=tuple(lines))


@pytest.mark.parametrize(
    ("projects", "project", "line"),
    [
        (((),), "Rollout", "l-0"),
        (((), ("Rollout",)), " rollout ", "l-1"),
        (((), ("Rollout",)), "Support", "l-0"),
        ((("Support", "Rollout"), ("Audit",)), "Rollout", "l-0"),
    ],
)
def test_the_line_that_names_the_project_goes_first(projects: tuple[tuple[str, ...]], project: str, line: str) -> None:
    assert line_for(contract(*projects), TM, project).line_id == line


@pytest.mark.parametrize(
    ("projects", "code"),
    [
        ((), "line_missing"),
        ((("Rollout",),), "line_missing"),
        (((), ()), "line_ambiguous"),
        ((("Support",), ("Support",), ()), "line_ambiguous"),
    ],
)
def test_none_and_two_are_refused(projects: tuple[tuple[str, ...]], code: str) -> None:
    with pytest.raises(BusinessException, match=code):
        line_for(contract(*projects), TM, "Support")
