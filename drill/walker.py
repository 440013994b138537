"""Walks a state machine of infra/state_machines: the JSONata subset of the Amazon States Language that they use.

A walk is a generator: it yields what it asks of the world and is sent the answer, or has a `TaskFailed` thrown in.
Retry and Catch go by error name, waits for a token included; items of a Map run side by side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonata.jsonata import Jsonata

DEFINITIONS = Path(__file__).resolve().parent.parent / "infra" / "state_machines"
ALL = "States.ALL"


class TaskFailed(Exception):
    """error: the name that Retry and Catch go by. cause: text, as Step Functions hands it on."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(error)
        self.error, self.cause = error, cause

    @property
    def output(self) -> dict[str, str]:
        return {"Error": self.error, "Cause": self.cause}


@dataclass(frozen=True)
class Invoke:
    """A function, by its name in the definition ("PriceInvoice"). token: the answer comes by it, not by the function."""

    step: str
    payload: Any
    place: str
    attempt: int
    token: str | None = None


@dataclass(frozen=True)
class Send:
    """A command on a lane ("erp-posting"), answered by token."""

    lane: str
    message: Any
    place: str
    attempt: int
    token: str


@dataclass(frozen=True)
class Start:
    saga: str
    name: str
    payload: Any


@dataclass(frozen=True)
class Sleep:
    seconds: float
    place: str


@dataclass(frozen=True)
class Together:
    walks: Sequence[Walk]


Effect = Invoke | Send | Start | Sleep | Together
Steps = Generator[Effect, Any, Any]


@cache
def definition(saga: str) -> dict[str, Any]:
    text = (DEFINITIONS / f"{saga}.asl.json").read_text()
    found: dict[str, Any] = json.loads(text.replace('"${RepairProbeSeconds}"', "900"))
    return found


@cache
def _parsed(expression: str) -> Jsonata:
    return Jsonata(expression)


def filled(template: Any, variables: Mapping[str, Any], states: Mapping[str, Any]) -> Any:
    """The template with every "{% ... %}" replaced by its value. Source: States Language, "JSONata"."""
    if isinstance(template, str) and template.startswith("{%") and template.endswith("%}"):
        parsed = _parsed(template[2:-2].strip())
        frame = parsed.create_frame()
        for name, value in variables.items():
            frame.bind(name, value)
        frame.bind("states", states)
        return json.loads(json.dumps(parsed.evaluate(None, frame)))
    if isinstance(template, dict):
        return {name: filled(value, variables, states) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, variables, states) for value in template]
    return template


def named(arn: str) -> str:
    """ "${PriceInvoiceArn}" -> "PriceInvoice"; the same of queues and sagas."""
    found = re.fullmatch(r"\$\{(\w+?)(SagaArn|QueueUrl|Arn)\}", arn)
    assert found, arn
    return found[1]


def lane_of(url: str) -> str:
    """ "${ErpPostingQueueUrl}" -> "erp-posting"."""
    return _snake(named(url)).replace("_", "-")


