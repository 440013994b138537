"""An invoice from sealed to posted, and every way it can stop on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.answers import CANCEL, RETRY, TIMES_OUT, Answer, Dies, Raises, Says, Silent, refuses
from tests.workflow.history import Definition
from tests.workflow.stage import Stage

pytestmark = pytest.mark.estate

SAGA = "invoice"
POST = "ErpPosting.PostInvoice"
POST_MEMO = "ErpPosting.PostCreditMemo"
PRICED = {
    "invoice_id": "inv-1",
    "kind": "invoice",
    "legal_entity_id": "DE",
    "document_key": "invoices/inv-1/document.json",
    "currency": "EUR",
    "gross": "1190.00",
    "needs_approval": False,
}
POSTED = {"ref": {"system": "netsuite", "kind": "invoice", "id": "1042"}, "number": "INV1001", "gross": "1190.00"}
LINES: dict[str, Any] = {
    "PriceInvoice": PRICED,
    "RequestApproval": Says({"action": "approve", "by": "Grace Hopper"}),
    "SubmitInvoice": {"invoice_id": "inv-1"},
    POST: POSTED,
    POST_MEMO: POSTED,
    "RecordPosted": {"invoice_id": "inv-1", "number": "INV1001"},
    "RejectInvoice": {"invoice_id": "inv-1"},
    "OpenException": RETRY,
}
SEALED = {"invoice_id": "inv-1", "correlation_id": "con-1"}
MEMO = PRICED | {"kind": "credit_memo"}
LARGE = Says(PRICED | {"gross": "300000.00", "needs_approval": True})
STRAIGHT = ["Begin", "PriceInvoice", "ApprovalNeeded", "SubmitInvoice", "PostInvoice", "RecordPosted"]
STEP_OF = {"CancelInvoice": "RejectInvoice", "Exception": "OpenException", "PostInvoice": POST}
"""States whose part on the stage has another name."""


def lead_to(stage: Stage, state: str) -> None:
    """Whatever must happen before this saga comes to `state`."""
    if state == "RequestApproval":
        stage.script("PriceInvoice", LARGE)
    if state in ("CancelInvoice", "Exception"):
        stage.script(POST, refuses("period_closed"))
    if state == "CancelInvoice":
        stage.script("OpenException", CANCEL)


def part(state: str) -> str:
    return STEP_OF.get(state, state)


def test_a_sealed_invoice_is_priced_submitted_posted_and_recorded(stage: Stage) -> None:
    run = stage.play(SEALED)
    assert (run.status, run.states) == ("SUCCEEDED", STRAIGHT)
    asked = {"invoice_id": "inv-1", "legal_entity_id": "DE", "document_key": "invoices/inv-1/document.json"}
    assert stage.heard[POST] == [asked]
    assert stage.heard["RecordPosted"] == [SEALED | {"posted": POSTED}]
    assert stage.heard["SubmitInvoice"] == [SEALED | {"approver": None}]


def test_a_credit_memo_goes_the_same_way_under_its_own_command(stage: Stage) -> None:
    stage.script("PriceInvoice", Says(MEMO))
    run = stage.play(SEALED)
    assert (run.status, run.states) == ("SUCCEEDED", STRAIGHT)
    asked = {"invoice_id": "inv-1", "legal_entity_id": "DE", "document_key": "invoices/inv-1/document.json"}
    assert stage.heard[POST_MEMO] == [asked]
    assert stage.heard[POST] == []
    assert stage.heard["RecordPosted"] == [SEALED | {"posted": POSTED}]


def test_a_concession_waits_for_its_approver_whatever_its_amount(stage: Stage) -> None:
    stage.script("PriceInvoice", Says(MEMO | {"gross": "10.00", "needs_approval": True}))
    run = stage.play(SEALED)
    assert run.states[-4:] == ["ApprovalGiven", "SubmitInvoice", "PostInvoice", "RecordPosted"]
    assert stage.heard["SubmitInvoice"][0]["approver"] == "Grace Hopper"
    assert len(stage.heard[POST_MEMO]) == 1


def test_a_credit_memo_that_the_erp_refuses_is_retried_or_cancelled_as_an_invoice_is(stage: Stage) -> None:
    stage.script("PriceInvoice", Says(MEMO))
    stage.script(POST_MEMO, refuses("erp_refused"), refuses("erp_refused"))
    stage.script("OpenException", RETRY, CANCEL)
    run = stage.play(SEALED)
    assert run.states[-4:] == ["Exception", "Decide", "CancelInvoice", "Cancelled"]
    assert len(stage.heard[POST_MEMO]) == 2
    assert [told["step"] for told in stage.heard["OpenException"]] == ["PostInvoice", "PostInvoice"]


STOPS = [
    (state, refuses("period_closed")) for state in ("PriceInvoice", "SubmitInvoice", "PostInvoice", "RecordPosted")
]
LATE = [("PostInvoice", TIMES_OUT), ("RequestApproval", TIMES_OUT)]


@pytest.mark.parametrize(("state", "trouble"), [*STOPS, *LATE])
def test_what_stops_is_owned_and_a_retry_goes_back_to_it(stage: Stage, state: str, trouble: Raises) -> None:
    lead_to(stage, state)
    stage.script(part(state), trouble)
    run = stage.play(SEALED)
    at = run.states.index("Exception")
    assert run.states[at - 1 : at + 3] == [state, "Exception", "Decide", state]
    assert run.status == "SUCCEEDED" and run.states[-1] == "RecordPosted"
    [told] = stage.heard["OpenException"]
    assert (told["subject"], told["step"], told["correlation_id"]) == ("inv-1", state, "con-1")
    assert told["error"]["Error"] == trouble.error
    assert trouble.code in told["error"]["Cause"]
    assert told["task_token"]


@pytest.mark.parametrize("state", Definition(SAGA).retrying())
@pytest.mark.parametrize("trouble", [Raises("Transient"), Dies()], ids=["transient", "worker died"])
def test_what_passes_by_itself_stops_nothing(stage: Stage, state: str, trouble: Answer) -> None:
    lead_to(stage, state)
    stage.script(part(state), trouble, trouble)
    run = stage.play(SEALED)
    assert run.status == "SUCCEEDED"
    assert len(stage.heard[part(state)]) == 3
    assert run.states.count(state) == 1
    assert ("Exception" in run.states) == (state in ("Exception", "CancelInvoice"))


def test_an_answer_that_stays_out_seven_times_becomes_an_exception(stage: Stage) -> None:
    stage.script("PriceInvoice", *[Raises("Throttled", "table_throttled")] * 7)
    run = stage.play(SEALED)
    assert len(stage.heard["PriceInvoice"]) == 8
    assert stage.heard["OpenException"][0]["error"]["Error"] == "Throttled"
    assert run.states[-1] == "RecordPosted"


def test_a_poisoned_document_is_not_retried_but_owned(stage: Stage) -> None:
    stage.script("PriceInvoice", Raises("Poison", "row_unreadable"))
    stage.play(SEALED)
    assert len(stage.heard["PriceInvoice"]) == 2
    assert [told["step"] for told in stage.heard["OpenException"]] == ["PriceInvoice"]


def test_a_cancelled_invoice_gives_its_work_back_and_is_never_posted(stage: Stage) -> None:
    stage.script("SubmitInvoice", refuses("period_closed"))
    stage.script("OpenException", CANCEL)
    run = stage.play(SEALED)
    assert run.states[-4:] == ["Exception", "Decide", "CancelInvoice", "Cancelled"]
    assert stage.heard["RejectInvoice"][0]["error"]["Error"] == "BusinessException"
    assert stage.heard[POST] == []


def test_an_invoice_that_the_erp_holds_cannot_be_cancelled(stage: Stage) -> None:
    stage.script("RecordPosted", refuses("invoice_state"))
    stage.script("OpenException", CANCEL)
    run = stage.play(SEALED)
    assert run.states[-4:] == ["RecordPosted", "Exception", "Decide", "RecordPosted"]
    assert stage.heard["RejectInvoice"] == []


def test_a_cancellation_that_fails_is_owned_and_goes_on(stage: Stage) -> None:
    lead_to(stage, "CancelInvoice")
    stage.script("RejectInvoice", refuses("invoice_state"))
    run = stage.play(SEALED)
    assert run.states[-5:] == ["CancelInvoice", "Exception", "Decide", "CancelInvoice", "Cancelled"]
    assert [told["step"] for told in stage.heard["OpenException"]] == ["PostInvoice", "CancelInvoice"]


def test_a_large_invoice_waits_for_its_approver(stage: Stage) -> None:
    stage.script("PriceInvoice", LARGE)
    stage.script("RequestApproval", Silent())
    run = stage.begin(SEALED).reaches("RequestApproval").asks(stage.tokens, "RequestApproval")
    assert run.status == "RUNNING"
    assert stage.heard[POST] == []
    assert stage.heard["RequestApproval"][0]["gross"] == "300000.00"
    stage.succeed(stage.tokens["RequestApproval"], {"action": "approve", "by": "Grace Hopper"})
    assert run.ended().states[-4:] == ["ApprovalGiven", "SubmitInvoice", "PostInvoice", "RecordPosted"]
    assert stage.heard["SubmitInvoice"][0]["approver"] == "Grace Hopper"


@pytest.mark.parametrize("word", ["reject", "cancel"])
def test_a_large_invoice_that_is_turned_down_gives_its_work_back(stage: Stage, word: str) -> None:
    stage.script("PriceInvoice", LARGE)
    stage.script("RequestApproval", Says({"action": word, "by": "Grace Hopper"}))
    run = stage.play(SEALED)
    assert run.states[-4:] == ["RequestApproval", "ApprovalGiven", "CancelInvoice", "Cancelled"]
    assert stage.heard[POST] == []


def test_a_saga_started_again_for_an_invoice_that_was_rejected_ends(stage: Stage) -> None:
    """Asked for nothing: neither an approval nor the ERP."""
    stage.script("PriceInvoice", Says(PRICED | {"needs_approval": True, "ended": True}))
    run = stage.play(SEALED)
    assert (run.status, run.states) == ("SUCCEEDED", ["Begin", "PriceInvoice", "ApprovalNeeded", "Cancelled"])
    assert (stage.heard["RequestApproval"], stage.heard[POST]) == ([], [])


def test_only_a_yes_is_a_yes(stage: Stage) -> None:
    stage.script("PriceInvoice", LARGE)
    stage.script("RequestApproval", Says({"action": "retry", "by": "somebody"}))
    run = stage.play(SEALED)
    assert run.states.count("RequestApproval") == 2
    assert stage.heard["SubmitInvoice"][0]["approver"] == "Grace Hopper"


def test_an_exception_that_nobody_answers_is_tried_again_by_itself(stage: Stage) -> None:
    stage.script(POST, refuses("period_closed"))
    stage.script("OpenException", TIMES_OUT)
    run = stage.play(SEALED)
    assert run.states[-5:] == ["PostInvoice", "Exception", "Decide", "PostInvoice", "RecordPosted"]


def test_every_catch_and_every_branch_was_taken(module_stage: Stage, definition: Definition, whole: None) -> None:
    assert definition.ways() - module_stage.edges == set()
