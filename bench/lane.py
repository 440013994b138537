"""Commands to one system's lanes, sent as a saga sends them: by a state machine of one waiting task.

Behind the queue everything is the deployed fabric's own: the lane's function, the account's slots, the connector. What
stands before it in a billing run (drafting, pricing, approval) is not there, so that it cannot be what is measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from events.commands import Command
from sandbox.estate.estate import Estate

LIMIT_S = 300.0
LOOK_S = 0.2
SENDERS = 4
_WAITING = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
_MESSAGE = {
    "command": "{% $states.input.command %}",
    "task_token": "{% $states.context.Task.Token %}",
    "correlation_id": "{% $states.context.Execution.Name %}",
    "execution": "{% $states.context.Execution.Name %}",
    "payload": "{% $states.input.payload %}",
}


class NotDone(Exception):
    """A command failed or was not answered in time."""


class Lane:
    """lane: "posting", "reference"; of `system`, as it is deployed in this estate."""

    def __init__(self, up: Estate, system: str, lane: str) -> None:
        self._sqs, self._states = up.client("sqs"), up.client("stepfunctions")
        name = f"billweave-{up.resources['deployment']}-{system}-{lane}"
        self.queue_url = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        self.machine = self._machine(f"bench-{system}-{lane}", up.resources["invoice_saga_arn"])
        self._began: list[str] = []

    def _machine(self, name: str, like: str) -> str:
        """With the role of the invoice saga, which may send to this queue."""
        task = {
            "Type": "Task",
            "Resource": _WAITING,
            "Arguments": {"QueueUrl": self.queue_url, "MessageBody": _MESSAGE},
            "End": True,
        }
        definition = {"QueryLanguage": "JSONata", "StartAt": "Ask", "States": {"Ask": task}}
        role = self._states.describe_state_machine(stateMachineArn=like)["roleArn"]
        made = self._states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
        return str(made["stateMachineArn"])

    def send(self, commands: Sequence[Command]) -> None:
        with ThreadPoolExecutor(SENDERS) as senders:
            self._began += senders.map(self._start, commands)

    def _start(self, command: Command) -> str:
        asked = {"command": type(command).__name__, "payload": command.model_dump(mode="json")}
        began = self._states.start_execution(stateMachineArn=self.machine, input=json.dumps(asked))
        return str(began["executionArn"])

    def waiting(self) -> int:
        """Commands in the queue or in hand."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self._sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)

    def wait(self) -> None:
        """Until all that was sent is answered. Raises NotDone with what was refused."""
        deadline = time.monotonic() + LIMIT_S
        for arn in self._began:
            while (told := self._states.describe_execution(executionArn=arn))["status"] == "RUNNING":
                if time.monotonic() > deadline:
                    raise NotDone(f"{arn}: not within {LIMIT_S:.0f} s")
                time.sleep(LOOK_S)
            _check(told)
        self._began.clear()


def _check(told: Mapping[str, Any]) -> None:
    if told["status"] != "SUCCEEDED":
        raise NotDone(f"{told['status']}: {told.get('error')} {told.get('cause')}")
