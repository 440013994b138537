from dataclasses import replace
from datetime import date

import pytest

from shared.faults import BusinessException
from shared.usecases.due_instalments import due_instalments
from tests.build import OCTOBER, a_contract, a_project, eur


def test_instalments_due_on_or_before_the_day_become_items() -> None:
    items = due_instalments(a_contract(), [a_project()], through=OCTOBER)
    assert [(item.source_id, item.value) for item in items] == [("i-1", eur("33.34")), ("i-2", eur("33.33"))]
    assert {item.line_id for item in items} == {"l-fee"}
    assert {item.source_sequence for item in items} == {1}


def test_nothing_is_due_before_the_first_date() -> None:
    assert due_instalments(a_contract(), [a_project()], through=date(2026, 9, 29)) == ()


def test_asking_twice_gives_the_same_items() -> None:
    first = due_instalments(a_contract(), [a_project()], through=OCTOBER)
    later = due_instalments(a_contract(), [a_project()], through=date(2026, 12, 31))
    assert later[:2] == first
    assert sum(item.value.amount for item in later) == 100


def test_instalments_that_are_not_the_fee_are_refused() -> None:
    contract = a_contract()
    lines = tuple(replace(line, value=eur("100.01")) if line.line_id == "l-fee" else line for line in contract.lines)
    with pytest.raises(BusinessException, match="instalments_disagree") as refusal:
        due_instalments(replace(contract, lines=lines), [a_project()], through=OCTOBER)
    assert (refusal.value.facts["fee"], refusal.value.facts["instalments"]) == ("100.01", "100.00")
