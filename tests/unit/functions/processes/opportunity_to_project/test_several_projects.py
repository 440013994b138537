"""A contract whose lines name projects: each is set up by its own saga, with its own lines."""

from __future__ import annotations

from typing import Any

from events.contract_signed.v1 import SignedLine
from functions.processes.opportunity_to_project import open_project, plan_setup
from shared.domain.identity import derived_id
from tests.stories import CONTRACT, PROJECT, Fabric, a_contract, usd

EAST = derived_id("project", CONTRACT, "East")


def lines() -> tuple[SignedLine, ...]:
    time, stone = "time_and_materials", "milestone"
    return (
        SignedLine(line_id="l-1", kind=time, description="Consulting", value=usd("500")),
        SignedLine(line_id="l-2", kind=time, description="East", value=usd("500"), projects=("East",)),
        SignedLine(
            line_id="l-3", kind=stone, description="Go", value=usd("9"), milestone="Go-live", projects=("East",)
        ),
    )


def step(module: Any, fabric: Fabric, project_id: str) -> Any:
    command = {"project_id": project_id, "contract_id": CONTRACT, "correlation_id": CONTRACT}
    return module.handler.step(
        (open_project.OpenProject if module is open_project else plan_setup.PlanSetup)(**command), fabric.ports
    )


def test_every_project_of_a_contract_is_set_up_once() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(lines=lines()))
    assert [name for _, name in fabric.ports.sagas.started] == [PROJECT, EAST]
    for project_id in (PROJECT, EAST):
        step(open_project, fabric, project_id)
    assert [project.name for project in fabric.ports.projects.of_contract(CONTRACT)] == ["Rollout", "East"]


def test_each_project_gets_its_name_and_milestones_and_the_deal_shows_the_first() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(lines=lines()))
    first, east = step(plan_setup, fabric, PROJECT), step(plan_setup, fabric, EAST)
    assert (first["create_project"]["name"], east["create_project"]["name"]) == ("Rollout", "East")
    assert first["create_project"]["milestones"] == []
    assert [each["milestone"] for each in east["create_project"]["milestones"]] == ["Go-live"]
    assert east["ensure_erp_project"]["project_id"] == EAST
    assert {each["report_project"]["project_id"] for each in (first, east)} == {PROJECT}


def test_work_goes_on_the_line_of_its_project() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(lines=lines()))
    contract = fabric.ports.contracts.get(CONTRACT)
    kind = contract.lines[0].kind
    found = [line.line_id for name in ("Rollout", "East") if (line := contract.line_of(kind, name))]
    assert found == ["l-1", "l-2"]
