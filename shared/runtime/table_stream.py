"""Reads the table's stream. It answers nothing: a partial batch answer would lose records on the sandbox's emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from shared.runtime.handler import Handler, Wired, work_name
from shared.runtime.log import invocation, line
from shared.runtime.process_step import as_answer

P = TypeVar("P")
R = TypeVar("R")
Records = Sequence[Mapping[str, Any]]


def table_stream(*, wire: Callable[[], P]) -> Callable[[Callable[[Records, P], R]], Handler[Callable[[Records, P], R]]]:
    """The step settles each record by itself and raises only where the whole batch must come again. What it answers is
    logged: counts only."""

    def decorate(step: Callable[[Records, P], R]) -> Handler[Callable[[Records, P], R]]:
        ports, work = Wired(wire), work_name(step)

        def run(event: Any, context: Any) -> None:
            records = event["Records"]
            with invocation(context), line(work, None, records=len(records)) as out:
                out.facts["answer"] = as_answer(step(records, ports()))

        return Handler(step, run)

    return decorate
