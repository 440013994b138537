"""`billweave dlq redrive`: dead letters go back to their queue, once what stopped them is repaired. Sagas still wait for
theirs."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from functions.operations.dead_letters import QUEUE, act_of, close_unreadable, with_letter
from functions.operations.letter_route import BUS, place_of, route_of
from functions.operations.letters import text_of
from shared.domain.dead_letter import DeadLetter
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts

TOLD = 100
"""Letters that the answer names; the rest are counted."""


class Redrive(Input):
    """queue: its name in the deployment ("netsuite-posting") or a place's ("quarantine"). letter_id: this one alone.

    dry_run: says of each what would happen, and moves nothing.
    """

    queue: str = Field(pattern=QUEUE)
    letter_id: str | None = None
    most: int = Field(default=500, ge=1, le=5000)
    dry_run: bool = False
    by: str = Field(default="operator", min_length=1)
    reason: str = "repaired"


@process_step(Redrive, wire=AwsPorts.from_env)
def handler(command: Redrive, ports: Ports) -> dict[str, Any]:
    """waiting: about how many are left. Raises BusinessException("queue_unknown" | "letter_unknown")."""
    told: list[dict[str, str | None]] = []

    def one(letter: DeadLetter) -> bool:
        route = route_of(letter, command.by, ports)
        told.append({"letter_id": letter.letter_id, "to": route.to, "effect": route.effect})
        if route.to is None or command.dry_run:
            return False
        send(letter, route.to, command, ports)
        return True

    place = place_of(command.queue)
    if command.letter_id:
        with_letter(command.letter_id, command.queue, ports, one)
    else:
        ports.dead_letters.walk(place, command.most, one)
    moved = 0 if command.dry_run else sum(each["to"] is not None for each in told)
    if moved:
        ports.counts.add("redriven", moved, queue=command.queue)
    waiting = ports.dead_letters.waiting(place)
    return {"queue": command.queue, "redriven": moved, "waiting": waiting, "letters": told[:TOLD]}


def send(letter: DeadLetter, to: str, command: Redrive, ports: Ports) -> None:
    """In the log before it goes: nothing moves that nobody answers for. A crash in between is made good by a repeat."""
    ports.audit_log.append(act_of(letter, "redriven", command.by, command.reason, ports, to=to))
    close_unreadable(letter, command.by, ports)  # before it is read again: what is still unreadable is raised anew
    if to == BUS:
        ports.publisher.send_again(event_in(letter))
    else:
        ports.dead_letters.send(to, letter)


def event_in(letter: DeadLetter) -> str:
    """The envelope: of a parked event as it stands, of an undelivered one under `detail`."""
    told = json.loads(text_of(letter))
    return json.dumps(told["detail"]) if "detail" in told else text_of(letter)
