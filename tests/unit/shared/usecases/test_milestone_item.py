from dataclasses import replace
from datetime import date

import pytest

from shared.faults import BusinessException
from shared.usecases.milestone_item import milestone_item
from tests.build import a_contract, a_milestone, a_project, eur


def test_an_accepted_milestone_is_billed_at_the_signed_amount_on_its_day() -> None:
    item = milestone_item(contract=a_contract(), project=a_project(), milestone=a_milestone())
    assert (item.value, item.worked_on, item.line_id) == (eur("12500.00"), date(2026, 10, 20), "l-stone")
    assert (item.approver, item.source_sequence) == ("Grace Hopper", 1)


def test_names_match_without_case_and_outer_blanks() -> None:
    milestone = a_milestone(name=" design ACCEPTED ")
    assert milestone_item(contract=a_contract(), project=a_project(), milestone=milestone).line_id == "l-stone"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"approver": None}, "approval_missing"),
        ({"approver": ""}, "approval_missing"),
        ({"completed_on": None}, "milestone_not_completed"),
        ({"name": "Go-live"}, "line_missing"),
    ],
)
def test_a_milestone_that_may_not_be_billed_is_refused(change: dict[str, str | None], code: str) -> None:
    with pytest.raises(BusinessException, match=code):
        milestone_item(contract=a_contract(), project=a_project(), milestone=a_milestone(**change))


def test_two_lines_of_one_name_are_for_a_person_to_decide() -> None:
    contract = a_contract()
    twice = (*contract.lines, replace(contract.lines[2], line_id="l-stone-2"))
    with pytest.raises(BusinessException, match="line_ambiguous"):
        milestone_item(contract=replace(contract, lines=twice), project=a_project(), milestone=a_milestone())
