"""What a connector must offer to be held to the promises (test_promises.py): a small world on its simulator.

A new connector adds one such world and its fixture; the promises stay as they are.
"""

from __future__ import annotations

from typing import Any, Protocol


class World(Protocol):
    """One connector on its simulator, the shared ports in memory.

    events_each: events that one thing of the feed makes. ports: the connector's ports, for pages of two rows. secrets: texts that may never be logged.
    """

    system: str
    events_each: int
    ports: Any
    secrets: tuple[str, ...]

    def happen(self, count: int) -> None:
        """So many things happen at the vendor; each makes `events_each` events of the feed."""
        ...

    def pull(self) -> int | None:
        """One page of the feed; in how many seconds there is more, None if there is none."""
        ...

    def command(self) -> Any:
        """Executes the same write command each time it is called; its result."""
        ...

    def made(self) -> int:
        """How many things of the command's kind stand at the vendor."""
        ...

    def plant(self, side: str, action: str, **fault: Any) -> None:
        """A fault on the next call of one side: "feed", or "write" (the command's own write)."""
        ...
