"""What the platform has in hand: a piece of work, a message on its way, the time that passes meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drill.world import World

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Work:
    """What runs now. place: names it. began_s: when. turns: how often each call was made in it. dead: its process died;
    what it still tries on its way out, such as giving something back, does not happen.
    """

    place: str
    attempt: int
    began_s: float
    turns: dict[str, int] = field(default_factory=dict)
    dead: bool = False


@dataclass
class Delivery:
    queue: str
    body: str
    name: str
    receives: int = 1


class Elapsed:
    """The clock of the machines, by which what a dead worker held comes free; the business's clock stands still meanwhile."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __deepcopy__(self, _: dict[int, object]) -> Elapsed:
        """A dry copy of the rows keeps the time of this world."""
        return self

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self._world.now_s)


def name_of(body: str) -> str:
    """The event's id, or the command's execution."""
    told = json.loads(body)
    return str(told["detail"]["id"]) if "detail" in told else f"{told['command']}/{told['execution']}"


def dead_of(queue: str) -> str:
    """Where its dead letters lie."""
    return f"{queue}-dlq"
