"""Runs on a schedule: no input that matters, the ports alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from shared.runtime.handler import Handler, Wired, work_name
from shared.runtime.log import invocation, line
from shared.runtime.process_step import as_answer

P = TypeVar("P")
R = TypeVar("R")


def scheduled(*, wire: Callable[[], P]) -> Callable[[Callable[[P], R]], Handler[Callable[[P], R]]]:
    """What the step answers is logged as the run's facts, so it holds counts and ids only."""

    def decorate(step: Callable[[P], R]) -> Handler[Callable[[P], R]]:
        ports, work = Wired(wire), work_name(step)

        def run(event: Any, context: Any) -> Any:
            with invocation(context), line(work, None) as out:
                answer = as_answer(step(ports()))
                out.facts["answer"] = answer
                return answer

        return Handler(step, run)

    return decorate
