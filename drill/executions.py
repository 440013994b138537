"""Executions of sagas: each goes on when what it asked for is answered, in its own time and with its own troubles."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drill import walker, wiring
from drill.fate import Died
from shared.faults import Duplicate, Fault
from shared.runtime.process_step import as_answer
from shared.runtime.reading import read_model

if TYPE_CHECKING:
    from drill.world import World

LAMBDA = ("lambda_busy", "lambda_answer_lost", "lambda_timed_out")


@dataclass
class Branch:
    """One line of an execution. told: who waits for its end."""

    walk: walker.Walk
    steps: walker.Steps
    told: Callable[[Any, walker.TaskFailed | None], None]
    waits_for: str | None = None


class Executions:
    """states: by saga and name, as Step Functions calls them. tokens: who waits for which answer."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.states: dict[tuple[str, str], str] = {}
        self.tokens: dict[str, Branch] = {}

    def begin(self, saga: str, name: str, payload: dict[str, Any]) -> None:
        self.states[saga, name] = "RUNNING"

        def ended(_: Any, failed: walker.TaskFailed | None) -> None:
            self.states[saga, name] = "FAILED" if failed else "SUCCEEDED"

        walk = walker.Walk.of(saga, name, json.loads(json.dumps(payload)))
        self._walk(walk, ended)

    def _walk(self, walk: walker.Walk, told: Callable[[Any, walker.TaskFailed | None], None]) -> None:
        branch = Branch(walk, walk.steps(), told)
        place = f"{walk.saga}/{walk.name}/{walk.inside}begins"
        self._world.later(0.1, place, lambda: self.go_on(branch, None, None))

    def go_on(self, branch: Branch, value: Any, failed: walker.TaskFailed | None) -> None:
        try:
            effect = branch.steps.throw(failed) if failed else branch.steps.send(value)
        except StopIteration as end:
            branch.told(end.value, None)
            return
        except walker.TaskFailed as end:
            branch.told(None, end)
            return
        self.asked(branch, effect)

    def asked(self, branch: Branch, effect: walker.Effect) -> None:
        if isinstance(effect, walker.Invoke):
            if effect.token:
                self._await(branch, effect.token)
            self._world.later(0.3, f"{effect.place}~{effect.attempt}", lambda: self._invoked(branch, effect))
        elif isinstance(effect, walker.Send):
            self._await(branch, effect.token)
            name = f"{effect.lane}/{effect.place}~{effect.attempt}"
            self._world.send(effect.lane, json.dumps(effect.message), self._world.numbered(name))
            self._may_expire(branch, effect)
        elif isinstance(effect, walker.Start):
            self._world.later(0.1, f"{effect.saga}/{effect.name} starts", lambda: self._started(branch, effect))
        elif isinstance(effect, walker.Sleep):
            self._world.later(effect.seconds, effect.place, lambda: self.go_on(branch, None, None))
        else:
            self._together(branch, effect)

    def _started(self, branch: Branch, effect: walker.Start) -> None:
        if self._world.fake.sagas.start(effect.saga, effect.name, effect.payload):
            self.go_on(branch, {"ExecutionArn": effect.name}, None)
            return
        self.go_on(branch, None, walker.TaskFailed("StepFunctions.ExecutionAlreadyExistsException"))

    def _invoked(self, branch: Branch, effect: walker.Invoke) -> None:
        """One invocation of a step's function; what goes wrong around it has names of Lambda's own."""
        entry = wiring.steps()[effect.step]
        step = wiring.handler_of(entry).step
        trouble = self._world.hit(f"{effect.place}~{effect.attempt} lambda", LAMBDA, effect.attempt)
        answer: Any = None
        failed: walker.TaskFailed | None = None
        if trouble == "lambda_busy":
            failed = walker.TaskFailed("Lambda.TooManyRequestsException")
        else:
            try:
                act = lambda: invoked(step, effect.payload, self._world.ports)  # noqa: E731
                answer = json.loads(json.dumps(self._world.within(effect.place, effect.attempt, act)))
            except Died:
                failed = walker.TaskFailed("Runtime.ExitError")
            except Fault as fault:
                failed = walker.TaskFailed(type(fault).__name__, json.dumps({"errorMessage": str(fault)}))
            if trouble == "lambda_answer_lost":
                failed, answer = walker.TaskFailed("Lambda.SdkClientException"), None
            if trouble == "lambda_timed_out":
                failed, answer = walker.TaskFailed("Sandbox.Timedout"), None
        self._world.absorb()
        if effect.token:
            if failed and branch.waits_for == effect.token:
                self.forget(effect.token)
                self.go_on(branch, None, failed)
            return
        self.go_on(branch, answer, failed)

    def _await(self, branch: Branch, token: str) -> None:
        branch.waits_for = token
        self.tokens[token] = branch

    def forget(self, token: str) -> None:
        self._world.fake.tasks.gone.add(token)
        branch = self.tokens.pop(token, None)
        if branch:
            branch.waits_for = None

    def _may_expire(self, branch: Branch, effect: walker.Send) -> None:
        """The week is over before anybody answered; the message may still be in its queue."""
        if not self._world.hit(f"{effect.place}~{effect.attempt} waits", ("wait_timed_out",), effect.attempt, 0.5):
            return

        def expire() -> None:
            if branch.waits_for == effect.token:
                self.forget(effect.token)
                self.go_on(branch, None, walker.TaskFailed("States.Timeout"))

        self._world.later(1.5, f"{effect.place} expires", expire)

    def answered(self, token: str, value: Any, failed: walker.TaskFailed | None) -> None:
        branch = self.tokens.pop(token, None)
        if branch is not None and branch.waits_for == token:
            branch.waits_for = None
            self._world.later(0.1, f"{token} answered", lambda: self.go_on(branch, value, failed))

    def _together(self, branch: Branch, effect: walker.Together) -> None:
        results: dict[int, Any] = {}
        failures: list[walker.TaskFailed] = []
        total = len(effect.walks)
        if not total:
            self._world.later(0.1, f"{branch.walk.place} empty", lambda: self.go_on(branch, [], None))

        def ended(number: int, value: Any, failed: walker.TaskFailed | None) -> None:
            results[number] = value
            if failed:
                failures.append(failed)
            if len(results) == total:
                self.go_on(branch, [results[each] for each in range(total)], failures[0] if failures else None)

        for number, walk in enumerate(effect.walks):
            self._walk(walk, lambda value, failed, nth=number: ended(nth, value, failed))  # type: ignore[misc]


def invoked(step: Callable[..., Any], payload: Any, ports: Any) -> Any:
    """As process_step runs it: parsed, and a Duplicate that knows its first result answers that."""
    command = read_model(wiring.input_of(step), json.loads(json.dumps(payload)), "step_input_unreadable")
    try:
        return as_answer(step(command, ports))
    except Duplicate as repeat:
        if repeat.result is None:
            raise
        return dict(repeat.result)
