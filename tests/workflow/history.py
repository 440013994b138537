"""What an execution did, read from its history: states in order, and which way it left each of them.

A way is (state, kind, next): kind "catch" or "choice". Inside a Map the embedded AWS keeps no history: stories about
those states say themselves which way was taken.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infra.parts.saga import DEFINITIONS
from sandbox.estate.emulator import Emulator

Way = tuple[str, str, str]
LIMIT_S = 30


@dataclass
class Run:
    aws: Emulator
    arn: str

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self.aws.client("stepfunctions").describe_execution(executionArn=self.arn)
        return found

    @property
    def status(self) -> str:
        return str(self.describe()["status"])

    @property
    def output(self) -> Any:
        return json.loads(self.describe()["output"])

    @property
    def events(self) -> list[dict[str, Any]]:
        sfn, found, token = self.aws.client("stepfunctions"), list[dict[str, Any]](), {}
        while True:
            page = sfn.get_execution_history(executionArn=self.arn, maxResults=1000, **token)
            found += page["events"]
            if not page.get("nextToken"):
                return found
            token = {"nextToken": page["nextToken"]}

    @property
    def states(self) -> list[str]:
        """Entered, in order."""
        return [event["stateEnteredEventDetails"]["name"] for event in self.events if _enters(event)]

    @property
    def now(self) -> str:
        return self.states[-1]

    def ended(self) -> Run:
        deadline = time.monotonic() + LIMIT_S
        while self.status == "RUNNING":
            assert time.monotonic() < deadline, f"still in {self.now} after {LIMIT_S} s: {self.states}"
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        if self.status == "RUNNING":
            self.aws.client("stepfunctions").stop_execution(executionArn=self.arn)

    def reaches(self, state: str, times: int = 1) -> Run:
        deadline = time.monotonic() + LIMIT_S
        while self.states.count(state) < times:
            assert time.monotonic() < deadline, f"not in {state} after {LIMIT_S} s: {self.states}"
            time.sleep(0.02)
        return self

    def asks(self, tokens: Mapping[str, str], part: str) -> Run:
        """Until `part` holds the token it is to answer by."""
        deadline = time.monotonic() + LIMIT_S
        while part not in tokens:
            assert time.monotonic() < deadline, f"{part} was not asked in {LIMIT_S} s"
            time.sleep(0.02)
        return self

    def ways(self) -> Iterator[Way]:
        """A state left by its Catch: its last event before the next state is a failure."""
        state, last = None, ""
        for event in self.events:
            if _enters(event):
                name = event["stateEnteredEventDetails"]["name"]
                if state is not None:
                    kind = "catch" if last == "TaskFailed" else "choice"
                    yield state, kind, name
                state, last = name, ""
            elif event["type"] in ("TaskFailed", "TaskSucceeded"):
                last = event["type"]


def _enters(event: Mapping[str, Any]) -> bool:
    return bool(event["type"].endswith("StateEntered"))


@dataclass(frozen=True)
class Definition:
    saga: str

    @cached_property
    def states(self) -> dict[str, dict[str, Any]]:
        """Every state by name, those inside Maps too."""
        return dict(_all(json.loads((DEFINITIONS / f"{self.saga}.asl.json").read_text())["States"]))

    def ways(self) -> set[Way]:
        """Every Catch and every branch of every Choice."""
        found: set[Way] = set()
        for name, state in self.states.items():
            found |= {(name, "catch", catch["Next"]) for catch in state.get("Catch", [])}
            if state["Type"] == "Choice":
                found |= {(name, "choice", branch["Next"]) for branch in state["Choices"]}
                found.add((name, "choice", state["Default"]))
        return found

    def retrying(self) -> list[str]:
        return [name for name, state in self.states.items() if "Retry" in state]


def _all(states: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in states.items():
        yield name, state
        if "ItemProcessor" in state:
            yield from _all(state["ItemProcessor"]["States"])
