"""An accepted milestone becomes work to bill and, where it is billed by itself, an invoice on its way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.answers import RETRY, TIMES_OUT, Answer, Dies, Raises, Says, Silent, refuses
from tests.workflow.history import Definition
from tests.workflow.stage import Stage

pytestmark = pytest.mark.estate

SAGA = "milestone_to_invoice"
LINES: dict[str, Any] = {
    "RecordMilestone": {"wip_id": "wip-1"},
    "DraftMilestone": {"invoice_id": None},
    "OpenException": RETRY,
}
ACCEPTED = {"milestone_id": "mil-1", "correlation_id": "con-1"}
PART_OF = {"Exception": "OpenException"}


def drafted(invoice_id: str) -> Says:
    return Says({"invoice_id": invoice_id, "correlation_id": "con-1"})


def children(stage: Stage) -> dict[str, str]:
    """Input of each invoice saga that was started, by its name."""
    sfn = stage.aws.client("stepfunctions")
    found = sfn.list_executions(stateMachineArn=stage.arns["InvoiceSagaArn"])["executions"]
    return {each["name"]: sfn.describe_execution(executionArn=each["executionArn"])["input"] for each in found}


def test_a_milestone_that_is_billed_with_the_rest_starts_no_invoice(stage: Stage) -> None:
    run = stage.play(ACCEPTED)
    assert run.states == ["Begin", "RecordMilestone", "DraftMilestone", "AnyInvoice", "Done"]


def test_a_milestone_of_its_own_starts_its_invoice(stage: Stage) -> None:
    stage.script("DraftMilestone", drafted("inv-own"))
    run = stage.play(ACCEPTED)
    assert (run.status, run.states[-3:]) == ("SUCCEEDED", ["AnyInvoice", "StartInvoice", "Done"])
    assert '"invoice_id": "inv-own"' in children(stage)["inv-own"]


def test_an_invoice_that_is_on_its_way_already_is_fine(stage: Stage) -> None:
    stage.script("DraftMilestone", drafted("inv-twice"), drafted("inv-twice"))
    stage.play(ACCEPTED)
    run = stage.play(ACCEPTED)
    assert (run.status, run.states[-2:]) == ("SUCCEEDED", ["StartInvoice", "Done"])
    assert [name for name in children(stage) if name == "inv-twice"] == ["inv-twice"]
    assert stage.heard["OpenException"] == []


@pytest.mark.parametrize("state", ["RecordMilestone", "DraftMilestone"])
def test_what_is_refused_is_owned_and_a_retry_goes_back_to_it(stage: Stage, state: str) -> None:
    stage.script(state, refuses("line_missing"))
    run = stage.play(ACCEPTED)
    at = run.states.index("Exception")
    assert run.states[at - 1 : at + 3] == [state, "Exception", "Resume", state]
    assert run.status == "SUCCEEDED"
    assert (stage.heard["OpenException"][0]["subject"], stage.heard["OpenException"][0]["step"]) == ("mil-1", state)


def test_an_invoice_that_cannot_be_started_is_owned_and_started_when_it_can(stage: Stage) -> None:
    stage.script("DraftMilestone", drafted("inv-later"))
    stage.script("OpenException", Silent())
    with stage.without_invoice_saga():
        run = stage.begin(ACCEPTED).reaches("Exception").asks(stage.tokens, "OpenException")
    stage.succeed(stage.tokens["OpenException"], {"action": "retry", "by": "a controller"})
    assert run.ended().states[-5:] == ["StartInvoice", "Exception", "Resume", "StartInvoice", "Done"]
    assert "inv-later" in children(stage)


def test_an_exception_that_nobody_answers_is_tried_again_by_itself(stage: Stage) -> None:
    stage.script("DraftMilestone", refuses("line_missing"))
    stage.script("OpenException", TIMES_OUT)
    assert stage.play(ACCEPTED).status == "SUCCEEDED"


@pytest.mark.parametrize("state", ["RecordMilestone", "DraftMilestone", "Exception"])
@pytest.mark.parametrize("trouble", [Raises("Transient"), Dies()], ids=["transient", "worker died"])
def test_what_passes_by_itself_stops_nothing(stage: Stage, state: str, trouble: Answer) -> None:
    if state == "Exception":
        stage.script("RecordMilestone", refuses("line_missing"))
    stage.script(PART_OF.get(state, state), trouble, trouble)
    run = stage.play(ACCEPTED)
    assert (run.status, run.states.count("Exception")) == ("SUCCEEDED", 1 if state == "Exception" else 0)


def test_every_catch_and_every_branch_was_taken(module_stage: Stage, definition: Definition, whole: None) -> None:
    assert definition.ways() - module_stage.edges == set()
