"""A signed contract becomes a project in delivery and in the books; half set up it is blocked, shown, and goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.answers import RETRY, TIMES_OUT, Answer, Dies, Raises, Says, Silent, refuses
from tests.workflow.history import Definition
from tests.workflow.stage import PROBE_S, Stage

pytestmark = pytest.mark.estate

SAGA = "opportunity_to_project"
PLAN = {
    "create_project": {"project_id": "prj-1", "legal_entity_id": "DE", "name": "Harbour migration"},
    "ensure_customer": {"legal_entity_id": "DE", "customer": {"name": "Reederei Nord"}},
    "ensure_erp_project": {"project_id": "prj-1", "legal_entity_id": "DE", "customer_id": "cus-1"},
    "report_project": {"project_id": "prj-1", "status": "draft"},
}
WORKSPACE = {"ref": {"system": "kantata", "kind": "workspace", "id": "77"}, "url": "https://psa.example/77"}
CUSTOMER = {"ref": {"system": "netsuite", "kind": "customer", "id": "301"}}
JOB = {"ref": {"system": "netsuite", "kind": "job", "id": "402"}}
PART_OF = {
    "CreatePsaProject": "PsaReference.CreateProject",
    "RecordPsaProject": "RecordReference",
    "EnsureErpCustomer": "ErpReference.EnsureCustomer",
    "RecordErpCustomer": "RecordReference",
    "EnsureErpProject": "ErpReference.EnsureErpProject",
    "RecordErpProject": "RecordReference",
    "ReportToCrm": "CrmReference.ReportProject",
    "ReportFailed": "OpenException",
    "BlockProjectLong": "BlockProject",
}
LINES: dict[str, Any] = {
    "PlanSetup": PLAN,
    "OpenProject": {"project_id": "prj-1"},
    "PsaReference.CreateProject": WORKSPACE,
    "ErpReference.EnsureCustomer": CUSTOMER,
    "ErpReference.EnsureErpProject": JOB,
    "RecordReference": {"ref": "77"},
    "ActivateProject": {"project_id": "prj-1"},
    "CrmReference.ReportProject": {"ref": None},
    "BlockProject": RETRY,
    "OpenException": RETRY,
}
SIGNED = {"project_id": "prj-1", "contract_id": "con-1", "correlation_id": "con-1"}
STEPS = [
    "PlanSetup",
    "OpenProject",
    "CreatePsaProject",
    "RecordPsaProject",
    "EnsureErpCustomer",
    "RecordErpCustomer",
    "EnsureErpProject",
    "RecordErpProject",
    "ActivateProject",
]
RECORDS = {"RecordPsaProject": 0, "RecordErpCustomer": 1, "RecordErpProject": 2}
"""How many references were recorded before, since one step records all three."""


def part(state: str) -> str:
    return PART_OF.get(state, state)


def script(stage: Stage, state: str, *answers: Answer) -> None:
    stage.script(part(state), *[Says({"ref": "77"})] * RECORDS.get(state, 0), *answers)


def test_a_signed_contract_becomes_a_project_everywhere(stage: Stage) -> None:
    run = stage.play(SIGNED)
    assert (run.status, run.states) == ("SUCCEEDED", ["Begin", *STEPS, "ReportToCrm"])
    assert stage.heard["PsaReference.CreateProject"] == [PLAN["create_project"]]
    assert stage.heard["ErpReference.EnsureCustomer"] == [PLAN["ensure_customer"]]
    assert stage.heard["ErpReference.EnsureErpProject"] == [PLAN["ensure_erp_project"]]
    told = [(each["ref"]["kind"], each["of"], each["announce"]) for each in stage.heard["RecordReference"]]
    assert told == [("workspace", "project", True), ("customer", "customer", False), ("job", "project", False)]
    [shown] = stage.heard["CrmReference.ReportProject"]
    assert shown == {
        "project_id": "prj-1",
        "status": "active",
        "project_ref": WORKSPACE["ref"],
        "url": WORKSPACE["url"],
    }


def test_a_project_without_an_address_is_shown_without_one(stage: Stage) -> None:
    stage.script("PsaReference.CreateProject", Says({"ref": WORKSPACE["ref"]}))
    stage.play(SIGNED)
    assert stage.heard["CrmReference.ReportProject"][0]["url"] is None


@pytest.mark.parametrize("state", STEPS)
def test_a_step_that_is_refused_blocks_the_project_and_a_retry_goes_back_to_it(stage: Stage, state: str) -> None:
    script(stage, state, refuses("legal_entity_unknown"))
    run = stage.play(SIGNED)
    at = run.states.index("Stopped")
    assert run.states[at - 1 : at + 4] == [state, "Stopped", "BlockProject", "Resume", state]
    assert (run.status, run.states[-1]) == ("SUCCEEDED", "ReportToCrm")
    [told] = stage.heard["BlockProject"]
    assert (told["project_id"], told["step"]) == ("prj-1", state)
    assert "legal_entity_unknown" in told["error"]["Cause"]


@pytest.mark.parametrize("state", ["CreatePsaProject", "EnsureErpCustomer", "EnsureErpProject"])
def test_a_system_that_never_answers_blocks_the_project(stage: Stage, state: str) -> None:
    script(stage, state, TIMES_OUT)
    run = stage.play(SIGNED)
    assert stage.heard["BlockProject"][0]["error"]["Error"] == "States.Timeout"
    assert (run.status, run.states.count(state)) == ("SUCCEEDED", 2)


def test_a_blocked_project_tries_by_itself_when_its_clock_runs_out(stage: Stage) -> None:
    stage.script("ErpReference.EnsureErpProject", refuses("project_template_inactive"))
    stage.script("BlockProject", Silent())
    run = stage.begin(SIGNED).reaches("BlockProject")
    entered = next(e["timestamp"] for e in reversed(run.events) if e["type"] == "TaskStateEntered")
    left = next(
        e["timestamp"] for e in run.ended().events if e["type"] == "ChoiceStateEntered" and e["timestamp"] > entered
    )
    assert (left - entered).total_seconds() >= PROBE_S * 0.9
    assert (run.status, run.states.count("EnsureErpProject")) == ("SUCCEEDED", 2)


def test_after_a_day_of_probes_it_tries_once_a_day_until_somebody_says_retry(stage: Stage) -> None:
    stage.script("OpenProject", *[refuses("contract_unknown")] * 26)
    stage.script("BlockProject", *[TIMES_OUT] * 25)
    run = stage.play(SIGNED)
    assert run.status == "SUCCEEDED"
    # The 25th and 26th are the long clock's; the last was answered by a person, so counting began anew.
    assert (run.states.count("BlockProject"), run.states.count("BlockProjectLong")) == (24, 2)


def test_somebodys_retry_starts_the_short_clock_again(stage: Stage) -> None:
    stage.script("OpenProject", *[refuses("contract_unknown")] * 26)
    stage.script("BlockProject", *[TIMES_OUT] * 24)
    run = stage.play(SIGNED)
    blocks = [state for state in run.states if state.startswith("BlockProject")]
    assert blocks == ["BlockProject"] * 24 + ["BlockProjectLong", "BlockProject"]


@pytest.mark.parametrize("state", Definition(SAGA).retrying())
@pytest.mark.parametrize("trouble", [Raises("Transient"), Dies()], ids=["transient", "worker died"])
def test_what_passes_by_itself_stops_nothing(stage: Stage, state: str, trouble: Answer) -> None:
    if state == "ReportFailed":
        stage.script("CrmReference.ReportProject", refuses("field_unknown"))
    if state.startswith("BlockProject"):
        long = state == "BlockProjectLong"
        stage.script("OpenProject", *[refuses("contract_unknown")] * (25 if long else 1))
        stage.script("BlockProject", *[TIMES_OUT] * (24 if long else 0))
    script(stage, state, trouble, trouble)
    run = stage.play(SIGNED)
    assert (run.status, run.states.count(state)) == ("SUCCEEDED", 1)
    failures = [e["taskFailedEventDetails"]["error"] for e in run.events if e["type"] == "TaskFailed"]
    expected = "Transient" if isinstance(trouble, Raises) else "Runtime.ExitError"
    assert failures.count(expected) == 2


@pytest.mark.parametrize("trouble", [refuses("field_unknown"), TIMES_OUT], ids=["refused", "timed out"])
def test_a_report_that_fails_is_owned_and_leaves_the_project_active(stage: Stage, trouble: Raises) -> None:
    stage.script("CrmReference.ReportProject", trouble)
    run = stage.play(SIGNED)
    assert run.states[-3:] == ["ReportToCrm", "ReportFailed", "ReportToCrm"]
    assert stage.heard["BlockProject"] == []
    assert stage.heard["OpenException"][0]["step"] == "ReportToCrm"


def test_a_report_that_nobody_looks_after_is_tried_again(stage: Stage) -> None:
    stage.script("CrmReference.ReportProject", refuses("field_unknown"))
    stage.script("OpenException", TIMES_OUT)
    assert stage.play(SIGNED).states[-3:] == ["ReportToCrm", "ReportFailed", "ReportToCrm"]


def test_every_catch_and_every_branch_was_taken(module_stage: Stage, definition: Definition, whole: None) -> None:
    assert definition.ways() - module_stage.edges == set()
