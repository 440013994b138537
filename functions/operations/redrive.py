"""`billweave redrive`: dead letters go back to their queue, once what stopped them is repaired. Sagas still wait for theirs."""

from __future__ import annotations

from pydantic import BaseModel, Field

from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts


class Redrive(BaseModel):
    """queue: its name in the deployment ("netsuite-posting"). dry_run: only tells how many wait."""

    queue: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    most: int = Field(default=500, ge=1, le=5000)
    dry_run: bool = False


@process_step(Redrive, wire=AwsPorts.from_env)
def handler(command: Redrive, ports: Ports) -> dict[str, int | str]:
    """waiting: about how many are left. Raises BusinessException("queue_unknown")."""
    moved = 0 if command.dry_run else ports.dead_letters.give_back(command.queue, command.most)
    if moved:
        ports.counts.add("redriven", moved, queue=command.queue)
    return {"queue": command.queue, "redriven": moved, "waiting": ports.dead_letters.waiting(command.queue)}
