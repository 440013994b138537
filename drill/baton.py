"""Several pieces of work under way, one at a time: each has a thread, and only the one that holds the baton runs.

So the order in which they take turns is the seed's alone, never the machine's.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread, current_thread

Paused = Event
"""Set when its work may go on."""


class Baton:
    """Whoever hands out work waits while work runs; work that pauses waits until it is resumed."""

    def __init__(self) -> None:
        self._back = Event()
        self._broken: BaseException | None = None
        self._workers: set[Thread] = set()

    @property
    def held(self) -> bool:
        """Whether who asks is work: work may pause, who hands it out may not."""
        return current_thread() in self._workers

    def run(self, act: Callable[[], None]) -> None:
        """Until it ends or pauses. Raises what it raised."""

        def work() -> None:
            try:
                act()
            except BaseException as broken:  # handed on to who waits for the baton
                self._broken = broken
            self._workers.discard(worker)
            self._back.set()

        worker = Thread(target=work, daemon=True)
        self._workers.add(worker)
        self._until_back(worker.start)

    def resume(self, paused: Paused) -> None:
        self._until_back(paused.set)

    def pause(self, paused: Paused) -> None:
        """Called by work; returns when it is its turn again."""
        self._back.set()
        paused.wait()

    def _until_back(self, start: Callable[[], None]) -> None:
        self._back.clear()
        start()
        self._back.wait()
        if self._broken:
            broken, self._broken = self._broken, None
            raise broken
