from dataclasses import replace

import pytest

from shared.domain.contract import Grouping
from shared.domain.identity import derived_id
from shared.domain.invoice import BillingGroup, part_of
from shared.domain.wip import Valuation, WipItem, WipKind
from shared.usecases.group_wip import group_wip
from tests.build import OCTOBER, a_contract, a_project, eur, time_item
from tests.examples.grouping import ROWS

PROJECTS = [a_project(project_id="north"), a_project(project_id="south")]


def piece(wip_id: str, project: str, kind: str, amount: str) -> WipItem:
    value = eur(amount)
    made = {"value": value, "valuation": Valuation.of_amount(value, "test"), "kind": WipKind(kind)}
    return replace(time_item(wip_id), wip_id=wip_id, project_id=project, **made)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['grouping']} {row['expenses']}")
def test_the_worked_examples_hold(row: dict[str, str]) -> None:
    items = [piece(*each.split()) for each in row["work"].split(";")]
    contract = a_contract(grouping=Grouping(row["grouping"]), separate_expenses=row["expenses"] == "apart")
    groups = group_wip(items, contract, PROJECTS, through=OCTOBER).groups
    found = {
        f"{' '.join(sorted(item.wip_id for item in each))} = {sum(item.value.amount for item in each)}"
        for each in groups.values()
    }
    assert found == {each.strip() for each in row["invoices"].split("|")}
    assert sum(item.value.amount for each in groups.values() for item in each) == 550


def test_a_group_knows_its_project() -> None:
    group = BillingGroup("DE01", "cus-1", "con-1", "monthly", "EUR", None)
    assert group.project_id == derived_id("project", "con-1")
    assert replace(group, part=part_of(project="north", words="expenses")).project_id == "north"
    assert replace(group, part=part_of(words="expenses")).project_id == derived_id("project", "con-1")
