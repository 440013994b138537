"""A queue of our own plain JSON messages: polls, inbound payloads to fetch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.faults import BusinessException, Duplicate, Throttled
from shared.runtime.batch import EVENTS, UNASKED, Failures, Message, count, settle_all
from shared.runtime.handler import Handler, Wired, work_name
from shared.runtime.log import invocation, line
from shared.runtime.needs import QueuePorts
from shared.runtime.reading import read_model, read_object
from shared.runtime.refusal import open_refusal

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P", bound=QueuePorts)
R = TypeVar("R")


def queue_worker(
    model: type[M], *, wire: Callable[[], P], repeats: bool = False
) -> Callable[[Callable[[M, P], R]], Handler[Callable[[M, P], R]]]:
    """As event_consumer, for messages that are no events. What the worker answers is logged: counts and ids only.

    repeats: a clock sends the same message again, so that one whose vendor must not be asked now is done with.
    A refusal's exception is about the queue, and so one record however often the same poll is refused.
    """

    def decorate(step: Callable[[M, P], R]) -> Handler[Callable[[M, P], R]]:
        wired, work = Wired(wire), work_name(step)

        def run(event: Any, context: Any) -> Failures:
            ports = wired()
            with invocation(context):
                return settle_all(
                    event, lambda message: work_one(message, model, step, ports, work, repeats), ports, EVENTS
                )

        return Handler(step, run)

    return decorate


def work_one(
    message: Message, model: type[M], step: Callable[[M, P], R], ports: P, work: str, repeats: bool = False
) -> None:
    task = read_model(model, read_object(message.body, "message_unreadable"), "message_unreadable")
    thread = str(getattr(task, "correlation_id", None) or message.message_id)
    with line(work, thread, message_id=message.message_id) as out:
        try:
            answer = step(task, ports)
            if answer is not None:
                out.facts["answer"] = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer
        except Throttled as shut:
            if not (repeats and shut.code in UNASKED):
                raise
            out.fault(shut)
        except Duplicate as repeat:
            out.fault(repeat)
            count(ports, "duplicates_received", consumer=work)
        except BusinessException as refusal:
            out.fault(refusal)
            open_refusal(ports, refusal, work=work, subject=message.queue, correlation_id=thread)
