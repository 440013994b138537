"""What the embedded AWS cannot be made to say: Lambda's and Step Functions' own passing faults. Held on the definitions."""

from __future__ import annotations

from typing import Any

import pytest

from infra.manifest import SAGAS
from tests.workflow.history import Definition

OURS = {"Transient", "Throttled"}
LAMBDA = {
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Runtime.ExitError",
}
STATES = {
    "StepFunctions.ThrottlingException",
    "StepFunctions.SdkClientException",
    "StepFunctions.InternalServerException",
}
NEVER = {"BusinessException", "Poison", "Duplicate", "States.ALL", "States.Timeout", "States.TaskFailed"}
"""A retry of these repeats a no, or hides what a person must see."""

TASKS = [
    (saga, name, state)
    for saga in SAGAS
    for name, state in Definition(saga).states.items()
    if state["Type"] == "Task" and "sqs:sendMessage" not in state["Resource"]
]


def retried(state: dict[str, Any]) -> set[str]:
    return {error for retry in state.get("Retry", []) for error in retry["ErrorEquals"]}


@pytest.mark.parametrize(("saga", "name", "state"), TASKS, ids=[f"{saga}.{name}" for saga, name, _ in TASKS])
def test_what_passes_by_itself_is_tried_six_times_more_and_nothing_else(
    saga: str, name: str, state: dict[str, Any]
) -> None:
    assert retried(state) == (STATES if "startExecution" in state["Resource"] else OURS | LAMBDA)
    assert not retried(state) & NEVER
    assert [(retry["MaxAttempts"], retry["BackoffRate"]) for retry in state["Retry"]] == [(6, 2)]
