"""Sagas: started once per business thing, answered by token however late the answer comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from shared.adapters.aws_faults import aws_faults, error_code
from shared.ports.flow import Counts

_GONE = frozenset({"InvalidToken", "TaskDoesNotExist", "TaskTimedOut"})
_CAUSE_CHARACTERS = 32_000
_ERROR_CHARACTERS = 256


class StepFunctionsTasks:
    def __init__(self, client: Any, counts: Counts) -> None:
        self._client, self._counts = client, counts

    def succeed(self, token: str, output: Mapping[str, Any]) -> bool:
        text = json.dumps(output)
        return self._told(lambda: self._client.send_task_success(taskToken=token, output=text))

    def fail(self, token: str, error: str, cause: str) -> bool:
        told = {"taskToken": token, "error": error[:_ERROR_CHARACTERS], "cause": cause[:_CAUSE_CHARACTERS]}
        return self._told(lambda: self._client.send_task_failure(**told))

    def _told(self, tell: Callable[[], object]) -> bool:
        with aws_faults():
            try:
                tell()
                return True
            except ClientError as error:
                if error_code(error) not in _GONE:
                    raise
        self._counts.add("tasks_gone")
        return False


class StepFunctionsSagas:
    """machines: state machine arn by the saga's name."""

    def __init__(self, client: Any, machines: Mapping[str, str]) -> None:
        self._client, self._machines = client, machines

    def start(self, saga: str, name: str, payload: Mapping[str, Any]) -> bool:
        """`start_id` makes each input another one: a running execution of this name and the very same input would be
        answered as if it had been started now. Raises LookupError for a saga this function may not start."""
        if saga not in self._machines:
            raise LookupError(f"BILLWEAVE_SAGA_{saga.upper()} is not set for this function")
        text = json.dumps({**payload, "start_id": str(uuid4())})
        with aws_faults(saga=saga):
            try:
                self._client.start_execution(stateMachineArn=self._machines[saga], name=name, input=text)
                return True
            except ClientError as error:
                if error_code(error) != "ExecutionAlreadyExists":
                    raise
                return False
