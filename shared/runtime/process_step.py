"""A task of a state machine: parses the input, runs the step, answers JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.faults import Duplicate
from shared.runtime.handler import Handler, Wired, work_name
from shared.runtime.log import invocation, line
from shared.runtime.reading import read_model

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P")
R = TypeVar("R")


def process_step(
    model: type[M], *, wire: Callable[[], P]
) -> Callable[[Callable[[M, P], R]], Handler[Callable[[M, P], R]]]:
    """The step's faults go on as they are: a state matches their class name, its Cause is {"code", "facts"} as JSON.

    Raises Poison("step_input_unreadable") for input that is not `model`. A Duplicate with a result answers that.
    """

    def decorate(step: Callable[[M, P], R]) -> Handler[Callable[[M, P], R]]:
        ports, work = Wired(wire), work_name(step)

        def run(event: Any, context: Any) -> Any:
            thread = event.get("correlation_id") if isinstance(event, dict) else None
            with invocation(context), line(work, thread) as out:
                command = read_model(model, event, "step_input_unreadable")
                try:
                    return as_answer(step(command, ports()))
                except Duplicate as repeat:
                    if repeat.result is None:
                        raise
                    out.fault(repeat)
                    return dict(repeat.result)

        return Handler(step, run)

    return decorate


def as_answer(result: object) -> Any:
    """JSON-ready: a model as its fields, anything else as it is."""
    return result.model_dump(mode="json") if isinstance(result, BaseModel) else result