@dataclass
class Walk:
    """entered: states in order, with `place` before them inside a Map."""

    saga: str
    name: str
    states: Mapping[str, Any]
    at: str
    data: Any
    variables: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    inside: str = ""
    entered: list[str] = field(default_factory=list)
    visits: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, saga: str, name: str, payload: Any) -> Walk:
        made = definition(saga)
        context = {"Execution": {"Name": name, "Input": payload}}
        return cls(saga, name, made["States"], made["StartAt"], payload, {}, context)

    def steps(self) -> Steps:
        while True:
            state = self.states[self.at]
            self.entered.append(f"{self.inside}{self.at}")
            self.visits[self.at] = self.visits.get(self.at, 0) + 1
            try:
                result, extra = yield from _KINDS[state["Type"]](self, state)
            except TaskFailed as failed:
                self._caught(state, failed)
                continue
            if state["Type"] == "Choice":
                continue
            states = {"input": self.data, "result": result, "context": self.context, **extra}
            output = filled(state["Output"], self.variables, states) if "Output" in state else result
            self.variables |= filled(state.get("Assign", {}), self.variables, states)
            self.data = output
            if state.get("End") or state["Type"] == "Succeed":
                return output
            self.at = state["Next"]

    @property
    def place(self) -> str:
        return f"{self.saga}/{self.name}/{self.inside}{self.at}#{self.visits[self.at]}"

    def _caught(self, state: Mapping[str, Any], failed: TaskFailed) -> None:
        """On to the state of the first Catch that fits; out of the walk where none does."""
        for catch in state.get("Catch", []):
            if _fits(catch["ErrorEquals"], failed.error):
                states = {"input": self.data, "errorOutput": failed.output, "context": self.context}
                output = filled(catch["Output"], self.variables, states) if "Output" in catch else failed.output
                self.variables |= filled(catch.get("Assign", {}), self.variables, states)
                self.data, self.at = output, catch["Next"]
                return
        raise failed

    def task(self, state: Mapping[str, Any]) -> Generator[Effect, Any, tuple[Any, dict[str, Any]]]:
        tries: dict[int, int] = {}
        attempt = 0
        while True:
            attempt += 1
            try:
                return (yield from self._asked(state, attempt)), {}
            except TaskFailed as failed:
                seconds = _pause(state, failed, tries)
                if seconds is None:
                    raise
                yield Sleep(seconds, f"{self.place}~{attempt}")

    def _asked(self, state: Mapping[str, Any], attempt: int) -> Generator[Effect, Any, Any]:
        resource = state["Resource"]
        waits = resource.endswith("waitForTaskToken")
        token = f"{self.place}~{attempt}" if waits else None
        context = self.context | ({"Task": {"Token": token}} if waits else {})
        asked = filled(state["Arguments"], self.variables, {"input": self.data, "context": context})
        tried = attempt + (self.visits[self.at] - 1) * 2
        if ":lambda:invoke" in resource:
            name = named(asked["FunctionName"])
            answer = yield Invoke(name, asked["Payload"], self.place, tried, token)
            return answer if waits else {"Payload": answer, "StatusCode": 200}
        if ":sqs:sendMessage" in resource:
            assert token
            return (yield Send(lane_of(asked["QueueUrl"]), asked["MessageBody"], self.place, tried, token))
        assert resource.endswith("states:startExecution"), resource
        return (yield Start(_snake(named(asked["StateMachineArn"])), asked["Name"], asked["Input"]))

    def choice(self, state: Mapping[str, Any]) -> Steps:
        yield from ()
        states = {"input": self.data, "context": self.context}
        self.at = next(
            (each["Next"] for each in state["Choices"] if filled(each["Condition"], self.variables, states) is True),
            state["Default"],
        )
        return self.data, {}

    def passed(self, _: Mapping[str, Any]) -> Steps:
        yield from ()
        return self.data, {}

    def failed(self, state: Mapping[str, Any]) -> Steps:
        yield from ()
        raise TaskFailed(state["Error"], state.get("Cause", ""))

    def mapped(self, state: Mapping[str, Any]) -> Steps:
        states = {"input": self.data, "context": self.context}
        items = filled(state["Items"], self.variables, states)
        items = items if isinstance(items, list) else [] if items is None else [items]
        results = yield Together([self._item(state, number, item) for number, item in enumerate(items)])
        return results, {}

    def _item(self, state: Mapping[str, Any], number: int, item: Any) -> Walk:
        """Its own variables, seeing those outside."""
        inner = state["ItemProcessor"]
        context = self.context | {"Map": {"Item": {"Index": number, "Value": item}}}
        data = item
        if "ItemSelector" in state:
            data = filled(state["ItemSelector"], self.variables, {"input": self.data, "context": context})
        inside = f"{self.inside}{self.at}#{self.visits[self.at]}[{number}]/"
        variables = dict(self.variables)
        return Walk(
            self.saga, self.name, inner["States"], inner["StartAt"], data, variables, context, inside, self.entered
        )


_KINDS: dict[str, Callable[[Walk, Mapping[str, Any]], Any]] = {
    "Task": Walk.task,
    "Choice": Walk.choice,
    "Pass": Walk.passed,
    "Succeed": Walk.passed,
    "Fail": Walk.failed,
    "Map": Walk.mapped,
}


def _fits(names: Sequence[str], error: str) -> bool:
    return error in names or ALL in names or ("States.TaskFailed" in names and error != "States.Timeout")


def _pause(state: Mapping[str, Any], failed: TaskFailed, tries: dict[int, int]) -> float | None:
    """Seconds until the next try by the first Retry that fits, None when it is used up or none fits."""
    for number, retry in enumerate(state.get("Retry", [])):
        if _fits(retry["ErrorEquals"], failed.error):
            used = tries.get(number, 0)
            if used >= retry.get("MaxAttempts", 3):
                return None
            tries[number] = used + 1
            pause = retry.get("IntervalSeconds", 1) * retry.get("BackoffRate", 2) ** used
            return float(min(pause, retry.get("MaxDelaySeconds", pause)))
    return None


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
