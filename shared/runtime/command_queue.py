"""A lane of commands to one vendor: sagas wait with a task token, one message at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from events.commands import Command, CommandMessage, Result
from shared.adapters.correlation import for_entity
from shared.faults import BusinessException, Duplicate, Fault, Poison
from shared.runtime.batch import COMMANDS, Failures, Message, count, settle_all
from shared.runtime.handler import Handler, Wired
from shared.runtime.log import invocation, line, logger
from shared.runtime.needs import CommandPorts
from shared.runtime.owned import check_told
from shared.runtime.reading import read_model, read_object

P = TypeVar("P", bound=CommandPorts)
Execute = Callable[[Any, P], Result | None]
"""From one command class to its result; the classes are the keys of the mapping it stands in."""


def command_queue(
    commands: Mapping[type[Command], Execute[P]], *, lane: str, wire: Callable[[], P]
) -> Handler[Execute[P]]:
    """The handler of one lane; `handler.step(command, ports)` executes one command.

    A result, or a Duplicate with the first result, answers the saga. A BusinessException fails its task under that
    name. Transient and Throttled put the message off and the saga goes on waiting, past the DLQ too; one whose vendor
    must not be asked now is sent anew. Poison fails the task and keeps the raw body.
    """
    executes = {model.__name__: (model, execute) for model, execute in commands.items()}
    wired = Wired(wire)

    def step(command: Command, ports: P) -> Result | None:
        return executes[type(command).__name__][1](command, ports)

    def run(event: Any, context: Any) -> Failures:
        ports = wired()
        with invocation(context):
            return settle_all(event, lambda message: execute_one(message, executes, lane, ports), ports, COMMANDS)

    step.__name__ = lane
    return Handler(step, run)


def execute_one(
    message: Message, executes: Mapping[str, tuple[type[Command], Execute[P]]], lane: str, ports: P
) -> None:
    raw = read_object(message.body, "command_unreadable")
    order = read_model(CommandMessage, raw, "command_unreadable")
    with line(order.command, order.correlation_id, lane=lane, execution=order.execution) as out, on_behalf_of(order):
        try:
            ports.tasks.succeed(order.task_token, answer_to(order, executes, message.queue, ports))
        except BusinessException as refusal:
            out.fault(refusal)
            fail(order, refusal, ports)
        except Poison as poison:
            fail(order, poison, ports)
            raise


@contextmanager
def on_behalf_of(order: CommandMessage) -> Iterator[None]:
    """Legal entities share a vendor's slots fairly, so a call says for which one it is."""
    bound = for_entity.set(str(order.payload.get("legal_entity_id") or ""))
    try:
        yield
    finally:
        for_entity.reset(bound)


def answer_to(
    order: CommandMessage, executes: Mapping[str, tuple[type[Command], Execute[P]]], queue: str, ports: P
) -> dict[str, Any]:
    """The result as JSON. A Duplicate that knows no first result has nothing to go on with: the saga takes it as {}."""
    if order.command not in executes:
        raise Poison("command_unknown", command=order.command)
    if ports.role:
        check_told(order.command, ports.role)
    model, execute = executes[order.command]
    try:
        command = read_model(model, order.payload, "command_unreadable")
        with turn_at(f"{queue} {command.subject}", ports):
            result = execute(command, ports)
        return result.model_dump(mode="json") if result else {}
    except Duplicate as repeat:
        count(ports, "duplicates_received", consumer=order.command)
        return dict(repeat.result or {})


@contextmanager
def turn_at(subject: str, ports: CommandPorts) -> Iterator[None]:
    """Two deliveries at the very same time would both look for the record in vain; a vendor without a key makes both.

    What is left of a turn that could not be given back ends by itself.
    """
    ticket = ports.turns.take(subject)
    try:
        yield
    finally:
        try:
            ports.turns.give_back(subject, ticket)
        except Fault as fault:
            logger().warning("turn not given back", extra={"code": fault.code, "subject": subject})


def fail(order: CommandMessage, fault: Fault, ports: CommandPorts) -> None:
    cause = json.dumps({"code": fault.code, "facts": fault.facts})
    ports.tasks.fail(order.task_token, type(fault).__name__, cause)
