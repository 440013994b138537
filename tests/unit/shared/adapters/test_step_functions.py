"""Sagas that are gone, and sagas that run already."""

from __future__ import annotations

import json

import pytest

from shared.adapters.step_functions import StepFunctionsSagas, StepFunctionsTasks
from shared.faults import Throttled, Transient
from tests.fakes.flow import FakeCounts
from tests.unit.shared.adapters.scripted import Scripted, refusal


@pytest.mark.parametrize("code", ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])
def test_a_saga_that_does_not_wait_any_more_is_counted_and_no_error(code: str) -> None:
    counts = FakeCounts()
    tasks = StepFunctionsTasks(Scripted(refusal(code), refusal(code)), counts)
    assert not tasks.succeed("t", {})
    assert not tasks.fail("t", "BusinessException", "{}")
    assert counts.read() == {"tasks_gone": 2}


def test_an_answer_that_did_not_get_through_is_told_again_later() -> None:
    with pytest.raises(Throttled):
        StepFunctionsTasks(Scripted(refusal("ThrottlingException")), FakeCounts()).succeed("t", {})
    with pytest.raises(Transient):
        StepFunctionsTasks(Scripted(refusal("InternalError", 500)), FakeCounts()).fail("t", "x", "y")


def test_a_long_cause_is_cut_to_what_aws_takes() -> None:
    client = Scripted({})
    StepFunctionsTasks(client, FakeCounts()).fail("t", "E" * 300, "c" * 40_000)
    asked = client.calls[0][1]
    assert (len(asked["error"]), len(asked["cause"])) == (256, 32_000)


def test_the_same_start_twice_never_looks_like_the_same_call_to_aws() -> None:
    client = Scripted({}, refusal("ExecutionAlreadyExists"))
    sagas = StepFunctionsSagas(client, {"invoice": "arn"})
    assert sagas.start("invoice", "i-1", {"invoice_id": "i-1"})
    assert not sagas.start("invoice", "i-1", {"invoice_id": "i-1"})
    first, second = (json.loads(asked["input"]) for _, asked in client.calls)
    assert first["invoice_id"] == second["invoice_id"] == "i-1"
    assert first["start_id"] != second["start_id"]
