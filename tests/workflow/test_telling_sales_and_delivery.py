"""What became of an invoice is shown to delivery and to sales; what fails is owned and told anew, as it stands then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.answers import RETRY, TIMES_OUT, Answer, Dies, Raises, Says, refuses
from tests.workflow.history import Definition
from tests.workflow.stage import Stage

pytestmark = pytest.mark.estate

SAGA = "billing_status_feedback"
PSA, CRM = "PsaStatus.ReportInvoice", "CrmStatus.ReportInvoice"
REPORT = {"invoice_id": "inv-1", "status": "posted", "number": "INV1001"}
PLAN = {"reports": [REPORT]}
REPORTED = ["Begin", "PlanFeedback", "ReportToPsa", "ReportToCrm", "AnotherContract", "Reported"]
LINES: dict[str, Any] = {"PlanFeedback": PLAN, PSA: {"ref": None}, CRM: {"ref": None}, "OpenException": RETRY}
POSTED = {"invoice_id": "inv-1", "correlation_id": "con-1"}
PART_OF = {"ReportToPsa": PSA, "ReportToCrm": CRM, "Exception": "OpenException"}


def test_a_posted_invoice_is_shown_to_delivery_then_to_sales(stage: Stage) -> None:
    run = stage.play(POSTED)
    assert (run.status, run.states) == ("SUCCEEDED", REPORTED)
    assert (stage.heard[PSA], stage.heard[CRM]) == ([REPORT], [REPORT])


def test_an_invoice_of_several_contracts_is_shown_to_each_deal(stage: Stage) -> None:
    both = [REPORT, REPORT | {"invoice_id": "report-2", "contract_id": "con-2"}]
    stage.script("PlanFeedback", Says({"reports": both}))
    run = stage.play(POSTED)
    assert (run.status, run.states.count("ReportToPsa"), run.states.count("ReportToCrm")) == ("SUCCEEDED", 2, 2)
    assert (stage.heard[PSA], stage.heard[CRM]) == (both, both)


@pytest.mark.parametrize("state", ["PlanFeedback", "ReportToPsa", "ReportToCrm"])
def test_what_is_refused_is_owned_and_planned_anew(stage: Stage, state: str) -> None:
    paid = {"reports": [REPORT | {"status": "paid"}]}
    stage.script(PART_OF.get(state, state), refuses("entry_locked"))
    if state == "ReportToPsa":
        stage.script("PlanFeedback", Says(PLAN), Says(paid))
    run = stage.play(POSTED)
    at = run.states.index("Exception")
    assert run.states[at - 1 : at + 3] == [state, "Exception", "Resume", "PlanFeedback"]
    assert (run.status, run.states[-1]) == ("SUCCEEDED", "Reported")
    [told] = stage.heard["OpenException"]
    assert (told["subject"], told["step"]) == (f"{run.arn.rpartition(':')[2]}:feedback", state)
    if state == "ReportToPsa":
        assert [each["status"] for each in stage.heard[PSA]] == ["posted", "paid"]


@pytest.mark.parametrize("state", ["ReportToPsa", "ReportToCrm"])
def test_a_system_that_never_answers_is_somebodys_business(stage: Stage, state: str) -> None:
    stage.script(PART_OF[state], TIMES_OUT)
    run = stage.play(POSTED)
    assert run.status == "SUCCEEDED"
    assert stage.heard["OpenException"][0]["error"]["Error"] == "States.Timeout"


def test_an_exception_that_nobody_answers_is_tried_again_by_itself(stage: Stage) -> None:
    stage.script(PSA, refuses("entry_locked"))
    stage.script("OpenException", TIMES_OUT)
    run = stage.play(POSTED)
    assert (run.status, run.states.count("PlanFeedback")) == ("SUCCEEDED", 2)


@pytest.mark.parametrize("state", Definition(SAGA).retrying())
@pytest.mark.parametrize("trouble", [Raises("Transient"), Dies()], ids=["transient", "worker died"])
def test_what_passes_by_itself_stops_nothing(stage: Stage, state: str, trouble: Answer) -> None:
    if state == "Exception":
        stage.script(CRM, refuses("field_unknown"))
    stage.script(PART_OF.get(state, state), trouble, trouble)
    run = stage.play(POSTED)
    assert (run.status, run.states.count("Exception")) == ("SUCCEEDED", 1 if state == "Exception" else 0)
    assert len([e for e in run.events if e["type"] == "TaskFailed"]) == (3 if state == "Exception" else 2)


def test_every_catch_and_every_branch_was_taken(module_stage: Stage, definition: Definition, whole: None) -> None:
    # Both ways out of Exception lead to Resume: a person's answer and the clock.
    assert definition.ways() - module_stage.edges == set()
