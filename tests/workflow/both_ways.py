"""The same story on the drill's own walker: it must enter the same states, ask the same and end the same as the embedded AWS.

Every answer that a part gave on the stage is kept with what it was asked; the walker is given the same answer when it asks
the same. Inside a Map the embedded AWS keeps no history, so there only what was asked is compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from drill import walker
from tests.workflow.answers import Answer, Dies, Raises, Silent

TIMED_OUT = walker.TaskFailed("States.Timeout")


@dataclass
class Asked:
    """token: of the waiting task, None where the function itself answers. given: what came by the token, the silent's too."""

    part: str
    asked: Any
    answer: Answer
    token: str | None = None
    given: Answer | None = None
    taken: bool = False


@dataclass
class Journal:
    """What was asked on the stage, in order. gone: from the first to the second number of askings the invoice saga could not
    be started. started: sagas that were, which cannot be again.
    """

    asked: list[Asked] = field(default_factory=list)
    gone: list[tuple[int, int]] = field(default_factory=list)
    started: set[str] = field(default_factory=set)

    def fresh(self) -> None:
        self.asked.clear()
        self.gone.clear()

    def given(self, token: str, answer: Answer) -> None:
        """To the last who was asked with it: a task that is tried again may keep its token."""
        last = next((each for each in reversed(self.asked) if each.token == token), None)
        if last is not None:
            last.given = answer


class Waits(Exception):
    """The walker waits for what nobody said in the story either."""


@dataclass
class Walked:
    """output: of a walk that ended; error: of one that failed; neither: it still waits."""

    states: list[str]
    status: str
    output: Any = None
    error: str | None = None


@dataclass
class Rerun:
    """waiting: the state in which the embedded AWS still waited at the story's end, and how many it had entered."""

    journal: Journal
    waiting: int | None = None
    unheard: list[str] = field(default_factory=list)

    def of(self, walk: walker.Walk) -> Walked:
        states = walk.entered
        try:
            output = self._to_its_end(walk, states)
            return Walked(outside(states), "SUCCEEDED", as_seen(output))
        except walker.TaskFailed as failed:
            return Walked(outside(states), "FAILED", error=failed.error)
        except Waits:
            return Walked(outside(states), "RUNNING")

    def _to_its_end(self, walk: walker.Walk, states: Sequence[str]) -> Any:
        steps, answer = walk.steps(), None
        failed: walker.TaskFailed | None = None
        while True:
            try:
                effect = steps.throw(failed) if failed else steps.send(answer)
            except StopIteration as end:
                return end.value
            try:
                answer, failed = self._answered(effect, states), None
            except walker.TaskFailed as told:
                answer, failed = None, told

    def _answered(self, effect: walker.Effect, states: Sequence[str]) -> Any:
        if isinstance(effect, walker.Invoke):
            return self._said(effect.step, effect.payload, effect.token is not None, states)
        if isinstance(effect, walker.Send):
            order = effect.message
            lane = "".join(word.capitalize() for word in effect.lane.split("-"))
            return self._said(f"{lane}.{order['command']}", order["payload"], True, states)
        if isinstance(effect, walker.Start):
            return self._started(effect)
        if isinstance(effect, walker.Together):
            return self._together(effect, states)
        return None

    def _together(self, effect: walker.Together, states: Sequence[str]) -> list[Any]:
        """All of them to their ends, then the first failure."""
        results, failures = [], []
        for walk in effect.walks:
            try:
                results.append(self._to_its_end(walk, states))
            except walker.TaskFailed as failed:
                failures.append(failed)
        if failures:
            raise failures[0]
        return results

    def _started(self, effect: walker.Start) -> Any:
        asked = sum(each.taken for each in self.journal.asked)
        if any(first <= asked < last for first, last in self.journal.gone):
            raise walker.TaskFailed("StepFunctions.StateMachineDoesNotExistException")
        if effect.name in self.journal.started:
            raise walker.TaskFailed("StepFunctions.ExecutionAlreadyExistsException")
        self.journal.started.add(effect.name)
        return {"ExecutionArn": effect.name}

    def _said(self, part: str, payload: Any, waits: bool, states: Sequence[str]) -> Any:
        wanted = as_seen(payload)
        same = (each for each in self.journal.asked if not each.taken and (each.part, each.asked) == (part, wanted))
        found = next(same, None)
        if found is None:
            self.unheard.append(f"{part} was never asked {json.dumps(wanted, sort_keys=True)}")
            raise Waits
        found.taken = True
        answer = found.given or found.answer
        if isinstance(answer, Silent):
            if self.waiting is not None and len(outside(states)) >= self.waiting:
                raise Waits
            raise TIMED_OUT
        if isinstance(answer, Dies):
            raise walker.TaskFailed("Runtime.ExitError", "")
        if isinstance(answer, Raises):
            raise walker.TaskFailed(answer.error, answer.message)
        return json.loads(json.dumps(answer.value))


def outside(states: Sequence[str]) -> list[str]:
    """Those that are in no Map."""
    return [state for state in states if "/" not in state]


def as_seen(told: Any) -> Any:
    """Without what each makes up for itself: tokens, addresses, moments, and words around a fault's own."""
    if isinstance(told, Mapping):
        return {name: _SEEN.get(name, as_seen)(value) for name, value in told.items() if name not in _OWN}
    return [as_seen(each) for each in told] if isinstance(told, list) else told


def name_of(error: str) -> str:
    """The embedded AWS calls refusals of Step Functions itself by half of their names on AWS."""
    return error.removeprefix("StepFunctions.").removesuffix("Exception")


def words_of(cause: Any) -> str:
    """ "" for what Lambda alone said, such as of a worker that died."""
    try:
        told = json.loads(cause)
    except ValueError:
        return ""
    return str(told["errorMessage"]) if isinstance(told, dict) and "errorMessage" in told else str(cause)


_OWN = ("task_token", "StartDate")
_SEEN: Mapping[str, Callable[[Any], Any]] = {
    "Cause": words_of,
    "Error": name_of,
    "ExecutionArn": lambda arn: str(arn).rpartition(":")[2],
}


def differences(saga: str, run: Any, journal: Journal) -> Iterator[str]:
    """run: as it stands, before anybody stops it."""
    told, states = run.describe(), run.states
    waiting = len(states) if told["status"] == "RUNNING" else None
    rerun = Rerun(journal, waiting)
    walked = rerun.of(walker.Walk.of(saga, told["name"], json.loads(told["input"])))
    yield from rerun.unheard
    if walked.states != states:
        yield f"entered {walked.states}, the embedded AWS {states}"
    if walked.status != told["status"]:
        yield f"{walked.status}, the embedded AWS {told['status']}"
    if walked.status == "SUCCEEDED" and "output" in told and walked.output != as_seen(json.loads(told["output"])):
        yield f"output {walked.output}, the embedded AWS {told['output']}"
    if name_of(walked.error or "") != name_of(told.get("error") or ""):
        yield f"failed by {walked.error}, the embedded AWS by {told.get('error')}"
