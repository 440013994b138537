"""A billing run: page by page, contract by contract, each invoice started once; one bad contract stops no other.

The embedded AWS keeps no history inside a Map: what happened there is told by what the steps were asked and by the
invoice sagas that exist afterwards.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.workflow.answers import RETRY, TIMES_OUT, Answer, Dies, Raises, Says, Silent, refuses
from tests.workflow.history import Definition
from tests.workflow.stage import Stage

pytestmark = pytest.mark.estate

SAGA = "time_to_bill"
LINES: dict[str, Any] = {
    "ListContracts": {"contract_ids": ["con-1"], "after": None},
    "DraftInvoices": {"invoices": [], "left": []},
    "OpenException": RETRY,
}
OCTOBER = {"legal_entity_id": "DE", "through": "2026-10-31"}
PART_OF = {"Exception": "OpenException", "DraftException": "OpenException"}


def drafts(*invoice_ids: str) -> Says:
    return Says({"invoices": [{"invoice_id": each, "correlation_id": "con-1"} for each in invoice_ids], "left": []})


def started(stage: Stage) -> dict[str, Any]:
    """Inputs of the invoice sagas by name."""
    sfn = stage.aws.client("stepfunctions")
    found = sfn.list_executions(stateMachineArn=stage.arns["InvoiceSagaArn"])["executions"]
    told = {each["name"]: sfn.describe_execution(executionArn=each["executionArn"])["input"] for each in found}
    return {name: json.loads(text) for name, text in told.items()}


def test_every_invoice_of_every_contract_is_started_once(stage: Stage) -> None:
    stage.script("ListContracts", Says({"contract_ids": ["con-1", "con-2"], "after": None}))
    stage.script("DraftInvoices", drafts("inv-a", "inv-b"), drafts("inv-c"))
    run = stage.play(OCTOBER)
    assert run.output == OCTOBER | {"invoices": 3}
    assert {"inv-a", "inv-b", "inv-c"} <= started(stage).keys()
    assert started(stage)["inv-a"] == {"invoice_id": "inv-a", "correlation_id": "con-1"}
    assert {told["contract_id"] for told in stage.heard["DraftInvoices"]} == {"con-1", "con-2"}
    assert {told["through"] for told in stage.heard["DraftInvoices"]} == {"2026-10-31"}
    assert {told["requested_by"] for told in stage.heard["DraftInvoices"]} == {None}


def test_who_asked_for_the_run_is_told_to_every_draft(stage: Stage) -> None:
    stage.play(OCTOBER | {"requested_by": "Dana"})
    assert {told["requested_by"] for told in stage.heard["DraftInvoices"]} == {"Dana"}


def test_a_run_goes_on_to_the_last_page(stage: Stage) -> None:
    pages = [{"contract_ids": ["con-1"], "after": "con-1"}, {"contract_ids": ["con-2"], "after": None}]
    stage.script("ListContracts", *map(Says, pages))
    stage.script("DraftInvoices", drafts("inv-d"), drafts("inv-e"))
    run = stage.play(OCTOBER)
    assert run.output["invoices"] == 2
    assert [told["after"] for told in stage.heard["ListContracts"]] == [None, "con-1"]


def test_a_legal_entity_without_contracts_bills_nothing(stage: Stage) -> None:
    stage.script("ListContracts", Says({"contract_ids": [], "after": None}))
    run = stage.play(OCTOBER)
    assert (run.status, run.output["invoices"]) == ("SUCCEEDED", 0)


def test_an_invoice_that_is_on_its_way_already_is_fine(stage: Stage, module_stage: Stage) -> None:
    stage.script("DraftInvoices", drafts("inv-f"), drafts("inv-f"))
    first, again = stage.play(OCTOBER), stage.play(OCTOBER)
    assert (first.output["invoices"], again.output["invoices"]) == (1, 1)
    assert stage.heard["OpenException"] == []
    module_stage.edges.add(("StartInvoice", "catch", "AlreadyRuns"))


def test_a_contract_that_cannot_be_drafted_is_owned_and_stops_no_other(stage: Stage, module_stage: Stage) -> None:
    stage.script("ListContracts", Says({"contract_ids": ["con-1", "con-2", "con-3"], "after": None}))
    stage.script("DraftInvoices", drafts("inv-g"), refuses("currency_mismatch"), drafts("inv-h"))
    run = stage.play(OCTOBER)
    assert (run.status, run.output["invoices"]) == ("SUCCEEDED", 2)
    assert {"inv-g", "inv-h"} <= started(stage).keys()
    [told] = stage.heard["OpenException"]
    assert told["subject"] in ("con-1", "con-2", "con-3")
    assert (told["step"], "currency_mismatch" in told["error"]["Cause"]) == ("DraftInvoices", True)
    assert "task_token" not in told
    module_stage.edges.add(("DraftInvoices", "catch", "DraftException"))


def test_contracts_that_cannot_be_listed_are_owned_and_the_run_begins_anew(stage: Stage) -> None:
    stage.script("ListContracts", refuses("legal_entity_unknown"))
    stage.script("DraftInvoices", drafts("inv-j"))
    run = stage.play(OCTOBER)
    assert run.states[2:6] == ["Exception", "Again", "ListContracts", "DraftAll"]
    assert (run.status, run.output["invoices"]) == ("SUCCEEDED", 1)
    assert stage.heard["OpenException"][0]["subject"] == run.arn.rpartition(":")[2]


def test_invoices_that_cannot_be_started_are_owned_and_the_run_begins_anew(stage: Stage, module_stage: Stage) -> None:
    stage.script("DraftInvoices", drafts("inv-i"), drafts("inv-i"))
    stage.script("OpenException", Silent())
    with stage.without_invoice_saga():
        run = stage.begin(OCTOBER).reaches("Exception").asks(stage.tokens, "OpenException")
    stage.succeed(stage.tokens["OpenException"], {"action": "retry", "by": "a controller"})
    assert run.ended().states[2:6] == ["DraftAll", "Exception", "Again", "ListContracts"]
    assert (run.status, run.output["invoices"]) == ("SUCCEEDED", 1)
    assert stage.heard["OpenException"][0]["step"] == "DraftAll"
    module_stage.edges.add(("DraftAll", "catch", "Exception"))


def test_a_run_whose_exception_nobody_answers_is_given_up(stage: Stage) -> None:
    stage.script("ListContracts", refuses("legal_entity_unknown"))
    stage.script("OpenException", TIMES_OUT)
    run = stage.play(OCTOBER)
    assert (run.status, run.describe()["error"]) == ("FAILED", "BillingRunGivenUp")


@pytest.mark.parametrize("state", [s for s in Definition(SAGA).retrying() if s != "StartInvoice"])
@pytest.mark.parametrize("trouble", [Raises("Transient"), Dies()], ids=["transient", "worker died"])
def test_what_passes_by_itself_stops_nothing(stage: Stage, state: str, trouble: Answer) -> None:
    if state == "Exception":
        stage.script("ListContracts", refuses("legal_entity_unknown"))
    if state == "DraftException":
        stage.script("DraftInvoices", refuses("currency_mismatch"))
    stage.script(PART_OF.get(state, state), trouble, trouble)
    run = stage.play(OCTOBER)
    assert run.status == "SUCCEEDED"
    assert len(stage.heard[PART_OF.get(state, state)]) == 3


def test_every_catch_and_every_branch_was_taken(module_stage: Stage, definition: Definition, whole: None) -> None:
    assert definition.ways() - module_stage.edges == set()
