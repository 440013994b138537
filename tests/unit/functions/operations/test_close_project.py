"""Closing a project makes what is billed on completion due."""

import pytest

from functions.operations import close_project
from shared.domain.project import ProjectStatus
from shared.faults import BusinessException
from tests.stories import PROJECT, Fabric, a_contract, an_entry, time_and_materials


def close(fabric: Fabric, by: str = "Ann") -> dict[str, str]:
    return close_project.handler.step(close_project.CloseProject(project_id=PROJECT, by=by), fabric.ports)  # type: ignore[no-any-return]


def test_a_closed_project_is_billed_on_completion_and_late_work_after_it_too() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials(), billing_schedule="on_completion"))
    fabric.approve(an_entry())
    assert fabric.draft()["invoices"] == []
    assert close(fabric) == {"project_id": PROJECT, "status": "closed", "by": "Ann"}
    assert len(fabric.bill()) == 1
    fabric.approve(an_entry("t-2"))
    assert len(fabric.bill()) == 1 and fabric.conserved()


def test_closing_twice_keeps_who_closed_first() -> None:
    fabric = Fabric().ready(a_contract(lines=time_and_materials()))
    close(fabric)
    assert close(fabric, "Bo")["by"] == "Ann"


def test_a_project_that_is_set_up_is_not_closed() -> None:
    fabric = Fabric()
    fabric.sign(a_contract(lines=time_and_materials()))
    fabric.open()
    with pytest.raises(BusinessException, match="project_not_active"):
        close(fabric)
    assert fabric.ports.projects.get(PROJECT).status is ProjectStatus.SETTING_UP
